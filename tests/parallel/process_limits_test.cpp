// Worker processes at their limits: results of a gigabyte, memory that runs out, time that runs out.
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stop_token>
#include <string>
#include <sys/resource.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include <jl/parallel.hpp>

#include "parallel/support/lazy.hpp"
#include "parallel/worker.hpp"
#include "support/child_process.hpp"
#include "support/error.hpp"
#include "support/peak_memory.hpp"

namespace jl::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

using namespace std::chrono_literals;

const ParallelOptions processes{.n_jobs = 2, .backend = "loky", .batch_size = 1};

void expect_that_the_pool_works() {
    EXPECT_THAT(Parallel(processes).map(up_to(3), [](int x) { return x; }), ElementsAre(0, 1, 2));
}

std::vector<double> of_megabytes(int megabytes) {
    return std::vector<double>(static_cast<std::size_t>(megabytes) << 17, 0.5);
}

TEST(ProcessLimits, AreNotReachedByAResultOfAGigabyte) {
    if (instrumented) return;  // sanitizers take several times as much
    const auto results = Parallel(processes).map(std::vector{1024, 0, 1}, of_megabytes);
    ASSERT_EQ(results.size(), 3U);
    EXPECT_EQ(results[0].size(), std::size_t{1024} << 17);
    EXPECT_EQ(results[0].front(), 0.5);
    EXPECT_EQ(results[0].back(), 0.5);
    EXPECT_EQ(results[2].size(), std::size_t{1} << 17);
    expect_that_the_pool_works();
}

// Lets the process have a gigabyte of addresses, which it has already, until the end of the block.
class NoMoreMemory {
  public:
    NoMoreMemory() {
        ::getrlimit(RLIMIT_AS, &before_);
        const rlimit little{rlim_t{1} << 30, before_.rlim_max};
        ::setrlimit(RLIMIT_AS, &little);
    }
    NoMoreMemory(const NoMoreMemory&) = delete;
    NoMoreMemory& operator=(const NoMoreMemory&) = delete;
    ~NoMoreMemory() { ::setrlimit(RLIMIT_AS, &before_); }

  private:
    rlimit before_{};
};

int takes_all_memory(int how) {
    if (how == 0) return 0;
    const NoMoreMemory from_here_on;
    if (how == 1) return static_cast<int>(of_megabytes(2048).size());
    return []() noexcept { return static_cast<int>(of_megabytes(2048).size()); }();
}

TEST(ProcessLimits, OfMemoryAreThatTasksErrorWhereItIsTold) {
    if (instrumented) return;  // sanitizers end the program where memory is refused
    const auto outcomes = Parallel(processes).outcomes(
        std::vector{delayed(takes_all_memory)(0), delayed(takes_all_memory)(1), delayed(takes_all_memory)(0)});
    EXPECT_EQ(*outcomes.at(0), 0);
    EXPECT_EQ(*outcomes.at(2), 0);
    ASSERT_FALSE(outcomes[1].has_value());
    EXPECT_EQ(outcomes[1].error().end(), TaskEnd::exception);
    EXPECT_THAT(outcomes[1].error().what(), HasSubstr("task 1: std::bad_alloc"));
    expect_that_the_pool_works();
}

TEST(ProcessLimits, OfMemoryAreThatTasksEndWhereNobodyCatchesThem) {
    if (instrumented) return;  // sanitizers end the program where memory is refused
    const auto outcomes = Parallel(processes).outcomes(
        std::vector{delayed(takes_all_memory)(0), delayed(takes_all_memory)(2), delayed(takes_all_memory)(0)});
    EXPECT_EQ(*outcomes.at(0), 0);
    EXPECT_EQ(*outcomes.at(2), 0);
    ASSERT_FALSE(outcomes[1].has_value());
    EXPECT_EQ(outcomes[1].error().end(), TaskEnd::worker_lost);
    EXPECT_THAT(outcomes[1].error().what(), HasSubstr("was killed by signal 6 (Aborted)"));
    expect_that_the_pool_works();
}

int sleeps(int milliseconds) {
    std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
    return milliseconds;
}

TEST(ProcessLimits, OfTimeAreTheOutcomeOfTheTasksThatRan) {
    ParallelOptions options = processes;
    options.timeout = 2s;
    options.batch_size = 2;
    options.pre_dispatch = "all";
    // One job of two tasks for each worker, and one behind them.
    const auto outcomes =
        Parallel(options).outcomes(lazy(6, [](int i) { return delayed(sleeps)(i == 1 || i == 2 ? 100'000 : 1); }));
    ASSERT_EQ(outcomes.size(), 6U);
    EXPECT_EQ(*outcomes[0], 1);
    for (const std::size_t ran : {1U, 2U}) {
        ASSERT_FALSE(outcomes[ran].has_value());
        EXPECT_EQ(outcomes[ran].error().end(), TaskEnd::timeout);
        EXPECT_EQ(outcomes[ran].error().what(), "task " + std::to_string(ran) + ": no result within 2 s");
    }
    for (const std::size_t never_began : {3U, 4U, 5U}) {
        ASSERT_FALSE(outcomes[never_began].has_value());
        EXPECT_EQ(outcomes[never_began].error().end(), TaskEnd::cancelled);
    }
    expect_that_the_pool_works();
}

TEST(ProcessLimits, OfTimeAreNoneForTasksThatAStopEnds) {
    ParallelOptions options = processes;
    std::stop_source stop;
    options.timeout = 60s;
    options.stop = stop.get_token();
    std::jthread soon([&] {
        std::this_thread::sleep_for(500ms);
        stop.request_stop();
    });
    const auto outcomes = Parallel(options).outcomes(std::vector(2, delayed(sleeps)(100'000)));
    for (const auto& outcome : outcomes) {
        ASSERT_FALSE(outcome.has_value());
        EXPECT_EQ(outcome.error().end(), TaskEnd::cancelled);
    }
    expect_that_the_pool_works();
}

TEST(ProcessLimits, OfTimeWithoutWorkEndAWorkerByItself) {
    int ends[2];
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    const pid_t worker = start_process([&] {
        ::close(ends[0]);
        ::setenv(WorkerOrders::variable, WorkerOrders{.socket = ends[1], .idle_seconds = 1}.text().c_str(), 1);
        ::alarm(100);
        return ::execl("/proc/self/exe", "worker", nullptr);
    });
    ::close(ends[1]);
    EXPECT_EQ(wait_for(worker), 0);
    std::array<std::byte, 4> hello{};
    EXPECT_EQ(::read(ends[0], hello.data(), hello.size()), 4) << "it was none";
    ::close(ends[0]);
}

TEST(ProcessLimits, OfATaskEndThatTaskAlone) {
    for (const std::size_t batch : {1U, 4U}) {
        ParallelOptions options = processes;
        options.task_timeout = 1s, options.batch_size = batch;
        const auto outcomes =
            Parallel(options).outcomes(lazy(6, [](int i) { return delayed(sleeps)(i == 1 || i == 3 ? 60'000 : 0); }));
        ASSERT_EQ(outcomes.size(), 6U);
        for (const std::size_t i : {0U, 2U, 4U, 5U}) EXPECT_EQ(*outcomes[i], 0) << i << " in batches of " << batch;
        for (const std::size_t i : {1U, 3U}) {
            ASSERT_FALSE(outcomes[i]) << batch;
            EXPECT_EQ(outcomes[i].error().end(), TaskEnd::timeout);
            EXPECT_EQ(outcomes[i].error().what(), "task " + std::to_string(i) + ": not done within 1 s");
        }
        expect_that_the_pool_works();
    }
}

TEST(ProcessLimits, OfATaskEndACallThatWantsAllResults) {
    ParallelOptions options = processes;
    options.task_timeout = 300ms;
    const auto call = [&] { Parallel(options).map(std::vector{0, 60'000, 60'000}, sleeps); };
    EXPECT_THROW(call(), TaskError);
    options.n_jobs = 1;
    EXPECT_THROW(call(), TaskError);
    options.task_timeout = std::chrono::hours(1'000'000);
    EXPECT_THAT(Parallel(options).map(std::vector{0, 0}, sleeps), ElementsAre(0, 0));
    expect_that_the_pool_works();
}

TEST(ProcessLimits, OfATaskAreRefusedWhereNobodyCouldEndIt) {
    const auto refused = [](ParallelOptions options) {
        options.task_timeout = 1s;
        return std::string(error_of([&] { Parallel(options).map(std::vector{1, 2}, sleeps); }).what());
    };
    EXPECT_THAT(refused({.n_jobs = 2, .backend = "sequential"}), HasSubstr("SequentialBackend cannot end a task"));
    int captured = 0;
    const auto stays = [&captured](int x) { return x + captured; };
    EXPECT_THROW(Parallel({.n_jobs = 2, .task_timeout = 1s}).map(std::vector{1, 2}, stays), Error);
    EXPECT_STREQ(error_of([] { Parallel({.task_timeout = -1s}).map(std::vector{1}, sleeps); }).what(),
                 "task_timeout is -1 s: no time is negative, and 0 is none");
}

}  // namespace
}  // namespace jl::test
