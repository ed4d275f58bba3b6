// What runs the tasks of jl::Parallel, and how to bring an engine of one's own.
//
//     class InlineBackend final : public jl::ParallelBackend {
//       public:
//         std::string name() const override { return "InlineBackend"; }
//         int effective_n_jobs(int n_jobs) override { return n_jobs; }
//         void submit(std::shared_ptr<jl::ParallelJob> job) override { job->run(); }
//     };
//     jl::register_parallel_backend(
//         "inline", [](const jl::BackendOptions&) { return std::make_unique<InlineBackend>(); });
//     auto results = jl::Parallel({.backend = "inline"})(tasks);
//
// Order, batches, progress, timeouts and errors are Parallel's: a backend runs jobs, in any order, on any thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <jl/load.hpp>
#include <jl/outcome.hpp>

namespace jl {

namespace detail {
class TasksToRun;
}

// Tasks for a process that shares no memory with this one.
struct EncodedTasks {
    std::string name;              // which tasks these are: the same in every process of the program
    std::vector<std::byte> bytes;  // for that process
    std::size_t count = 0;         // tasks
    bool all = false;              // whether the others are wanted: when one has failed; of none, now
};

// Tasks for a child of fork(), which finds them as they are here.
struct InheritedTasks {
    std::shared_ptr<detail::TasksToRun> tasks;  // as long as their job is there
    bool all = false;                           // whether the others are wanted when one has failed
};

// Some tasks that run one after the other. A backend calls run(), lose() or finish(), one of them, once; more is
// nothing. A job that it drops is lost.
class ParallelJob {
  public:
    virtual ~ParallelJob() = default;
    virtual std::uint64_t first() const noexcept = 0;  // index of the first task
    virtual std::size_t size() const noexcept = 0;     // tasks
    // Runs them on this thread; what they throw is kept. Returns at once when the call was given up meanwhile.
    virtual void run() noexcept = 0;
    // None of them can be run any more; `reason` is what TaskError says.
    virtual void lose(std::string_view reason) noexcept = 0;

    // In place of run(), where the tasks run somewhere else: encode(), then an outcome for each task in their order,
    // then finish(). One thread at a time.
    // The next tasks without an outcome, up to one that cannot be encoded; where that is the first, it gets its outcome
    // and there are none. Error when tasks of this kind cannot leave the process.
    virtual EncodedTasks encode() = 0;
    // In place of encode(), for a copy of this process: the tasks without an outcome. Error when their results cannot
    // come back from there.
    virtual InheritedTasks inherit() = 0;
    virtual std::size_t left() const noexcept = 0;                  // tasks without an outcome
    virtual void accept(std::span<const std::byte> result) = 0;     // of the next task. Error for bytes that are none
    virtual void fail(TaskEnd end, const std::string& detail) = 0;  // the next task
    virtual void finish() noexcept = 0;                             // tasks without an outcome were given up
};

// What goes to another process, or comes back from it: types that are portable (jl/portable.hpp).
enum class Leaving : std::uint8_t { nothing, results, tasks_and_results };

struct BackendCaps {
    bool sharedmem = true;  // tasks see the memory of the caller
    double best_batch = 0;  // seconds of work that make a batch worth its way; 0: a task is a batch
    // nothing: jobs are run where they are; results: inherited; tasks_and_results: encoded.
    Leaving leaving = Leaving::nothing;
    bool ends_tasks = false;  // that take longer than BackendOptions::task_timeout
};

struct BackendOptions {
    std::string address = {};  // "tcp://host:8786" where the call says "mine://tcp://host:8786" or "mine:tcp://…"
    int nesting_level = 0;     // how many Parallel calls this one is inside of
    std::optional<int> inner_max_num_threads = {};  // as ParallelOptions, from here on
    std::optional<std::uint64_t> max_nbytes = {};   // unset: payloads are not mapped
    std::string temp_folder = {};                   // empty: memory
    std::optional<MmapMode> mmap_mode = {};         // unset: copied
    std::optional<std::chrono::duration<double>> task_timeout = {};
};

// Tells a call how many tasks can run at a time from now on; less than 1 is 1.
using WorkersChanged = std::function<void(int n_jobs)>;

// Made for one Parallel call; submit may be called from any thread, run() of jobs inside of submit is allowed.
class ParallelBackend {
  public:
    virtual ~ParallelBackend() = default;
    virtual std::string name() const = 0;  // "ThreadingBackend": for people
    virtual BackendCaps caps() const noexcept { return {}; }
    // Tasks at a time when n_jobs are asked for: n_jobs, or for a negative one cores + 1 + n_jobs, at least 1; an
    // engine may have less. 1 from any n_jobs means that the backend cannot work in parallel here.
    virtual int effective_n_jobs(int n_jobs) = 0;
    // For engines whose workers come and go: `tell` may be called on any thread, without a lock that submit() takes
    // too, until stop_call() returns or start_call() throws. Tasks for new workers are submitted inside of it. Called
    // before start_call().
    virtual void watch_workers(WorkersChanged tell) { (void)tell; }
    // Before the first job of a call, with what effective_n_jobs() answered, or the number of tasks where that is less.
    virtual void start_call(int n_jobs) { (void)n_jobs; }
    virtual void submit(std::shared_ptr<ParallelJob> job) = 0;
    // The calling thread has nothing else to do until then, or for ever: it may run a job that waits, or wait itself
    // for what the backend waits for. False: there is nothing, and it sleeps until a job has ended.
    using Until = std::optional<std::chrono::steady_clock::time_point>;
    virtual bool help(Until until) { return (void)until, false; }
    // Nobody waits for the results any more: what runs may be stopped. Called on any thread, perhaps more than once,
    // between start_call() and stop_call(), inside of submit() and of a job's functions too.
    virtual void give_up() noexcept {}
    virtual void stop_call() noexcept {}
};

using BackendFactory = std::function<std::unique_ptr<ParallelBackend>(const BackendOptions&)>;

// From now on `name` is a backend, alone or with an address behind a colon; one of the same name is replaced.
// Thread-safe. Error{usage} for a name that is empty or has a colon.
void register_parallel_backend(std::string_view name, BackendFactory factory);
// Names that can be used, sorted.
std::vector<std::string> parallel_backends();

}  // namespace jl
