#include <atomic>
#include <chrono>
#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <numeric>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

#include <jl/error.hpp>
#include <jl/parallel.hpp>

#include "parallel/support/lazy.hpp"
#include "parallel/support/needs_backend.hpp"
#include "support/error.hpp"

namespace jl::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

double root(int x) { return std::sqrt(x); }

auto squares(int count) {
    return lazy(count, [](int i) { return delayed(root)(i * i); });
}

std::vector<double> roots(int count) {
    const std::vector<int> numbers = up_to(count);
    return {numbers.begin(), numbers.end()};
}

class OnBackends : public testing::TestWithParam<const char*> {
  protected:
    void SetUp() override { JL_NEEDS_BACKEND(GetParam()); }
    ParallelOptions options(int n_jobs = 3) const { return {.n_jobs = n_jobs, .backend = GetParam()}; }
};
INSTANTIATE_TEST_SUITE_P(All, OnBackends, testing::Values("sequential", "threading"),
                         [](const auto& test) { return std::string(test.param); });

TEST_P(OnBackends, ResultsComeInTheOrderOfTheTasks) {
    for (const int count : {0, 1, 2, 7, 1000}) {
        EXPECT_EQ(Parallel{options()}(squares(count)), roots(count));
        std::vector<Delayed<double (*)(int), int>> tasks;
        for (int i = 0; i < count; ++i) tasks.push_back(delayed(root)(i * i));
        EXPECT_EQ(Parallel{options()}(tasks), roots(count));
        EXPECT_EQ(Parallel{options()}(std::move(tasks)), roots(count));
    }
}

TEST_P(OnBackends, EveryBatchSizeAndDispatchGivesTheSame) {
    for (const std::size_t batch : {1U, 3U, 64U})
        for (const char* dispatch : {"all", "1", "n_jobs", "2*n_jobs"}) {
            ParallelOptions how = options();
            how.batch_size = batch, how.pre_dispatch = dispatch;
            EXPECT_EQ(Parallel{how}(squares(200)), roots(200)) << batch << ' ' << dispatch;
        }
}

TEST_P(OnBackends, MapsAFunctionOverItems) {
    const std::vector<int> items{1, 4, 9};
    EXPECT_THAT(Parallel(options()).map(items, root), ElementsAre(1.0, 2.0, 3.0));
    EXPECT_THAT(Parallel(options()).map(std::vector{16}, [](int x) { return x + 1; }), ElementsAre(17));
}

TEST_P(OnBackends, ElementsThatStayAreNotCopied) {
    struct Counted {
        explicit Counted(int& count) : copies(&count) {}
        Counted(const Counted& other) : copies(other.copies) { ++*copies; }
        Counted(Counted&&) = default;
        int* copies;
    };
    int copies = 0;
    std::vector<Counted> items;
    for (int i = 0; i < 5; ++i) items.emplace_back(copies);
    copies = 0;
    Parallel(options()).map(items, [](const Counted&) { return 0; });
    EXPECT_EQ(copies, 0);
}

TEST_P(OnBackends, ArgumentsAndResultsMayBeMovedOnly) {
    std::vector<Delayed<int (*)(std::unique_ptr<int>), std::unique_ptr<int>>> tasks;
    for (int i = 0; i < 4; ++i)
        tasks.push_back(delayed(+[](std::unique_ptr<int> x) { return *x; })(std::make_unique<int>(i)));
    EXPECT_THAT(Parallel{options()}(std::move(tasks)), ElementsAre(0, 1, 2, 3));
    const auto made = Parallel(options()).map(std::vector{5, 6}, [](int x) { return std::make_unique<int>(x); });
    EXPECT_EQ(*made.at(1), 6);
}

TEST_P(OnBackends, TasksThatReturnNothingGiveNothing) {
    std::atomic<int> sum = 0;
    const auto add = [&](int x) { sum += x; };
    Parallel(options()).map(up_to(100), add);
    EXPECT_EQ(sum, 4950);
    static_assert(std::is_void_v<decltype(Parallel().map(std::vector{1}, add))>);
}

int odd_only(int x) {
    if (x % 2 == 0) throw std::runtime_error("even: " + std::to_string(x));
    return x;
}

TEST_P(OnBackends, AnErrorNamesItsTaskAndKeepsWhatWasThrown) {
    try {
        Parallel(options()).map(std::vector{1, 3, 4, 5, 7}, odd_only);
        FAIL() << "no error";
    } catch (const TaskError& error) {
        EXPECT_EQ(error.index(), 2U);
        EXPECT_EQ(error.end(), TaskEnd::exception);
        EXPECT_STREQ(error.what(), "task 2: std::runtime_error: even: 4");
        EXPECT_THROW(std::rethrow_exception(error.cause()), std::runtime_error);
    }
}

TEST_P(OnBackends, AfterAnErrorNoTaskBegins) {
    std::atomic<int> begun = 0;
    const auto fail_early = [&](int x) {
        ++begun;
        if (x == 3) throw std::runtime_error("three");
        std::this_thread::sleep_for(1ms);
    };
    EXPECT_THROW(Parallel(options(2)).map(up_to(10'000), fail_early), TaskError);
    const int then = begun;
    EXPECT_LT(then, 100);
    std::this_thread::sleep_for(5ms);
    EXPECT_EQ(begun, then);
}

TEST_P(OnBackends, OutcomesKeepTheOthersResults) {
    const auto outcomes = Parallel(options()).outcomes(lazy(5, delayed(odd_only)));
    ASSERT_EQ(outcomes.size(), 5U);
    for (std::uint64_t i = 0; i < 5; ++i) {
        EXPECT_EQ(outcomes[i].has_value(), i % 2 == 1);
        if (outcomes[i])
            EXPECT_EQ(*outcomes[i], static_cast<int>(i));
        else
            EXPECT_EQ(outcomes[i].error().index(), i);
    }
}

TEST_P(OnBackends, WhatTheRangeThrowsReachesTheCaller) {
    const auto tasks = lazy(100, [](int i) {
        if (i == 17) throw std::out_of_range("the list ends");
        return delayed(root)(i);
    });
    EXPECT_THROW(Parallel{options()}(tasks), std::out_of_range);
}

TEST_P(OnBackends, NestedCallsComeToAnEnd) {
    const auto inner = [this](int x) {
        const auto sums = Parallel(options(2)).map(std::vector{1, 2, 3}, [&](int y) {
            const auto deepest = Parallel(options(2)).map(std::vector{1, 2}, [&](int z) { return x * y * z; });
            return deepest[0] + deepest[1];
        });
        return std::accumulate(sums.begin(), sums.end(), 0);
    };
    const auto result = Parallel(options(2)).map(up_to(50), inner);
    for (int i = 0; i < 50; ++i) EXPECT_EQ(result[static_cast<std::size_t>(i)], i * 18);
}

TEST_P(OnBackends, AStreamGivesResultsAsTheyAreRead) {
    std::vector<double> seen;
    for (const double x : Parallel(options()).stream(squares(300))) seen.push_back(x);
    EXPECT_EQ(seen, roots(300));
    ParallelOptions how = options();
    how.return_as = ReturnAs::generator_unordered;
    std::set<double> unordered;
    for (const double x : Parallel{how}.stream(squares(300))) unordered.insert(x);
    EXPECT_EQ(unordered.size(), 300U);
}

TEST_P(OnBackends, AFunctionOverItemsHasOutcomesAndAStream) {
    const auto half = [](int x) { return x % 2 == 0 ? x / 2 : throw std::invalid_argument("odd"); };
    const auto outcomes = Parallel(options()).outcomes(std::vector{4, 5, 6}, half);
    ASSERT_EQ(outcomes.size(), 3U);
    EXPECT_EQ(*outcomes[0], 2);
    EXPECT_STREQ(outcomes[1].error().what(), "task 1: std::invalid_argument: odd");
    EXPECT_EQ(*outcomes[2], 3);
    std::vector<int> halves;
    for (const int x : Parallel(options()).stream(std::vector{4, 6, 8}, half)) halves.push_back(x);
    EXPECT_THAT(halves, ElementsAre(2, 3, 4));
}

TEST_P(OnBackends, AListIsNoGenerator) {
    ParallelOptions how = options();
    how.return_as = ReturnAs::generator;
    EXPECT_THROW(Parallel(how).map(up_to(3), [](int x) { return x; }), Error);
    int sum = 0;
    for (const int x : Parallel(how).stream(up_to(4), [](int y) { return y; })) sum += x;
    EXPECT_EQ(sum, 6);
}

TEST_P(OnBackends, AStreamDoesNotRunAheadOfItsReader) {
    std::atomic<int> taken = 0;
    const auto tasks = lazy(1'000'000, [&](int i) {
        ++taken;
        return delayed(root)(i);
    });
    ParallelOptions how = options(2);
    how.batch_size = 1, how.pre_dispatch = 4;
    auto results = Parallel{how}.stream(tasks);
    auto at = results.begin();
    for (int i = 0; i < 10; ++i, ++at) std::this_thread::sleep_for(1ms);
    EXPECT_LE(taken, 16);
}

TEST_P(OnBackends, AStreamThatIsDroppedGivesUpTheRest) {
    std::atomic<int> run = 0;
    {
        auto results =
            Parallel(options(2)).stream(lazy(1'000'000, [&](int) { return delayed([&run] { return ++run; })(); }));
        EXPECT_GE(*results.begin(), 1);
    }
    EXPECT_LT(run, 1'000'000);
}

TEST_P(OnBackends, AStopEndsTheCall) {
    std::stop_source stop;
    ParallelOptions how = options(2);
    how.stop = stop.get_token();
    try {
        Parallel{how}.map(up_to(1'000'000), [&](std::stop_token inner, int x) {
            if (x == 10) stop.request_stop();
            return x + static_cast<int>(inner.stop_requested());
        });
        FAIL() << "no error";
    } catch (const TaskError& error) {
        EXPECT_EQ(error.end(), TaskEnd::cancelled);
        EXPECT_THAT(error.what(), HasSubstr("a stop was requested"));
    }
}

TEST_P(OnBackends, ProgressCountsToTheEnd) {
    std::vector<std::uint64_t> done;
    ParallelOptions how = options();
    bool finished = false;
    how.progress = [&](const ParallelProgress& progress) {
        done.push_back(progress.done);
        finished = progress.finished;
    };
    Parallel{how}(squares(20));
    EXPECT_TRUE(std::is_sorted(done.begin(), done.end()));
    EXPECT_EQ(done.back(), 20U);
    EXPECT_TRUE(finished);
    how.progress = [](const ParallelProgress&) { throw std::runtime_error("enough"); };
    EXPECT_THROW(Parallel{how}(squares(20)), std::runtime_error);
}

TEST(Parallel, ThreadsRunAsManyTasksAsNJobsSays) {
    JL_NEEDS_BACKEND("threading");
    std::atomic<int> now = 0, most = 0;
    Parallel({.n_jobs = 4, .backend = "threading"}).map(up_to(40), [&](int) {
        const int running = ++now;
        for (int seen = most; running > seen && !most.compare_exchange_weak(seen, running);) {
        }
        std::this_thread::sleep_for(3ms);
        for (int i = 0; most < 4 && i < 10'000; ++i) std::this_thread::sleep_for(1ms);  // for threads that begin late
        --now;
    });
    EXPECT_EQ(most, 4);
}

TEST(Parallel, WaitsNoLongerThanTheTimeoutForAResult) {
    JL_NEEDS_BACKEND("threading");
    try {
        Parallel({.n_jobs = 2, .backend = "threading", .timeout = 1s}).map(up_to(4), [](std::stop_token stop, int x) {
            while (x == 2 && !stop.stop_requested()) std::this_thread::sleep_for(1ms);
        });
        FAIL() << "no error";
    } catch (const TaskError& error) {
        EXPECT_EQ(error.end(), TaskEnd::timeout);
        EXPECT_STREQ(error.what(), "task 2: no result within 1 s");
    }
}

TEST(Parallel, OneJobRunsOnTheCallersThread) {
    const auto here = std::this_thread::get_id();
    for (const auto id : Parallel().map(std::vector{1, 2}, [](int) { return std::this_thread::get_id(); }))
        EXPECT_EQ(id, here);
}

TEST(Parallel, ScopesGiveWhatACallLeavesOpen) {
    JL_NEEDS_BACKEND("threading");
    const auto threads_of = [](const ParallelOptions& options) {
        std::vector<std::string> lines;
        ParallelOptions how = options;
        how.log = [&](std::string_view line) { lines.emplace_back(line); };
        how.verbose = 50;
        Parallel{how}(squares(2));
        return lines.front();
    };
    EXPECT_THAT(threads_of({}), HasSubstr("[Parallel(n_jobs=1)]: Done"));
    {
        const auto outer = parallel_backend("threading", {.n_jobs = 2});
        EXPECT_THAT(threads_of({}), HasSubstr("Using backend ThreadingBackend with 2 concurrent workers."));
        EXPECT_THAT(threads_of({.n_jobs = 3}), HasSubstr("with 3 concurrent workers."));
        {
            const auto inner = parallel_config({.n_jobs = 4});
            EXPECT_THAT(threads_of({}), HasSubstr("ThreadingBackend with 4 concurrent workers."));
        }
        EXPECT_THAT(threads_of({}), HasSubstr("with 2 concurrent workers."));
        std::thread([&] { EXPECT_THAT(threads_of({}), HasSubstr("[Parallel(n_jobs=1)]")); }).join();
    }
    EXPECT_THAT(threads_of({}), HasSubstr("[Parallel(n_jobs=1)]"));
}

TEST(Parallel, RefusesOptionsThatMakeNoSense) {
    const auto message = [](const ParallelOptions& options) {
        const Error error = error_of([&] { Parallel{options}(squares(2)); });
        EXPECT_EQ(error.code(), ErrorCode::usage);
        return std::string(error.what());
    };
    EXPECT_EQ(message({.n_jobs = 0}), "n_jobs == 0 in Parallel has no meaning");
    EXPECT_THAT(message({.n_jobs = 2, .backend = "lokyx"}), HasSubstr("Invalid backend: lokyx, expected one of ['"));
    EXPECT_THAT(message({.n_jobs = 2, .backend = "lokyx"}), HasSubstr("'sequential', 'threading'"));
    EXPECT_EQ(message({.prefer = Prefer::processes, .require = Require::sharedmem}),
              "prefer == 'processes' and require == 'sharedmem' are inconsistent settings");
    for (const int size : {0, -1})
        EXPECT_EQ(error_of([&] { (void)BatchSize(size); }).what(),
                  "batch_size must be 'auto' or a positive integer, got: " + std::to_string(size));
    EXPECT_STREQ(error_of([] { (void)BatchSize("some"); }).what(),
                 "batch_size must be 'auto' or a positive integer, got: 'some'");
    EXPECT_EQ(Parallel({.batch_size = "auto"}).map(up_to(2), [](int x) { return x; }).size(), 2U);
    EXPECT_THAT(message({.pre_dispatch = "n_jobs +"}), HasSubstr("not a valid or supported arithmetic expression"));
    EXPECT_EQ(error_of([] { (void)parallel_backend("nosuch"); }).code(), ErrorCode::usage);
}

}  // namespace
}  // namespace jl::test
