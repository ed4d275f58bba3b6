// Worker processes that die, hang, print and grow: each task has its outcome, the others theirs, and the next call
// works. scripts/long runs these a thousand times; JL_TEST_ROUNDS tells how often one of them repeats itself.
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iostream>
#include <new>
#include <set>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

#include <jl/parallel.hpp>

#include "parallel/support/lazy.hpp"
#include "support/child_process.hpp"
#include "support/temp_dir.hpp"

namespace jl::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

using namespace std::chrono_literals;

const ParallelOptions processes{.n_jobs = 2, .backend = "loky", .batch_size = 4};

int same_name(int x) { return -x; }  // as in process_backend_test.cpp

int dies(int x, int which, int how) {
    if (x != which) return 2 * x;
    if (how == 0) std::abort();
    if (how == 1) std::exit(3);
    if (how == 2) ::_exit(0);
    if (how == 3) ::kill(::getpid(), SIGKILL);
    if (how == 4) throw 7;
    throw std::bad_alloc();
}

auto tasks_of(int count, int which, int how) {
    std::vector<decltype(delayed<&dies>(0, 0, 0))> tasks;
    for (int i = 0; i < count; ++i) tasks.push_back(delayed<&dies>(i, which, how));
    return tasks;
}

void expect_a_working_pool() {
    EXPECT_THAT(Parallel(processes).map(up_to(3), [](int x) { return x; }), ElementsAre(0, 1, 2));
}

// Every other task has its value.
std::string error_of_one(int how, TaskEnd end) {
    const auto outcomes = Parallel(processes).outcomes(tasks_of(10, 5, how));
    for (std::size_t i = 0; i < outcomes.size(); ++i)
        if (i != 5) {
            EXPECT_EQ(*outcomes[i], 2 * static_cast<int>(i));
        }
    expect_a_working_pool();
    if (outcomes.at(5).has_value()) return "no error";
    EXPECT_EQ(outcomes[5].error().end(), end);
    return outcomes[5].error().what();
}

TEST(ProcessFailures, OfATaskThatDiesAreThatTasksAlone) {
    EXPECT_THAT(error_of_one(0, TaskEnd::worker_lost), HasSubstr("was killed by signal 6 (Aborted)"));
    EXPECT_THAT(error_of_one(1, TaskEnd::worker_lost), HasSubstr("ended with status 3"));
    EXPECT_THAT(error_of_one(2, TaskEnd::worker_lost), HasSubstr("ended with status 0"));
    EXPECT_THAT(error_of_one(3, TaskEnd::worker_lost), HasSubstr("signal 9 (Killed), perhaps since memory ran out"));
}

TEST(ProcessFailures, OfATaskThatThrowsAnythingAreToldByItsType) {
    EXPECT_EQ(error_of_one(4, TaskEnd::exception), "task 5: int");
    EXPECT_EQ(error_of_one(5, TaskEnd::exception), "task 5: std::bad_alloc: std::bad_alloc");
}

TEST(ProcessFailures, EndACallThatWantsAllResults) {
    for (const int how : {0, 1, 2, 3, 4, 5}) {
        try {
            Parallel{processes}(tasks_of(20, 7, how));
            FAIL() << "no error";
        } catch (const TaskError& error) {
            EXPECT_EQ(error.index(), 7U) << error.what();
        }
        expect_a_working_pool();
    }
}

int sleeps(int milliseconds) {
    std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
    return milliseconds;
}

TEST(ProcessFailures, OfATaskThatHangsEndWithTheTimeout) {
    ParallelOptions options = processes;
    options.timeout = 1s;
    options.batch_size = 1;
    const auto begin = std::chrono::steady_clock::now();
    try {
        Parallel{options}.map(std::vector{1, 100'000, 2}, sleeps);
        FAIL() << "no error";
    } catch (const TaskError& error) {
        EXPECT_EQ(error.end(), TaskEnd::timeout);
        EXPECT_EQ(error.index(), 1U);
    }
    const auto outcomes =
        Parallel(options).outcomes(std::vector{delayed(sleeps)(1), delayed(sleeps)(100'000), delayed(sleeps)(2)});
    EXPECT_EQ(*outcomes[0], 1);
    EXPECT_FALSE(outcomes[1].has_value());
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 20s);
    expect_a_working_pool();
}

TEST(ProcessFailures, OfATaskEndTheOthersThatRun) {
    ParallelOptions options = processes;
    options.batch_size = 1;
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_THROW(Parallel(options).map(std::vector{100'000, -1},
                                       [](int ms) { return ms < 0 ? throw std::runtime_error("no") : sleeps(ms); }),
                 TaskError);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 20s);
    expect_a_working_pool();
}

TEST(ProcessFailures, AreNotMadeByWhatATaskPrints) {
    testing::internal::CaptureStderr();
    const auto results = Parallel(processes).map(up_to(4), [](int x) {
        std::cout << "on standard output" << std::endl;
        std::printf("%s", std::string(1000, '.').c_str());
        std::fflush(stdout);
        return x + static_cast<int>(std::cin.get() == EOF);
    });
    testing::internal::GetCapturedStderr();  // of workers that began before it has nothing
    EXPECT_THAT(results, ElementsAre(1, 2, 3, 4));
}

TEST(ProcessFailures, AreNotMadeByATaskThatLeaksItsWorkerLeaves) {
    const auto leak = [](int megabytes) {
        static std::vector<std::vector<char>> kept;
        kept.emplace_back(static_cast<std::size_t>(megabytes) << 20, 'x');
        return static_cast<int>(::getpid());
    };
    ParallelOptions options = processes;
    options.batch_size = 1;
    const std::vector<int> megabytes{1, 1, 1, 1, 320, 320, 0, 0, 0, 0};
    const auto pids = Parallel(options).map(megabytes, leak);
    // What a worker's first task takes is what it needs; more is a leak.
    std::set<int> began, left;
    for (std::size_t i = 0; i < pids.size(); ++i) {
        EXPECT_FALSE(left.contains(pids[i])) << "task " << i;
        if (!began.insert(pids[i]).second && megabytes[i] == 320) left.insert(pids[i]);
    }
    EXPECT_FALSE(left.empty());
}

TEST(ProcessFailures, AreNotMadeByLargeResults) {
    const auto large = [](int megabytes) {
        return std::vector<double>(static_cast<std::size_t>(megabytes) << 17, 0.5);
    };
    const auto results = Parallel(processes).map(std::vector{100, 0}, large);
    EXPECT_EQ(results[0].size(), std::size_t{100} << 17);
    EXPECT_EQ(results[0].back(), 0.5);
}

TEST(ProcessFailures, AreNotMadeByWorkersThatDieBetweenTwoCalls) {
    const char* const wanted = std::getenv("JL_TEST_ROUNDS");
    for (int round = 0; round < (wanted ? std::stoi(wanted) : 20); ++round) {
        for (const int pid : Parallel(processes).map(up_to(8), [](int) { return static_cast<int>(::getpid()); }))
            ::kill(pid, SIGKILL);
        expect_a_working_pool();
    }
}

bool is_running(int pid) { return ::kill(pid, 0) == 0; }

// Run by the test below, in a program of its own.
TEST(ProcessFailures, DISABLED_SleepInTwoWorkers) {
    const auto tell = [](const std::string& path) {
        write_file(path + std::to_string(::getpid()), "");
        std::this_thread::sleep_for(100s);
    };
    const std::string path = std::string(std::getenv("JL_TEST_FOLDER")) + "/w";
    Parallel{{.n_jobs = 2, .backend = "loky", .batch_size = 1}}(std::vector{delayed(tell)(path), delayed(tell)(path)});
}

TEST(ProcessFailures, OfTheParentLeaveNoWorker) {
    const TempDir folder;
    ::setenv("JL_TEST_FOLDER", folder.path().c_str(), 1);
    const pid_t parent = start_process([] {
        return ::execl("/proc/self/exe", "parent", "--gtest_filter=*DISABLED_SleepInTwoWorkers",
                       "--gtest_also_run_disabled_tests", nullptr);
    });
    for (int i = 0; i < 1'000 && folder.names().size() < 2; ++i) std::this_thread::sleep_for(10ms);
    ASSERT_EQ(folder.names().size(), 2U);
    ::kill(parent, SIGKILL);
    EXPECT_EQ(wait_for(parent), -SIGKILL);
    for (const std::string& name : folder.names()) {
        const int worker = std::stoi(name.substr(1));
        for (int i = 0; i < 500 && is_running(worker); ++i) std::this_thread::sleep_for(10ms);
        EXPECT_FALSE(is_running(worker));
    }
}

}  // namespace

std::vector<int> same_name_elsewhere() {
    return Parallel(processes)(std::vector{delayed<&same_name>(1), delayed<&same_name>(2)});
}

}  // namespace jl::test
