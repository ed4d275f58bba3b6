// The contract of backends: ours keep it, and bad ones are found out.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <jl/error.hpp>
#include <jl/parallel_backend.hpp>
#include <jl/parallel_backend_contract.hpp>

#include "parallel/support/needs_backend.hpp"
#include "support/error.hpp"

namespace jl::test {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> texts_of(const std::vector<BrokenPromise>& broken) {
    std::vector<std::string> texts;
    for (const BrokenPromise& one : broken) texts.push_back(one.promise + ": " + one.what);
    return texts;
}

// Does what it is told with a job; its own thread for each.
class Engine : public ParallelBackend {
  public:
    using Work = std::function<void(std::shared_ptr<ParallelJob>)>;
    explicit Engine(Work work) : work_(std::move(work)) {}
    std::string name() const override { return "Engine"; }
    int effective_n_jobs(int n_jobs) override { return n_jobs < 0 ? 4 : n_jobs; }
    void submit(std::shared_ptr<ParallelJob> job) override { std::thread(work_, std::move(job)).detach(); }

  private:
    Work work_;
};

std::vector<std::string> broken_by(Engine::Work work, std::chrono::seconds limit = std::chrono::seconds(60)) {
    register_parallel_backend("engine", [=](const BackendOptions&) { return std::make_unique<Engine>(work); });
    return texts_of(check_parallel_backend("engine", {.time_limit = limit}));
}

TEST(ParallelBackendContract, IsKeptByOurs) {
    for (const char* name : {"sequential", "threading"}) {
        if (!has_backend(name)) continue;
        EXPECT_THAT(texts_of(check_parallel_backend(name)), IsEmpty()) << name;
    }
}

TEST(ParallelBackendContract, IsKeptByOneThatRunsJobsOnThreadsOfItsOwn) {
    EXPECT_THAT(broken_by([](const std::shared_ptr<ParallelJob>& job) { job->run(); }), IsEmpty());
}

TEST(ParallelBackendContract, FindsJobsThatAreLost) {
    const auto lost = broken_by([](const std::shared_ptr<ParallelJob>& job) {
        job->first() == 7 ? job->lose("the worker is gone") : job->run();
    });
    EXPECT_THAT(lost, Contains(HasSubstr("task 7: the worker is gone")));
}

TEST(ParallelBackendContract, FindsAJobThatNeverEnds) {
    static std::vector<std::shared_ptr<ParallelJob>>& kept = *new std::vector<std::shared_ptr<ParallelJob>>();
    const auto hanging = broken_by(
        [](const std::shared_ptr<ParallelJob>& job) { job->first() == 1'000 ? kept.push_back(job) : job->run(); },
        std::chrono::seconds(1));
    for (const auto& job : std::exchange(kept, {})) job->run();
    ASSERT_EQ(hanging.size(), 1U);
    EXPECT_EQ(hanging[0],
              "results come in the order of the tasks, whatever the batches: no end within 1 s; the checks behind it "
              "were left out");
}

TEST(ParallelBackendContract, FindsJobsThatEndMoreThanOnce) {
    const auto thrice = broken_by([](const std::shared_ptr<ParallelJob>& job) {
        job->run();
        if (job->first() == 7) job->lose("late news"), job->finish();
    });
    EXPECT_THAT(thrice, ElementsAre(HasSubstr("a job ends once: job 7 ended 3 times")));
    EXPECT_THAT(broken_by([](std::shared_ptr<ParallelJob> job) {
                    if (job->first() != 7 || job->size() != 1) job->run();
                    job.reset();
                }),
                Contains(HasSubstr("a job ends once: 1 jobs were dropped")));
}

// Runs jobs on threads that all calls share, and that leave when nothing has come for a while.
class SharedPool {
  public:
    SharedPool(std::size_t most_queued, std::chrono::microseconds pause) : most_queued_(most_queued), pause_(pause) {
        add_thread(), add_thread();
    }
    void add_thread() {
        std::thread([this] { work(); }).detach();
    }
    void push(std::shared_ptr<ParallelJob> job) {
        const std::lock_guard lock(mutex_);
        if (jobs_.size() == most_queued_) throw std::runtime_error("the queue is full");
        jobs_.push_back(std::move(job));
        changed_.notify_one();
    }

  private:
    void work() {
        while (true) {
            std::unique_lock lock(mutex_);
            if (!changed_.wait_for(lock, std::chrono::seconds(5), [&] { return !jobs_.empty(); })) return;
            const auto job = std::move(jobs_.front());
            jobs_.pop_front();
            lock.unlock();
            job->run();
            if (pause_.count() > 0) std::this_thread::sleep_for(pause_);
        }
    }

    const std::size_t most_queued_;
    const std::chrono::microseconds pause_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::shared_ptr<ParallelJob>> jobs_;
};

class OnSharedPool : public ParallelBackend {
  public:
    explicit OnSharedPool(SharedPool& pool) : pool_(pool) {}
    std::string name() const override { return "OnSharedPool"; }
    int effective_n_jobs(int) override { return 2; }
    void submit(std::shared_ptr<ParallelJob> job) override { pool_.push(std::move(job)); }

  private:
    SharedPool& pool_;
};

std::vector<std::string> broken_by_pool(std::size_t most_queued, std::chrono::microseconds pause) {
    static auto& all = *new std::vector<std::unique_ptr<SharedPool>>();  // threads may outlive the check
    SharedPool& pool = *all.emplace_back(std::make_unique<SharedPool>(most_queued, pause));
    register_parallel_backend("pool", [&pool](const BackendOptions&) { return std::make_unique<OnSharedPool>(pool); });
    auto texts = texts_of(check_parallel_backend("pool", {.time_limit = std::chrono::seconds(2)}));
    for (int i = 0; i < 24; ++i) pool.add_thread();  // whoever waits still comes to an end
    return texts;
}

TEST(ParallelBackendContract, FindsASubmitThatRefuses) {
    EXPECT_THAT(broken_by_pool(500, std::chrono::microseconds(100)),
                Contains(AllOf(HasSubstr("jobs may be many at a time: task "), HasSubstr("the queue is full"))));
}

TEST(ParallelBackendContract, FindsWorkersThatWaitForEachOther) {
    const auto waiting = broken_by_pool(1'000'000, {});
    ASSERT_EQ(waiting.size(), 1U);
    EXPECT_THAT(waiting[0], HasSubstr("tasks may call Parallel: no end within 2 s"));
}

// A call of it waits for jobs in its end.
class EndsWithItsJobs final : public ParallelBackend {
  public:
    static inline std::atomic<bool> waits{true};
    std::string name() const override { return "EndsWithItsJobs"; }
    int effective_n_jobs(int) override { return 2; }
    void submit(std::shared_ptr<ParallelJob> job) override {
        job->run();
        had_one_ = true;
    }
    void stop_call() noexcept override {
        while (waits && !had_one_) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }

  private:
    std::atomic<bool> had_one_{false};
};

TEST(ParallelBackendContract, FindsACallThatCannotEndWithoutJobs) {
    register_parallel_backend("ends with its jobs",
                              [](const BackendOptions&) { return std::make_unique<EndsWithItsJobs>(); });
    const auto waiting =
        texts_of(check_parallel_backend("ends with its jobs", {.time_limit = std::chrono::seconds(1)}));
    EndsWithItsJobs::waits = false;
    ASSERT_EQ(waiting.size(), 1U);
    EXPECT_THAT(waiting[0], HasSubstr("no end within 1 s"));
}

// Forgets what is queued when the call is given up.
class ForgetsItsQueue final : public ParallelBackend {
  public:
    static inline std::atomic<bool> forgets{true};
    static inline std::vector<std::shared_ptr<ParallelJob>> forgotten;
    std::string name() const override { return "ForgetsItsQueue"; }
    int effective_n_jobs(int n_jobs) override { return n_jobs < 0 ? 2 : n_jobs; }
    void start_call(int n_jobs) override {
        for (int i = 0; i < n_jobs; ++i) threads_.emplace_back([this](const std::stop_token& stop) { work(stop); });
    }
    void submit(std::shared_ptr<ParallelJob> job) override {
        const std::lock_guard lock(mutex_);
        jobs_.push_back(std::move(job));
        changed_.notify_one();
    }
    void give_up() noexcept override {
        if (!forgets) return;
        const std::lock_guard lock(mutex_);
        forgotten.insert(forgotten.end(), jobs_.begin(), jobs_.end());
        jobs_.clear();
    }
    void stop_call() noexcept override { threads_.clear(); }

  private:
    void work(const std::stop_token& stop) {
        while (true) {
            std::unique_lock lock(mutex_);
            if (!changed_.wait(lock, stop, [&] { return !jobs_.empty(); })) return;
            const auto job = std::move(jobs_.front());
            jobs_.pop_front();
            lock.unlock();
            job->run();
        }
    }

    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::deque<std::shared_ptr<ParallelJob>> jobs_;
    std::vector<std::jthread> threads_;
};

TEST(ParallelBackendContract, FindsWhatIsQueuedAndForgotten) {
    register_parallel_backend("forgets its queue",
                              [](const BackendOptions&) { return std::make_unique<ForgetsItsQueue>(); });
    const auto waiting = texts_of(check_parallel_backend("forgets its queue", {.time_limit = std::chrono::seconds(3)}));
    ForgetsItsQueue::forgets = false;  // whoever waits still comes to an end
    for (const auto& job : std::exchange(ForgetsItsQueue::forgotten, {})) job->run();
    ASSERT_EQ(waiting.size(), 1U);
    EXPECT_THAT(waiting[0], HasSubstr("no end within 3 s"));
}

TEST(ParallelBackendContract, FindsANumberOfWorkersThatCannotBe) {
    class WithoutWorkers final : public ParallelBackend {
      public:
        std::string name() const override { return "WithoutWorkers"; }
        int effective_n_jobs(int n_jobs) override { return n_jobs < 0 ? 0 : n_jobs; }
        void submit(std::shared_ptr<ParallelJob> job) override { job->run(); }
    };
    register_parallel_backend("without workers",
                              [](const BackendOptions&) { return std::make_unique<WithoutWorkers>(); });
    EXPECT_THAT(texts_of(check_parallel_backend("without workers")),
                ElementsAre("effective_n_jobs answers with at least 1: effective_n_jobs(-1) is 0"));
}

TEST(ParallelBackendContract, RefusesANameThatIsNoBackend) {
    EXPECT_THAT(error_of([] { check_parallel_backend("no such"); }).what(), HasSubstr("no such"));
}

}  // namespace
}  // namespace jl::test
