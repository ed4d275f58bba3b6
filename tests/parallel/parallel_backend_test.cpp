// Backends of a user's own, good ones and bad ones.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <jl/error.hpp>
#include <jl/parallel.hpp>
#include <jl/parallel_backend.hpp>

#include "parallel/support/lazy.hpp"
#include "support/error.hpp"

namespace jl::test {
namespace {

using testing::ElementsAre;

class Immediate final : public ParallelBackend {
  public:
    std::string name() const override { return "Immediate"; }
    int effective_n_jobs(int n_jobs) override { return n_jobs < 0 ? 7 : n_jobs; }
    void submit(std::shared_ptr<ParallelJob> job) override { job->run(); }
};

// Keeps jobs until somebody waits, and runs the last first.
class Backwards final : public ParallelBackend {
  public:
    std::string name() const override { return "Backwards"; }
    int effective_n_jobs(int n_jobs) override { return n_jobs; }
    void submit(std::shared_ptr<ParallelJob> job) override { jobs_.push_back(std::move(job)); }
    bool help(Until) override {
        if (jobs_.empty()) return false;
        const auto job = std::move(jobs_.back());
        jobs_.pop_back();
        job->run();
        return true;
    }

  private:
    std::vector<std::shared_ptr<ParallelJob>> jobs_;
};

class Losing final : public ParallelBackend {
  public:
    std::string name() const override { return "Losing"; }
    int effective_n_jobs(int n_jobs) override { return n_jobs; }
    void submit(std::shared_ptr<ParallelJob> job) override {
        if (job->first() == 3) throw std::runtime_error("the line is dead");
        job->first() == 5 ? job->lose("the worker was killed") : job->run();
    }
};

template <class Backend>
void use(const char* name) {
    register_parallel_backend(name, [](const BackendOptions&) { return std::make_unique<Backend>(); });
}

const auto twice = [](int x) { return 2 * x; };

TEST(ParallelBackend, OfOnesOwnRunsEveryCall) {
    use<Immediate>("immediate");
    std::vector<std::string> lines;
    const auto results =
        Parallel(
            {.n_jobs = -1, .backend = "immediate", .verbose = 1, .log = [&](auto line) { lines.emplace_back(line); }})
            .map(std::vector{1, 2, 3}, twice);
    EXPECT_THAT(results, ElementsAre(2, 4, 6));
    EXPECT_EQ(lines.front(), "[Parallel(n_jobs=-1)]: Using backend Immediate with 7 concurrent workers.");
    const auto scope = parallel_backend("immediate");
    EXPECT_THAT(Parallel().map(std::vector{4}, twice), ElementsAre(8));
}

TEST(ParallelBackend, IsToldTheAddressBehindItsName) {
    static std::string address;
    register_parallel_backend("far", [](const BackendOptions& options) {
        address = options.address;
        return std::make_unique<Immediate>();
    });
    const auto address_of = [](const char* backend) {
        Parallel({.n_jobs = 2, .backend = backend}).map(std::vector{1}, twice);
        return std::exchange(address, "none");
    };
    EXPECT_EQ(address_of("far"), "");
    EXPECT_EQ(address_of("far:"), "");
    EXPECT_EQ(address_of("far://tcp://host:8786"), "tcp://host:8786");
    EXPECT_EQ(address_of("far:?n=4"), "?n=4");
    const auto scope = parallel_backend("far://host");
    Parallel().map(std::vector{1}, twice);
    EXPECT_EQ(address, "host");
}

TEST(ParallelBackend, OfOursHasNoAddress) {
    for (const char* backend : {"threading://host", "sequential:x", "loky://host", "multiprocessing:2"}) {
        EXPECT_THROW(Parallel({.n_jobs = 1, .backend = backend}).map(std::vector{1}, twice), Error) << backend;
    }
}

TEST(ParallelBackend, AMillionTasksThatEndInSubmitTakeNoStack) {
    use<Immediate>("immediate");
    const auto results = Parallel({.n_jobs = 2, .backend = "immediate", .batch_size = 1}).map(up_to(1'000'000), twice);
    EXPECT_EQ(results.back(), 1'999'998);
}

TEST(ParallelBackend, MayEndJobsInAnyOrder) {
    use<Backwards>("backwards");
    ParallelOptions options{.n_jobs = 4, .backend = "backwards", .batch_size = 1};
    EXPECT_THAT(Parallel(options).map(std::vector{1, 2, 3, 4, 5}, twice), ElementsAre(2, 4, 6, 8, 10));
}

TEST(ParallelBackend, MayLoseAJobAndSaysWhy) {
    use<Losing>("losing");
    std::vector<decltype(delayed(twice)(0))> tasks;
    for (int i = 0; i < 7; ++i) tasks.push_back(delayed(twice)(i));
    const auto outcomes = Parallel({.n_jobs = 2, .backend = "losing", .batch_size = 1}).outcomes(tasks);
    ASSERT_EQ(outcomes.size(), 7U);
    EXPECT_STREQ(outcomes[3].error().what(), "task 3: the line is dead");
    EXPECT_STREQ(outcomes[5].error().what(), "task 5: the worker was killed");
    EXPECT_EQ(outcomes[5].error().end(), TaskEnd::worker_lost);
    EXPECT_EQ(*outcomes[6], 12);
    try {
        Parallel{{.n_jobs = 2, .backend = "losing", .batch_size = 1}}(tasks);
        FAIL() << "no error";
    } catch (const TaskError& error) {
        EXPECT_EQ(error.index(), 3U);
    }
}

TEST(ParallelBackend, ThatDropsAJobLosesIt) {
    class Forgetful final : public ParallelBackend {
      public:
        std::string name() const override { return "Forgetful"; }
        int effective_n_jobs(int n_jobs) override { return n_jobs; }
        void submit(std::shared_ptr<ParallelJob> job) override {
            if (job->first() != 1) job->run(), job->run(), job->lose("not any more");
        }
    };
    use<Forgetful>("forgetful");
    const auto tasks = lazy(3, [](int i) { return delayed(twice)(i); });
    const auto outcomes = Parallel({.n_jobs = 2, .backend = "forgetful", .batch_size = 1}).outcomes(tasks);
    ASSERT_EQ(outcomes.size(), 3U);
    EXPECT_EQ(*outcomes[0], 0);
    EXPECT_STREQ(outcomes[1].error().what(), "task 1: the backend dropped it");
    EXPECT_EQ(*outcomes[2], 4);
}

TEST(ParallelBackend, ThatThrowsWhatIsNoExceptionLosesTheJob) {
    class Throwing final : public ParallelBackend {
      public:
        std::string name() const override { return "Throwing"; }
        int effective_n_jobs(int n_jobs) override { return n_jobs; }
        void submit(std::shared_ptr<ParallelJob>) override { throw 7; }
    };
    use<Throwing>("throwing");
    EXPECT_THROW((Parallel({.n_jobs = 2, .backend = "throwing"}).map(up_to(3), twice)), TaskError);
}

// What belongs to a call goes before it returns, on the thread that made it.
TEST(ParallelBackend, WhoseHelpFailsEndsTheCall) {
    class Helpless final : public ParallelBackend {
      public:
        std::string name() const override { return "Helpless"; }
        int effective_n_jobs(int n_jobs) override { return n_jobs; }
        void submit(std::shared_ptr<ParallelJob> job) override { jobs_.push_back(std::move(job)); }
        bool help(Until) override {
            jobs_.clear();
            throw std::runtime_error("the connection is gone");
        }

      private:
        std::vector<std::shared_ptr<ParallelJob>> jobs_;
    };
    use<Helpless>("helpless");
    EXPECT_ANY_THROW(Parallel({.n_jobs = 2, .backend = "helpless"}).map(up_to(3), twice));
}

TEST(ParallelBackend, IsDestroyedByTheCaller) {
    static std::thread::id destroyed_by;
    class Threads final : public ParallelBackend {
      public:
        ~Threads() override { destroyed_by = std::this_thread::get_id(); }
        std::string name() const override { return "Threads"; }
        int effective_n_jobs(int n_jobs) override { return n_jobs; }
        void submit(std::shared_ptr<ParallelJob> job) override {
            threads_.emplace_back([job = std::move(job)] { job->run(); });
        }

      private:
        std::vector<std::jthread> threads_;
    };
    use<Threads>("threads");
    for (int round = 0; round < 200; ++round) {
        destroyed_by = {};
        // One at a time: threads_ is not locked.
        EXPECT_THAT(Parallel({.n_jobs = 2, .backend = "threads", .pre_dispatch = 1}).map(up_to(2), twice),
                    ElementsAre(0, 2));
        EXPECT_EQ(destroyed_by, std::this_thread::get_id());
    }
}

TEST(ParallelBackend, WithoutSharedMemoryIsRefusedWhereThatIsRequired) {
    class Distant final : public ParallelBackend {
      public:
        std::string name() const override { return "Distant"; }
        BackendCaps caps() const noexcept override { return {.sharedmem = false}; }
        int effective_n_jobs(int n_jobs) override { return n_jobs; }
        void submit(std::shared_ptr<ParallelJob> job) override { job->run(); }
    };
    use<Distant>("distant");
    const auto run = [](const std::string& backend) {
        return Parallel({.n_jobs = 1, .backend = backend, .require = Require::sharedmem}).map(up_to(3), twice);
    };
    EXPECT_STREQ(error_of([&] { run("distant"); }).what(), "Backend Distant does not support shared memory");
    // A scope's backend gives way.
    const auto scope = parallel_backend("distant", {.n_jobs = 1});
    EXPECT_THAT(run(""), ElementsAre(0, 2, 4));
}

TEST(ParallelBackend, NeedsANameAFactoryAndWorkers) {
    const auto none = [](const BackendOptions&) { return std::unique_ptr<ParallelBackend>(); };
    EXPECT_EQ(error_of([&] { register_parallel_backend("", none); }).code(), ErrorCode::usage);
    EXPECT_THAT(error_of([&] { register_parallel_backend("a:b", none); }).what(), testing::HasSubstr("has a colon"));
    EXPECT_STREQ(error_of([] { register_parallel_backend("empty", {}); }).what(),
                 "the backend 'empty' needs a factory");
    register_parallel_backend("none", none);
    EXPECT_STREQ(error_of([] { Parallel({.n_jobs = 2, .backend = "none"}).map(up_to(3), twice); }).what(),
                 "the factory of the backend 'none' made none");
    class Idle final : public ParallelBackend {
      public:
        std::string name() const override { return "Idle"; }
        int effective_n_jobs(int) override { return 0; }
        void submit(std::shared_ptr<ParallelJob>) override {}
    };
    use<Idle>("idle");
    EXPECT_STREQ(error_of([] { Parallel({.n_jobs = 2, .backend = "idle"}).map(up_to(3), twice); }).what(),
                 "Idle has no active worker.");
}

}  // namespace
}  // namespace jl::test
