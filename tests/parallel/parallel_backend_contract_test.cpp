// The contract of backends: ours keep it, and bad ones are found out.
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <jl/error.hpp>
#include <jl/parallel_backend.hpp>
#include <jl/parallel_backend_contract.hpp>

#include "parallel/support/needs_backend.hpp"
#include "support/error.hpp"

namespace jl::test {
namespace {

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
    ASSERT_EQ(hanging.size(), 1U);
    EXPECT_EQ(hanging[0],
              "results come in the order of the tasks, whatever the batches: no end within 1 s; the checks behind it "
              "were left out");
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
