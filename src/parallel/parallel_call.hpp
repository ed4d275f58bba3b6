// One Parallel call: takes tasks while there is room, hands them to the backend, keeps what is done until it is read.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include <jl/detail/parallel_call.hpp>

#include "parallel/batch_sizing.hpp"
#include "parallel/parallel_context.hpp"
#include "parallel/progress_lines.hpp"

namespace jl::detail {

class JobOfCall;

// Jobs that are out refer to it: finish() waits for the last one, and the last one's end touches nothing of the call
// once it has let go of the mutex.
class ParallelCall {
  public:
    explicit ParallelCall(CallSetup setup);

    void begin();
    std::shared_ptr<CallJob> next();
    // Gives up what is left and waits until nothing runs, nothing is taken any more.
    void finish() noexcept;
    // Of tasks that will not begin.
    std::string why_given_up() const;

  private:
    friend class JobOfCall;
    using Lock = std::unique_lock<std::mutex>;

    // Takes tasks while there is room. One thread at a time does, others leave a note: a job that ends inside of submit
    // as well as one that ends on another thread.
    void pump(Lock& lock);
    bool take_one();
    bool has_room(const Lock&) const;
    std::shared_ptr<JobOfCall> take(std::size_t most);
    // `first`: of a part of a job; unset: the next tasks.
    std::shared_ptr<JobOfCall> taken(std::shared_ptr<CallJob> job, std::optional<std::uint64_t> first);
    void submit(const std::shared_ptr<JobOfCall>& job);
    void workers_are(int n_jobs);
    RunningJob how_to_run(std::chrono::steady_clock::time_point begin);
    // A batch is sized by tasks before it: one that takes much longer gives back a part of what it has not begun.
    void take_back(std::uint64_t first, std::shared_ptr<CallJob> part);
    // `seconds`: that the tasks ran.
    void ended(std::shared_ptr<CallJob> job, double seconds) noexcept;
    struct Ended {
        double seconds = 0;
        std::size_t batch_before = 0, batch_now = 0;  // tasks in a batch
    };
    Ended keep(std::shared_ptr<CallJob> job, double seconds);
    // The call ends with that; the first reason counts.
    void give_up(std::exception_ptr reason);
    // Runs what tasks registered with their stop_token: never under the mutex.
    void stop();
    // No more results are wanted. Else a stop leaves an outcome to every task that was taken.
    bool fails(const Lock&) const;
    bool takes_no_more(const Lock&) const;
    bool took_all(const Lock&) const;
    int workers() const;
    bool is_ready(const Lock&) const;
    std::shared_ptr<CallJob> ready(const Lock&);
    static bool comes_later(const std::shared_ptr<CallJob>& one, const std::shared_ptr<CallJob>& other) noexcept;
    bool is_over(const Lock&) const;
    bool help(ParallelBackend::Until until) noexcept;
    // From now on; nothing where there is no time to wait for.
    static std::optional<std::chrono::steady_clock::time_point> end_of(
        const std::optional<std::chrono::duration<double>>& timeout);
    bool is_late(const Lock&) const;
    std::string nothing_in_time() const;
    void no_result_in_time(Lock& lock);
    [[noreturn]] void throw_failure();
    bool reports() const noexcept;
    void report(const Ended& ended);
    void tell_end();
    void tell_failure() noexcept;

    CallSetup setup_;
    ParallelPlan plan_;
    const ParallelOptions& options_;
    BatchSizing batch_;
    ProgressLines lines_;
    std::stop_source stop_;
    std::optional<std::stop_callback<std::function<void()>>> outer_stop_;  // that of the options
    std::optional<std::stop_callback<std::function<void()>>> task_stop_;   // that of the task around this call
    const ParallelContext around_ = parallel_context();                    // that of the caller
    ParallelContext inner_;                                                // that of the tasks

    std::optional<std::chrono::steady_clock::time_point> end_;  // by call_timeout
    std::atomic<int> n_jobs_{1};                                // workers, as far as known
    std::atomic<int> running_{0};                               // jobs
    std::atomic<bool> started_{false};                          // the backend knows of the call
    std::atomic<bool> timed_out_{false};                        // and every task is to have an outcome
    std::string late_;                                          // what was, before that is set
    std::mutex report_mutex_;                                   // locked before the other
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::shared_ptr<CallJob>> done_;  // a heap with room for those that are out: a job's end cannot fail
    std::optional<std::uint64_t> window_;         // batches out at a time
    std::uint64_t taken_ = 0;                     // tasks
    std::uint64_t finished_ = 0;                  // tasks
    std::uint64_t read_ = 0;                      // tasks
    std::uint64_t batches_ = 0;                   // taken
    std::uint64_t ends_ = 0;                      // of jobs
    std::uint64_t out_ = 0;                       // jobs
    bool all_taken_ = false;
    bool abandoned_ = false;
    bool finishing_ = false;
    bool incomplete_ = false;  // a task failed or was cancelled
    bool told_end_ = false;
    unsigned pumping_ = 0;        // notes, that of the one who pumps included
    std::exception_ptr failure_;  // why it was given up: a TaskError, or what the range of tasks or a callback threw
};

}  // namespace jl::detail
