// The part of a Parallel call that knows no types: what is out, what is done, what may be taken next.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>

#include <jl/outcome.hpp>
#include <jl/parallel_backend.hpp>
#include <jl/parallel_options.hpp>

namespace jl::detail {

class ParallelCall;

class CallJob;

// How a job is run.
struct RunningJob {
    bool all = false;  // go on behind a task that failed
    std::stop_token stop = {};
    std::function<std::string()> why_given_up = {};  // of tasks that do not begin any more
    // Whether others should have a part of what is left, since it takes longer than tasks did before.
    std::function<bool()> is_too_long = {};
    std::function<void(std::uint64_t first, std::shared_ptr<CallJob> part)> give_back = {};
};

// Tasks of a call and what became of them; what is derived from it knows their types. Backends see it through a
// ParallelJob of its own.
class CallJob {
  public:
    virtual ~CallJob() = default;
    virtual std::size_t size() const noexcept = 0;
    std::uint64_t first() const noexcept { return first_; }

  protected:
    // One outcome each, cancelled ones behind an error or a stop. Nothing that the tasks were made of is kept.
    virtual void run_tasks(RunningJob& job) = 0;
    // The same outcome for all tasks that have none.
    virtual void fail_tasks(TaskEnd end, const std::string& detail) = 0;
    // As those of ParallelJob; `detail` of the next task, which gets the TaskError.
    // Or else the next task runs here, where it cannot be encoded.
    virtual EncodedTasks encode_tasks(RunningJob* or_else) = 0;
    virtual std::shared_ptr<TasksToRun> inherited_tasks() = 0;
    virtual std::size_t left() const noexcept = 0;
    virtual void accept_result(std::span<const std::byte> result) = 0;
    virtual void fail_next(TaskEnd end, const std::string& detail) = 0;
    // Of tasks that failed or were cancelled; null when every task has a value.
    virtual const TaskError* first_error() const noexcept = 0;

  private:
    friend class ParallelCall;
    friend class JobOfCall;
    std::uint64_t first_ = 0;
    std::uint64_t turn_ = 0;  // to be read, among those that are done
};

enum class Order : std::uint8_t { of_tasks, as_done };
enum class OnError : std::uint8_t { stop, go_on };
enum class Results : std::uint8_t { all, streamed };  // streamed: those that nobody has read yet count as out

// Why tasks, or their results alone, cannot leave this process; null: they can.
struct WhyStays {
    std::string (*tasks)() = nullptr;
    std::string (*results)() = nullptr;
};

struct CallSetup {
    ParallelOptions options = {};
    Order order = Order::of_tasks;
    OnError on_error = OnError::stop;
    Results results = Results::all;
    std::optional<std::uint64_t> known_total = {};
    WhyStays why_stays = {};
    // The next tasks, at most so many, at least one; null behind the last. Called by one thread at a time.
    std::function<std::shared_ptr<CallJob>(std::size_t most)> take = {};
};

// Owns the call: the destructor gives up what is left and waits for the tasks that run.
class RunningCall {
  public:
    explicit RunningCall(CallSetup setup);
    RunningCall(RunningCall&&) noexcept;
    RunningCall& operator=(RunningCall&&) noexcept;
    ~RunningCall();

    // Waits for the next job that is done; null behind the last, and when it was moved from. Throws the first
    // TaskError, what taking tasks threw, TaskError{timeout}, TaskError{cancelled}; no task runs any more then.
    std::shared_ptr<CallJob> next();
    // Of tasks that were not taken, behind the last job.
    std::string why_given_up() const;

  private:
    std::unique_ptr<ParallelCall> call_;
};

}  // namespace jl::detail
