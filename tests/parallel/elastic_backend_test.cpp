// A backend whose workers come and go while a call runs.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <jl/error.hpp>
#include <jl/parallel.hpp>
#include <jl/parallel_backend.hpp>

#include "parallel/support/lazy.hpp"

namespace jl::test {
namespace {

using testing::ElementsAre;

// Keeps jobs until `hold` workers could have one each; then so many of them are there, or fewer.
struct Engine {
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<std::shared_ptr<ParallelJob>> jobs;
    std::vector<std::size_t> waiting;  // jobs at each step
    WorkersChanged tell;

    std::size_t jobs_within(std::chrono::milliseconds time, std::size_t wanted) {
        std::unique_lock lock(mutex);
        changed.wait_for(lock, time, [&] { return jobs.size() >= wanted; });
        return jobs.size();
    }
    void run_all() {
        std::vector<std::shared_ptr<ParallelJob>> all;
        {
            const std::lock_guard lock(mutex);
            all.swap(jobs);
        }
        for (const auto& job : all) job->run();
    }
};

class Elastic final : public ParallelBackend {
  public:
    explicit Elastic(std::shared_ptr<Engine> engine) : engine_(std::move(engine)) {}
    std::string name() const override { return "Elastic"; }
    int effective_n_jobs(int) override { return 1; }
    void watch_workers(WorkersChanged tell) override { engine_->tell = std::move(tell); }
    void submit(std::shared_ptr<ParallelJob> job) override {
        const std::lock_guard lock(engine_->mutex);
        engine_->jobs.push_back(std::move(job));
        engine_->changed.notify_all();
    }

  private:
    std::shared_ptr<Engine> engine_;
};

std::shared_ptr<Engine> use_engine() {
    auto engine = std::make_shared<Engine>();
    register_parallel_backend("elastic", [engine](const BackendOptions&) { return std::make_unique<Elastic>(engine); });
    return engine;
}

const auto twice = [](int x) { return 2 * x; };
constexpr std::chrono::seconds soon(20);

TEST(ElasticBackend, GetsTasksForWorkersThatJoin) {
    const std::shared_ptr<Engine> engine = use_engine();
    std::vector<std::size_t> seen;
    std::thread scheduler([&] {
        seen.push_back(engine->jobs_within(soon, 2));                           // 2 * n_jobs
        seen.push_back(engine->jobs_within(std::chrono::milliseconds(50), 3));  // and no more
        engine->tell(3);
        seen.push_back(engine->jobs_within(soon, 6));
        engine->tell(0);  // is 1: no more until there are fewer than 2
        engine->run_all();
        while (engine->jobs_within(std::chrono::milliseconds(200), 1) > 0) engine->run_all();
    });
    const auto results = Parallel({.n_jobs = 1, .backend = "elastic"}).map(lazy(20, [](int i) { return i; }), twice);
    scheduler.join();
    EXPECT_THAT(seen, ElementsAre(2U, 2U, 6U));
    ASSERT_EQ(results.size(), 20U);
    EXPECT_EQ(results.back(), 38);
}

TEST(ElasticBackend, MayTellOfWorkersAtAnyTime) {
    const std::shared_ptr<Engine> engine = use_engine();
    std::atomic<bool> done{false};
    std::thread workers([&] {
        for (int n = 0; !done; n = (n + 1) % 9) {
            if (engine->jobs_within(std::chrono::milliseconds(1), 1) > 0) engine->tell(n);
            engine->run_all();
        }
    });
    for (int round = 0; round < 20; ++round) {
        const auto results = Parallel({.n_jobs = 1, .backend = "elastic"}).map(up_to(200), twice);
        EXPECT_EQ(results.size(), 200U);
    }
    done = true;
    workers.join();
}

TEST(ElasticBackend, EndsTheCallWherePreDispatchMakesNoSenseAnyMore) {
    const std::shared_ptr<Engine> engine = use_engine();
    std::thread scheduler([&] {
        engine->jobs_within(soon, 1);
        engine->tell(3);
        engine->run_all();
    });
    EXPECT_THROW(
        (Parallel({.n_jobs = 1, .backend = "elastic", .pre_dispatch = "6 // (3 - n_jobs)"}).map(up_to(20), twice)),
        Error);
    scheduler.join();
}

}  // namespace
}  // namespace jl::test
