// What a call takes from its range and gives back, and how it ends: stops, time, tasks inside of tasks.
#include <atomic>
#include <chrono>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <mutex>
#include <ranges>
#include <regex>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <jl/error.hpp>
#include <jl/parallel.hpp>

#include "parallel/support/lazy.hpp"
#include "parallel/support/needs_backend.hpp"

namespace jl::test {
namespace {

using namespace std::chrono_literals;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;

const auto length = [](std::string text) { return text.size(); };

// A view, without those of <ranges>, which clang 14 does not take from libstdc++ 12.
template <class Iterator>
struct Between : std::ranges::view_base {
    Iterator first = {}, last = {};
    Between(Iterator begin, Iterator end) : first(begin), last(end) {}
    Iterator begin() const { return first; }
    Iterator end() const { return last; }
};

TEST(ParallelCall, AViewLeavesTheElementsToTheirContainer) {
    JL_NEEDS_BACKEND("threading");
    std::vector<std::string> texts(4, "a text that is longer than those kept in place");
    EXPECT_THAT(Parallel({.n_jobs = 2, .backend = "threading"}).map(std::span(texts), length), Each(46U));
    EXPECT_THAT(Parallel({.n_jobs = 2, .backend = "threading"}).map(Between(texts.begin(), texts.begin() + 2), length),
                ElementsAre(46U, 46U));
    EXPECT_THAT(texts, Each("a text that is longer than those kept in place"));
}

// Their elements lie inside of the iterator and change with it.
TEST(ParallelCall, ElementsOfAnIteratorAreCopied) {
    JL_NEEDS_BACKEND("threading");
    const std::string text = "one two three four";
    const std::regex word("[a-z]+");
    Between words(std::sregex_iterator(text.begin(), text.end(), word), std::sregex_iterator());
    const auto of_match = [](const std::smatch& match) { return match.str(); };
    EXPECT_THAT(Parallel({.n_jobs = 2, .backend = "threading", .batch_size = 4}).map(words, of_match),
                ElementsAre("one", "two", "three", "four"));
}

// A range whose next element comes when the one before is done: a queue, a line of input.
TEST(ParallelCall, ATaskDoesNotWaitForTheNextOneToBeMade) {
    JL_NEEDS_BACKEND("threading");
    std::atomic<int> done = 0;
    const auto tasks = lazy(5, [&](int i) {
        for (int tries = 0; done < i && tries < 5'000; ++tries) std::this_thread::sleep_for(1ms);
        return delayed([&](int x) { return ++done, x; })(done < i ? -1 : i);
    });
    for (const int n_jobs : {1, 2}) {
        done = 0;
        EXPECT_THAT(Parallel({.n_jobs = n_jobs, .batch_size = 1})(tasks), ElementsAre(0, 1, 2, 3, 4)) << n_jobs;
    }
}

TEST(ParallelCall, ArgumentsGoWhenTheirTaskHasRun) {
    std::vector<std::weak_ptr<int>> arguments;
    const auto tasks = lazy(3, [&](int i) {
        auto argument = std::make_shared<int>(i);
        arguments.push_back(argument);
        return delayed([](const std::shared_ptr<int>& x) { return *x; })(std::move(argument));
    });
    auto stream = Parallel({.n_jobs = 1, .pre_dispatch = "all"}).stream(tasks);
    EXPECT_EQ(*stream.begin(), 0);
    ASSERT_EQ(arguments.size(), 3U);
    for (const std::weak_ptr<int>& argument : arguments) EXPECT_TRUE(argument.expired());
}

TEST(ParallelCall, WithOneJobTakesNoMoreThanIsReadSoon) {
    int most = 0, read = 0;
    const auto tasks = lazy(20'000, [&](int i) {
        most = std::max(most, i - read);
        return delayed([](int x) { return x; })(i);
    });
    for ([[maybe_unused]] const int x : Parallel({.n_jobs = 1}).stream(tasks)) ++read;
    EXPECT_LE(most, 3);
    Parallel{{.n_jobs = 1}}(lazy(20'000, [&](int i) { return delayed([&most](int x) { most = x; })(i); }));
    EXPECT_EQ(most, 19'999);
}

TEST(ParallelCall, ATaskMayStopTheCallFromInsideOfItsOwnStop) {
    JL_NEEDS_BACKEND("threading");
    std::stop_source outer;
    std::atomic<bool> waits = false;
    const auto task = [&](std::stop_token stop, int x) {
        const std::stop_callback again(stop, [&] { outer.request_stop(); });
        while (x == 0 && !waits) std::this_thread::sleep_for(1ms);
        if (x == 0) throw std::runtime_error("enough");
        waits = true;
        while (!stop.stop_requested()) std::this_thread::sleep_for(1ms);
        return x;
    };
    try {
        Parallel({.n_jobs = 2, .backend = "threading", .stop = outer.get_token()}).map(up_to(2), task);
        FAIL() << "no error";
    } catch (const TaskError& error) {
        EXPECT_STREQ(error.what(), "task 0: std::runtime_error: enough");
    }
    EXPECT_TRUE(outer.stop_requested());
}

TEST(ParallelCall, WhatATaskThrowsWhenItIsStoppedIsNotTheReason) {
    JL_NEEDS_BACKEND("threading");
    std::atomic<bool> waits = false;
    const auto task = [&](std::stop_token stop, int x) {
        if (x == 1) {
            while (!waits) std::this_thread::sleep_for(1ms);
            throw std::runtime_error("the first");
        }
        waits = true;
        while (!stop.stop_requested()) std::this_thread::sleep_for(1ms);
        throw std::runtime_error("told to stop");
    };
    try {
        Parallel({.n_jobs = 2, .backend = "threading"}).map(up_to(2), [&](std::stop_token s, int x) { task(s, x); });
        FAIL() << "no error";
    } catch (const TaskError& error) {
        EXPECT_STREQ(error.what(), "task 1: std::runtime_error: the first");
    }
}

TEST(ParallelCall, CallsInsideOfTasksHaveThreadsOfTheirOwnForTheirTime) {
    JL_NEEDS_BACKEND("threading");
    const auto inner = [](int n) {
        const auto results = Parallel({.n_jobs = 2, .backend = "threading", .timeout = 20s}).map(up_to(n), [](int x) {
            std::this_thread::sleep_for(1ms);
            return x;
        });
        return results.size();
    };
    EXPECT_THAT(Parallel({.n_jobs = 2, .backend = "threading", .timeout = 60s}).map(std::vector{5, 6, 7, 8}, inner),
                ElementsAre(5U, 6U, 7U, 8U));
}

TEST(ParallelCall, AStreamMayBeDroppedInsideOfATask) {
    JL_NEEDS_BACKEND("threading");
    const auto first_of = [](int n) {
        const auto tasks = lazy(n, [](int i) { return delayed([](int x) { return x; })(i); });
        for (const int x : Parallel({.n_jobs = 2, .backend = "threading", .batch_size = 1}).stream(tasks)) return x;
        return -1;
    };
    EXPECT_THAT(Parallel({.n_jobs = 2, .backend = "threading"}).map(std::vector<int>(40, 9), first_of), Each(0));
}

TEST(ParallelCall, ACallInsideOfATaskHearsOfItsStop) {
    JL_NEEDS_BACKEND("threading");
    std::atomic<int> begun = 0;
    const auto outer = [&](int x) {
        if (x == 1) {
            while (begun == 0) std::this_thread::sleep_for(1ms);
            throw std::runtime_error("enough");
        }
        Parallel{{.n_jobs = 2, .backend = "threading", .batch_size = 1}}.map(up_to(10'000), [&](int) {
            ++begun;
            std::this_thread::sleep_for(1ms);
        });
    };
    EXPECT_THROW((Parallel({.n_jobs = 2, .backend = "threading"}).map(up_to(2), outer)), TaskError);
    EXPECT_LT(begun, 5'000);
}

TEST(ParallelCall, AStopBehindTheLastTaskTakesNothingAway) {
    std::stop_source stop;
    const auto results = Parallel({.n_jobs = 1, .stop = stop.get_token()}).map(up_to(3), [&](int x) {
        if (x == 2) stop.request_stop();
        return x;
    });
    EXPECT_THAT(results, ElementsAre(0, 1, 2));
}

TEST(ParallelCall, SlowTasksBehindQuickOnesAreShared) {
    JL_NEEDS_BACKEND("threading");
    std::mutex mutex;
    std::set<std::thread::id> threads;
    const auto tasks = lazy(60'000, [&](int i) {
        return delayed([&](int x) {
            if (x < 59'900) return x;
            std::this_thread::sleep_for(2ms);
            const std::lock_guard lock(mutex);
            threads.insert(std::this_thread::get_id());
            return x;
        })(i);
    });
    const auto results = Parallel({.n_jobs = 4, .backend = "threading"})(tasks);
    EXPECT_EQ(results, up_to(60'000));
    EXPECT_GE(threads.size(), 3U);
}

TEST(ParallelCall, MoreJobsThanThreadsCanBeStartedAreServed) {
    JL_NEEDS_BACKEND("threading");
    EXPECT_THAT(Parallel({.n_jobs = 2'000'000'000, .backend = "threading", .pre_dispatch = "all"})
                    .map(up_to(3), [](int x) { return x; }),
                ElementsAre(0, 1, 2));
}

// Who reads a stream would hold back others' results by a task of its own; it takes one where nobody else is at work.
TEST(ParallelCall, AStreamsReaderLeavesTasksToTheWorkers) {
    JL_NEEDS_BACKEND("threading");
    const auto reader = std::this_thread::get_id();
    const auto tasks = lazy(200, [&](int) {
        return delayed([&] {
            std::this_thread::sleep_for(1ms);
            return std::this_thread::get_id() == reader;
        })();
    });
    int by_reader = 0;
    for (const bool mine :
         Parallel({.n_jobs = 2, .backend = "threading", .pre_dispatch = "all", .batch_size = 1}).stream(tasks))
        by_reader += mine ? 1 : 0;
    EXPECT_LT(by_reader, 50);
}

TEST(ParallelCall, AStreamHasNoValueBehindAnError) {
    const auto tasks =
        lazy(3, [](int i) { return delayed([](int x) { return x == 1 ? throw std::runtime_error("no") : x; })(i); });
    auto stream = Parallel({.n_jobs = 1, .pre_dispatch = 1}).stream(tasks);
    auto at = stream.begin();
    EXPECT_EQ(*at, 0);
    EXPECT_THROW(++at, TaskError);
    EXPECT_TRUE(at == stream.end());
}

TEST(ParallelCall, ProgressEndsWithAnErrorToo) {
    JL_NEEDS_BACKEND("threading");
    bool finished = false;
    ParallelOptions how{.n_jobs = 2, .backend = "threading", .progress = [&](const ParallelProgress& progress) {
                            finished = progress.finished;
                        }};
    EXPECT_THROW(Parallel{how}.map(up_to(3), [](int x) { return x == 1 ? throw std::runtime_error("no") : x; }),
                 TaskError);
    EXPECT_TRUE(finished);
}

TEST(ParallelCall, ATimeThatNeverComesIsNone) {
    JL_NEEDS_BACKEND("threading");
    EXPECT_THAT(Parallel({.n_jobs = 2, .backend = "threading", .timeout = std::chrono::hours::max()})
                    .map(up_to(3), [](int x) { return x; }),
                ElementsAre(0, 1, 2));
}

TEST(ParallelCall, OutcomesAreThereAfterATimeout) {
    JL_NEEDS_BACKEND("threading");
    const auto tasks = lazy(50, [](int i) {
        return delayed([](std::stop_token stop, int x) {
            while (x == 3 && !stop.stop_requested()) std::this_thread::sleep_for(1ms);
            return x;
        })(i);
    });
    const auto outcomes =
        Parallel({.n_jobs = 2, .backend = "threading", .timeout = 1s, .pre_dispatch = 2, .batch_size = 1})
            .outcomes(tasks);
    ASSERT_EQ(outcomes.size(), 50U);
    for (int i = 0; i <= 3; ++i) EXPECT_EQ(*outcomes[static_cast<std::size_t>(i)], i);
    for (const auto& outcome : outcomes) EXPECT_TRUE(outcome || outcome.error().end() == TaskEnd::cancelled);
}

TEST(ParallelCall, AFunctionOfAnyArgumentsIsNotHandedAStopToken) {
    const auto count = [](auto... arguments) { return sizeof...(arguments); };
    EXPECT_THAT(Parallel().map(up_to(2), count), ElementsAre(1U, 1U));
    const auto tasks = lazy(1, [&](int i) { return delayed(count)(i, i); });
    EXPECT_THAT(Parallel()(tasks), ElementsAre(2U));
}

TEST(ParallelCall, ScopesGiveWhatACallLeavesOpen) {
    JL_NEEDS_BACKEND("threading");
    std::vector<std::string> lines;
    const auto scope = parallel_config(
        {.n_jobs = 2, .backend = "threading", .verbose = 50, .batch_size = 2, .log = [&](std::string_view line) {
             lines.emplace_back(line);
         }});
    Parallel{}.map(up_to(2), [](int) {});
    ASSERT_FALSE(lines.empty());
    EXPECT_THAT(lines.back(), HasSubstr("[Parallel(n_jobs=2)]: Done 2 out of 2 |"));
    const auto deep = parallel_config({.require = Require::sharedmem});
    EXPECT_THROW((Parallel({.prefer = Prefer::processes}).map(up_to(2), [](int) {})), Error);
}

}  // namespace
}  // namespace jl::test
