// Tasks in children of fork(): what they inherit, what comes back, and when it is refused.
#include <chrono>
#include <cstdio>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

#include <jl/error.hpp>
#include <jl/parallel.hpp>
#include <jl/parallel_backend.hpp>
#include <jl/parallel_backend_contract.hpp>

#include "parallel/support/lazy.hpp"
#include "support/error.hpp"
#include "support/peak_memory.hpp"
#include "support/temp_dir.hpp"

namespace jl::test {
namespace {

using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Ne;

using namespace std::chrono_literals;

const ParallelOptions forked{.n_jobs = 2, .backend = "fork"};

struct Opaque {  // without a mapping
    explicit Opaque(int x) : value(x) {}
    int value;
    std::mutex mutex;
};

TEST(Fork, RunsLambdasWithCaptures) {
    const Opaque factor(3);
    std::vector<int> table{10, 20, 30};
    const auto results =
        Parallel(forked).map(up_to(3), [&](int x) { return table[static_cast<std::size_t>(x)] * factor.value; });
    EXPECT_THAT(results, ElementsAre(30, 60, 90));
}

TEST(Fork, RunsInOtherProcesses) {
    int changed = 0;
    const auto pids = Parallel(forked).map(up_to(4), [&](int) { return ++changed, static_cast<int>(::getpid()); });
    EXPECT_THAT(pids, Each(Ne(static_cast<int>(::getpid()))));
    EXPECT_EQ(changed, 0);
}

TEST(Fork, RunsTasksThatOnlyMove) {
    auto lazily = lazy(5, [](int i) {
        return delayed([](const std::unique_ptr<Opaque>& p) { return p->value; })(std::make_unique<Opaque>(i));
    });
    EXPECT_THAT(Parallel(forked)(lazily), ElementsAre(0, 1, 2, 3, 4));
}

TEST(Fork, BringsResultsOfEveryPortableTypeBack) {
    int used = 1;
    const auto text = Parallel(forked).map(up_to(2), [&](int x) {
        return std::map<std::string, std::vector<double>>{{"x", {x * 1.5, used * 1.0}}};
    });
    EXPECT_THAT(text[1].at("x"), ElementsAre(1.5, 1.0));
    Parallel{forked}.map(up_to(3), [&](int) { used = 2; });
    EXPECT_EQ(used, 1);
}

TEST(Fork, RefusesResultsThatCannotComeBack) {
    const std::string said =
        error_of([] { Parallel{forked}.map(up_to(2), [](int x) { return std::make_unique<Opaque>(x); }); }).what();
    EXPECT_THAT(said, AllOf(HasSubstr("ForkBackend runs tasks in other processes, and their results cannot come back: "
                                      "a result of type "),
                            HasSubstr("Opaque"), HasSubstr("has no mapping; backend 'threading' runs any task")));
}

TEST(Fork, InheritsArraysWithoutWritingThem) {
    const std::vector<double> large(1 << 20, 0.5);
    const double* const place = large.data();
    const auto same = Parallel(forked).map(up_to(2), [&](int) { return large.data() == place && large.back() == 0.5; });
    EXPECT_THAT(same, Each(true));
}

TEST(Fork, BringsLargeResultsBackByAMapAndWithout) {
    const auto make = [](int megabytes) { return std::vector<double>(static_cast<std::size_t>(megabytes) << 17, 0.5); };
    for (const MaxNbytes most : {MaxNbytes(), MaxNbytes(std::nullopt), MaxNbytes(10)}) {
        ParallelOptions options = forked;
        options.max_nbytes = most;
        const auto results = Parallel(options).map(std::vector{50, 0, 3}, make);
        EXPECT_EQ(results[0], make(50));
        EXPECT_EQ(results[1], make(0));
        EXPECT_EQ(results[2], make(3));
    }
}

TEST(Fork, KeepsTheOrderWhateverTheBatches) {
    for (const BatchSize batch : {BatchSize("auto"), BatchSize(1), BatchSize(7)}) {
        ParallelOptions options = forked;
        options.batch_size = batch;
        const auto results = Parallel(options).map(up_to(300), [&](int x) { return 2 * x; });
        ASSERT_EQ(results.size(), 300U);
        for (std::size_t i = 0; i < results.size(); ++i) ASSERT_EQ(results[i], 2 * static_cast<int>(i));
    }
}

TEST(Fork, TakesTasksThatAreMadeAsTheCallGoesOn) {
    int made = 0;
    ParallelOptions options = forked;
    options.batch_size = 1;
    const auto tasks =
        lazy(20, [&](int i) { return delayed([](int made_so_far) { return made_so_far; })((++made, i)); });
    int next = 0;
    for (const int x : Parallel(options).stream(tasks)) EXPECT_EQ(x, next++);
    EXPECT_EQ(next, 20);
    EXPECT_EQ(made, 20);
}

TEST(Fork, StreamsResultsAsTheyAreDone) {
    ParallelOptions options = forked;
    options.return_as = ReturnAs::generator_unordered;
    options.batch_size = 1;
    std::vector<int> order;
    const auto nap = [&](int ms) { return std::this_thread::sleep_for(std::chrono::milliseconds(ms)), ms; };
    const std::vector<int> naps{2'000, 1};
    for (const int x : Parallel(options).stream(std::vector{delayed(nap)(2'000), delayed(nap)(1)})) order.push_back(x);
    EXPECT_THAT(order, ElementsAre(1, 2'000));
}

TEST(Fork, RunsCallsInsideOfTasksOneAfterTheOther) {
    for (const char* inner : {"", "threading", "multiprocessing", "fork", "fork:?allow_threads=1"}) {
        const auto pids_of = [&](int) {
            const auto mine = static_cast<int>(::getpid());
            for (const int pid : Parallel({.n_jobs = 2, .backend = inner}).map(up_to(3), [](int) {
                     return static_cast<int>(::getpid());
                 }))
                if (pid != mine) return false;
            return true;
        };
        EXPECT_THAT(Parallel(forked).map(up_to(2), pids_of), Each(true)) << inner;
    }
}

TEST(Fork, EndsATaskOfACallInsideOfATask) {
    const ParallelOptions inner{.n_jobs = 1, .backend = "fork", .task_timeout = 50ms};
    const auto ends = Parallel(forked).map(up_to(2), [&](int) {
        const auto outcomes = Parallel(inner).outcomes(up_to(1), [](int) { std::this_thread::sleep_for(100s); });
        return std::string(outcomes[0].error().what());
    });
    EXPECT_THAT(ends, Each(std::string("task 0: not done within 0.05 s")));
}

TEST(Fork, WithOneJobIsNoOtherProcess) {
    EXPECT_THAT(Parallel({.n_jobs = 1, .backend = "fork"}).map(up_to(2), [](int) { return ::getpid(); }),
                Each(::getpid()));
}

// The bytes that file descriptor 1 gets while `act` runs.
template <class Act>
std::string printed_by(const Act& act) {
    const TempDir folder;
    const std::string path = folder / "out";
    std::cout.flush(), std::fflush(stdout);
    const int before = ::dup(STDOUT_FILENO);
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    ::dup2(file, STDOUT_FILENO);
    act();
    std::cout.flush(), std::fflush(stdout);
    ::dup2(before, STDOUT_FILENO);
    ::close(before), ::close(file);
    return read_file(path);
}

TEST(Fork, PrintsWhereTheProgramDoesAndOnce) {
    const std::string text = printed_by([] {
        std::printf("before ");
        std::cout << "and ";
        Parallel{{.n_jobs = 2, .backend = "fork", .pre_dispatch = 1, .batch_size = 2}}.outcomes(up_to(4), [](int x) {
            std::printf("%d ", x);
            if (x == 3) ::_exit(1);
        });
    });
    EXPECT_EQ(text, "before and 0 1 2 ");
}

TEST(Fork, IsRefusedBesideThreads) {
    const std::jthread other([](const std::stop_token& stop) {
        while (!stop.stop_requested()) std::this_thread::sleep_for(1ms);
    });
    const Error error = error_of([] { Parallel{forked}.map(up_to(2), [](int x) { return x; }); });
    EXPECT_EQ(error.code(), ErrorCode::usage);
    EXPECT_THAT(error.what(), AllOf(HasSubstr("which has 2 threads"), HasSubstr("multiprocessing"),
                                    HasSubstr("fork:?allow_threads=1")));
    const auto results =
        Parallel({.n_jobs = 2, .backend = "fork:?allow_threads=1"}).map(up_to(3), [&](int x) { return x; });
    EXPECT_THAT(results, ElementsAre(0, 1, 2));
}

TEST(Fork, IsAllowedWhenTheThreadsHaveEnded) {
    for (int round = 0; round < 50; ++round) {
        std::thread([] {}).join();
        EXPECT_THAT(Parallel(forked).map(up_to(2), [](int x) { return x; }), ElementsAre(0, 1));
    }
}

TEST(Fork, RefusesAnAddressThatItDoesNotKnow) {
    for (const int n_jobs : {1, 2})
        EXPECT_THAT(error_of([&] {
                        Parallel{{.n_jobs = n_jobs, .backend = "fork:?threads=1"}}.map(up_to(2),
                                                                                       [](int x) { return x; });
                    }).what(),
                    HasSubstr("does not know the address '?threads=1': it is none, or '?allow_threads=1'"));
}

TEST(Fork, IsNoBackendForSharedMemory) {
    EXPECT_THAT(error_of([] {
                    Parallel{{.n_jobs = 2, .backend = "fork", .require = Require::sharedmem}}.map(
                        up_to(2), [](int x) { return x; });
                }).what(),
                HasSubstr("ForkBackend does not support shared memory"));
}

TEST(Fork, KeepsTheContractOfBackends) {
    if (instrumented) return;  // threads hold the sanitizer's locks when another one forks
    std::vector<std::string> broken;
    for (const BrokenPromise& one : check_parallel_backend("fork:?allow_threads=1"))
        broken.push_back(one.promise + ": " + one.what);
    EXPECT_THAT(broken, IsEmpty());
}

}  // namespace
}  // namespace jl::test
