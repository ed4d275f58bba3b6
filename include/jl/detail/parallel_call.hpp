// The part of a Parallel call that knows no types: what is out, what is done, what may be taken next.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

#include <jl/outcome.hpp>
#include <jl/parallel_backend.hpp>
#include <jl/parallel_options.hpp>

namespace jl::detail {

class ParallelCall;

// A job of a call; what is derived from it holds the tasks and their outcomes.
class CallJob : public ParallelJob, public std::enable_shared_from_this<CallJob> {
  public:
    std::uint64_t first() const noexcept final { return first_; }
    void run() noexcept final;
    void lose(const std::string& reason) noexcept final;

  protected:
    // Runs the tasks until one fails, or all when `all`; one outcome each, cancelled ones after a stop.
    virtual void run_tasks(std::uint64_t first, bool all, std::stop_token stop) = 0;
    // The same outcome for all tasks.
    virtual void fail_tasks(TaskEnd end, const std::string& detail) = 0;
    // Null when every task has a value.
    virtual const TaskError* first_error() const noexcept = 0;

  private:
    friend class ParallelCall;
    void end() noexcept;
    std::shared_ptr<ParallelCall> call_;
    std::uint64_t first_ = 0;
    std::chrono::steady_clock::time_point submitted_;
};

enum class Order : std::uint8_t { of_tasks, as_done };
enum class OnError : std::uint8_t { stop, go_on };
enum class Results : std::uint8_t { all, streamed };  // streamed: those that nobody has read yet count as out

struct CallSetup {
    ParallelOptions options = {};
    Order order = Order::of_tasks;
    OnError on_error = OnError::stop;
    Results results = Results::all;
    std::optional<std::uint64_t> known_total = {};
    // The next tasks, at most so many, at least one; null behind the last. Called by one thread at a time.
    std::function<std::shared_ptr<CallJob>(std::size_t most)> take = {};
};

// Owns the call: the destructor gives up what is left and waits for the tasks that run.
class RunningCall {
  public:
    explicit RunningCall(CallSetup setup);
    RunningCall(RunningCall&&) noexcept = default;
    RunningCall& operator=(RunningCall&&) noexcept;
    ~RunningCall();

    // Waits for the next job that is done; null behind the last. Throws the TaskError of the lowest index that failed,
    // what taking tasks threw, TaskError{timeout}, TaskError{cancelled}; no task runs any more then.
    std::shared_ptr<CallJob> next();

  private:
    std::shared_ptr<ParallelCall> call_;
};

}  // namespace jl::detail
