#include <jl/cpu_count.hpp>
#include <jl/error.hpp>

#include "parallel/backends.hpp"

#ifdef JL_HAS_TBB

#include <algorithm>
#include <atomic>
#include <bit>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/task_arena.h>
#include <optional>
#include <unistd.h>
#include <utility>
#include <vector>

#include "parallel/handover.hpp"
#include "parallel/inner_threads.hpp"

namespace jl {
namespace {

namespace tbb = oneapi::tbb;

// Jobs that nobody has begun, and how many threads are at work on others. Shared with the arena's tasks, the last of
// which may begin when the call is over.
class Queue {
  public:
    Queue(int n_jobs, std::optional<int> inner_threads) : limit_(n_jobs), inner_threads_(inner_threads) {}

    // Whether one more runner has to be started.
    bool push(std::shared_ptr<ParallelJob> job) {
        const std::lock_guard lock(mutex_);
        jobs_.push_back(std::move(job));
        return wants_runner();
    }
    // A worker's part: jobs until there are none, or enough threads without it.
    void run_all() {
        const InnerThreads limited(inner_threads_);
        while (const std::shared_ptr<ParallelJob> job = take(Taker::runner)) finish(*job);
    }
    // The waiting thread's part. `more`: whether a runner has to be started.
    bool run_one(bool& more) {
        const std::shared_ptr<ParallelJob> job = take(Taker::helper);
        if (!job) return false;
        {
            const InnerThreads limited(inner_threads_);
            finish(*job);
        }
        const std::lock_guard lock(mutex_);
        more = !jobs_.empty() && wants_runner();
        return true;
    }

  private:
    enum class Taker { runner, helper };

    bool wants_runner() noexcept { return runners_ < limit_ && ++runners_ > 0; }
    std::shared_ptr<ParallelJob> take(Taker taker) {
        const std::lock_guard lock(mutex_);
        if (jobs_.empty() || running_ == limit_) {
            if (taker == Taker::runner) --runners_;
            return nullptr;
        }
        ++running_;
        std::shared_ptr<ParallelJob> job = std::move(jobs_.front());
        jobs_.pop_front();
        return job;
    }
    void finish(ParallelJob& job) {
        job.run();
        const std::lock_guard lock(mutex_);
        --running_;
    }

    std::mutex mutex_;
    std::deque<std::shared_ptr<ParallelJob>> jobs_;
    const int limit_;
    const std::optional<int> inner_threads_;  // in a task
    int running_ = 0;
    int runners_ = 0;
};

// A worker's task. The copy that the arena keeps goes to a worker, and its memory back to whoever makes the next one.
class Runner {
  public:
    explicit Runner(std::shared_ptr<Queue> queue) : queue_(std::move(queue)) {}
    Runner(const Runner& other) : memory_(), queue_(other.queue_) { handover::give(); }
    void operator()() const {
        handover::take();
        queue_->run_all();
    }

  private:
    struct Memory {
        Memory() { handover::take(); }
        ~Memory() { handover::give(); }
    };
    [[no_unique_address]] Memory memory_;  // taken before what follows, left behind it
    std::shared_ptr<Queue> queue_;
};

constexpr unsigned most_threads = 1024;

// Arenas that no call uses, by number of workers, a power of 2: calls of any number of tasks share a few. Two calls at
// a time must not share one: who waits for a time helps nobody, and its jobs would wait for those of the other. Nor
// does a call make one of its own when there is a free one: that would start new threads before those of the call
// before have gone. oneTBB would start no more threads than the machine has cores, whatever an arena asks for: tasks
// may wait for other things than a core.
class FreeArenas {
  public:
    static FreeArenas& all() {
        owner = ::getpid();
        static const tbb::global_control many(tbb::global_control::max_allowed_parallelism, most_threads + 1U);
        static auto& all = *new FreeArenas();  // outlives tasks that run while the program ends
        return all;
    }
    // The process that this one was forked from has used them: their threads are there, not here.
    static bool are_left_behind() noexcept {
        const pid_t made_by = owner;
        return made_by != 0 && made_by != ::getpid();
    }
    std::unique_ptr<tbb::task_arena> take(int workers) {
        const std::lock_guard lock(mutex_);
        auto& free = free_[workers];
        if (free.empty()) return std::make_unique<tbb::task_arena>(workers, 0U);
        std::unique_ptr<tbb::task_arena> arena = std::move(free.back());
        free.pop_back();
        return arena;
    }
    void give_back(std::unique_ptr<tbb::task_arena> arena, int workers) {
        const std::lock_guard lock(mutex_);
        free_[workers].push_back(std::move(arena));
    }

  private:
    static inline std::atomic<pid_t> owner{0};
    std::mutex mutex_;
    std::map<int, std::vector<std::unique_ptr<tbb::task_arena>>> free_;
};

// Jobs are run by whoever comes first, a worker of the arena or the thread that waits for results. So a call inside of
// a task always gets on, with the threads that wait for it if with no others.
class ThreadingBackend final : public ParallelBackend {
  public:
    explicit ThreadingBackend(std::optional<int> inner_threads) noexcept : inner_threads_(inner_threads) {}
    std::string name() const override { return "ThreadingBackend"; }
    BackendCaps caps() const noexcept override { return {.sharedmem = true, .best_batch = 50e-6}; }
    int effective_n_jobs(int n_jobs) override {
        return FreeArenas::are_left_behind() ? 1 : jl::effective_n_jobs(n_jobs);
    }

    ~ThreadingBackend() override { ThreadingBackend::stop_call(); }

    void start_call(int n_jobs) override {
        queue_ = std::make_shared<Queue>(n_jobs, inner_threads_);
        workers_ = static_cast<int>(std::bit_ceil(std::min(static_cast<unsigned>(n_jobs), most_threads)));
        arena_ = FreeArenas::all().take(workers_);
    }
    void stop_call() noexcept override {
        if (arena_) FreeArenas::all().give_back(std::move(arena_), workers_);
    }
    void submit(std::shared_ptr<ParallelJob> job) override {
        if (queue_->push(std::move(job))) start_runner();
    }
    // A task may take longer than there is time.
    bool help(Until until) override {
        if (until) return false;
        bool more = false;
        const bool helped = queue_->run_one(more);
        if (more) start_runner();
        return helped;
    }

  private:
    void start_runner() { arena_->enqueue(Runner(queue_)); }

    const std::optional<int> inner_threads_;
    std::shared_ptr<Queue> queue_;
    int workers_ = 1;
    std::unique_ptr<tbb::task_arena> arena_;
};

}  // namespace

std::unique_ptr<ParallelBackend> make_threading_backend(const BackendOptions& options) {
    return std::make_unique<ThreadingBackend>(options.inner_max_num_threads);
}

}  // namespace jl

#else

namespace jl {

std::unique_ptr<ParallelBackend> make_threading_backend(const BackendOptions&) {
    throw Error(ErrorCode::unsupported,
                "the backend 'threading' needs oneTBB, which is not built into this jl (JL_WITH_TBB)");
}

}  // namespace jl

#endif
