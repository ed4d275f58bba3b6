// Where tasks run when several options have a say.
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

#include <jl/error.hpp>
#include <jl/parallel.hpp>
#include <jl/parallel_backend.hpp>

#include "parallel/support/lazy.hpp"
#include "parallel/support/needs_backend.hpp"
#include "support/child_process.hpp"
#include "support/error.hpp"

namespace jl::test {
namespace {

using namespace std::chrono_literals;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Ne;

// One thread of its own runs all jobs.
class OneWorker final : public ParallelBackend {
  public:
    std::string name() const override { return "OneWorker"; }
    int effective_n_jobs(int) override { return 1; }
    void start_call(int) override {
        worker_ = std::thread([this] { work(); });
    }
    void submit(std::shared_ptr<ParallelJob> job) override {
        const std::lock_guard lock(mutex_);
        jobs_.push_back(std::move(job));
        changed_.notify_one();
    }
    void stop_call() noexcept override {
        {
            const std::lock_guard lock(mutex_);
            over_ = true;
            changed_.notify_one();
        }
        worker_.join();
    }

  private:
    void work() {
        std::unique_lock lock(mutex_);
        while (true) {
            changed_.wait(lock, [&] { return over_ || !jobs_.empty(); });
            if (jobs_.empty()) return;
            const std::shared_ptr<ParallelJob> job = std::move(jobs_.front());
            jobs_.pop_front();
            lock.unlock();
            job->run();
            lock.lock();
        }
    }
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::shared_ptr<ParallelJob>> jobs_;
    std::thread worker_;
    bool over_ = false;
};

// Its one worker would wait for itself.
TEST(Plan, OfACallInsideOfATaskLeavesABackendWithOneWorkerAlone) {
    register_parallel_backend("pool of one", [pool = std::make_shared<OneWorker>()](const BackendOptions& options) {
        EXPECT_EQ(options.nesting_level, 0);
        return std::make_unique<OneWorker>();
    });
    const auto scope = parallel_backend("pool of one", {.n_jobs = 1});
    const auto sums = Parallel().map(up_to(3), [](int x) {
        int sum = 0;
        for (const int y : Parallel().map(up_to(x), [](int z) { return z; })) sum += y;
        return sum;
    });
    EXPECT_THAT(sums, ElementsAre(0, 0, 1));
}

int process_of(int) { return static_cast<int>(::getpid()); }

class OneCore {
  public:
    OneCore() { ::setenv("JL_MAX_CPU_COUNT", "1", 1); }
    OneCore(const OneCore&) = delete;
    OneCore& operator=(const OneCore&) = delete;
    ~OneCore() { ::unsetenv("JL_MAX_CPU_COUNT"); }
};

TEST(Plan, GivesProcessesThatAreAskedForByNameOnOneCoreToo) {
    const OneCore one;
    const int here = process_of(0);
    EXPECT_THAT(Parallel({.n_jobs = -1, .backend = "multiprocessing"}).map(up_to(3), process_of), Each(Ne(here)));
    const auto scope = parallel_backend("loky");
    EXPECT_THAT(Parallel().map(up_to(3), process_of), Each(Ne(here)));
    EXPECT_THAT(Parallel({.n_jobs = -1, .backend = "threading"}).map(up_to(3), process_of), Each(here));
    EXPECT_THAT(Parallel({.n_jobs = 1, .backend = "loky"}).map(up_to(3), process_of), Each(here));  // as joblib
}

TEST(Plan, RunsTasksHereThatCannotLeaveWhereNobodyAskedForProcesses) {
    std::vector<Delayed<double (*)(double), double>> roots;
    for (int i = 0; i < 6; ++i) roots.push_back(delayed(static_cast<double (*)(double)>(::sqrt))(double(i * i)));
    EXPECT_THAT(Parallel({.n_jobs = 3})(roots), ElementsAre(0, 1, 2, 3, 4, 5));
    const std::vector<std::string> texts{"a", "\xff", "abc", "\xfe\xff"};
    const auto length = [](const std::string& text) { return text.size(); };
    EXPECT_THAT(Parallel({.n_jobs = 2}).map(texts, length), ElementsAre(1U, 1U, 3U, 2U));
    EXPECT_TRUE(Parallel({.n_jobs = 2}).outcomes(texts, length).at(1));
    EXPECT_FALSE(Parallel({.n_jobs = 2, .backend = "loky"}).outcomes(texts, length).at(1));
    const auto fails = [](const std::string& text) { return text.size() == 1 ? throw std::runtime_error("one") : 0; };
    EXPECT_THAT(Parallel({.n_jobs = 2, .batch_size = 4}).outcomes(texts, fails).at(1).error().what(),
                HasSubstr("task 1: std::runtime_error: one"));
}

TEST(Plan, RefusesWhatABackendCannotGiveWhateverTheNumberOfJobs) {
    for (const int n_jobs : {1, 2}) {
        EXPECT_STREQ(error_of([&] {
                         Parallel({.n_jobs = n_jobs, .backend = "loky", .require = Require::sharedmem})
                             .map(up_to(2), process_of);
                     }).what(),
                     "Backend LokyBackend does not support shared memory");
    }
}

TEST(Plan, SaysWhyNobodyCanEndATask) {
    JL_NEEDS_BACKEND("threading");
    int captured = 1;
    const auto message = [&](const ParallelOptions& options) {
        return std::string(
            error_of([&] { Parallel(options).map(up_to(2), [&](int x) { return x + captured; }); }).what());
    };
    EXPECT_THAT(message({.n_jobs = 2, .task_timeout = 1s}),
                HasSubstr("backend 'multiprocessing' can, in worker processes, but these tasks cannot go there: "));
    EXPECT_THAT(message({.n_jobs = 2, .task_timeout = 1s, .require = Require::sharedmem}),
                HasSubstr("task_timeout: ThreadingBackend cannot end a task"));
}

TEST(Plan, OfAScopeIsRefusedWhereTheScopeBegins) {
    EXPECT_THAT(error_of([] { (void)parallel_config({.backend = "nosuch"}); }).what(),
                HasSubstr("Invalid backend: nosuch"));
    EXPECT_EQ(error_of([] { (void)parallel_config({.n_jobs = 0}); }).code(), ErrorCode::usage);
    EXPECT_EQ(error_of([] { (void)parallel_config({.call_timeout = -1s}); }).code(), ErrorCode::usage);
    EXPECT_EQ(
        error_of([] { (void)parallel_config({.prefer = Prefer::processes, .require = Require::sharedmem}); }).code(),
        ErrorCode::usage);
}

TEST(Plan, ATimeOfZeroTakesBackThatOfTheScope) {
    const auto scope = parallel_config({.n_jobs = 2, .backend = "threading", .timeout = 20ms});
    const auto nap = [](int) { std::this_thread::sleep_for(100ms); };
    EXPECT_THROW(Parallel{}.map(up_to(2), nap), TaskError);
    Parallel({.timeout = 0s}).map(up_to(2), nap);
}

// Threads do not come along.
TEST(Plan, OfAForkedProcessIsToWorkAlone) {
    JL_NEEDS_BACKEND("threading");
    const auto sum = [](const ParallelOptions& options) {
        int all = 0;
        for (const int x : Parallel(options).map(up_to(100), [](int y) { return y; })) all += x;
        return all;
    };
    const ParallelOptions threads{.n_jobs = 2, .backend = "threading", .timeout = 10s};
    EXPECT_EQ(sum(threads), 4950);
    EXPECT_EQ(wait_for(start_process([&] { return sum(threads) == 4950 ? 0 : 1; })), 0);
}

}  // namespace
}  // namespace jl::test
