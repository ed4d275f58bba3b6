// One Parallel call: takes tasks while there is room, hands them to the backend, keeps what is done until it is read.
#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>

#include <jl/detail/parallel_call.hpp>

#include "parallel/batch_size.hpp"
#include "parallel/parallel_context.hpp"
#include "parallel/progress_lines.hpp"

namespace jl::detail {

class ParallelCall final : public std::enable_shared_from_this<ParallelCall> {
  public:
    explicit ParallelCall(CallSetup setup);

    void begin();
    std::shared_ptr<CallJob> next();
    // Gives up what is left and waits until nothing runs, nothing is taken any more.
    void finish() noexcept;

  private:
    friend class CallJob;
    using Lock = std::unique_lock<std::mutex>;

    // Takes tasks while there is room. One thread at a time does, others leave a note: a job that ends inside of submit
    // as well as one that ends on another thread.
    void pump();
    bool take_one();
    bool has_room(const Lock&) const;
    std::shared_ptr<CallJob> take(std::size_t most);
    void ended(const std::shared_ptr<CallJob>& job, double seconds) noexcept;
    void keep(const std::shared_ptr<CallJob>& job, double seconds);
    void give_up(std::exception_ptr reason);
    std::shared_ptr<CallJob> ready(const Lock&);
    bool is_over(const Lock&) const;
    [[noreturn]] void throw_failure();
    bool reports() const noexcept;
    void report();
    void tell_end();

    CallSetup setup_;
    ParallelPlan plan_;
    BatchSize batch_;
    ProgressLines lines_;
    std::stop_source stop_;
    std::optional<std::stop_callback<std::function<void()>>> outer_stop_;
    ParallelContext inner_;  // that of the tasks

    std::mutex report_mutex_;  // locked before the other
    std::mutex mutex_;
    std::condition_variable changed_;
    std::map<std::uint64_t, std::shared_ptr<CallJob>> done_;  // by first task
    std::deque<std::uint64_t> order_;                         // of the ends
    std::uint64_t taken_ = 0;                                 // tasks
    std::uint64_t finished_ = 0;                              // tasks
    std::uint64_t read_ = 0;                                  // tasks
    std::uint64_t batches_ = 0;                               // taken
    std::uint64_t out_ = 0;                                   // jobs
    bool all_taken_ = false;
    bool told_end_ = false;
    unsigned pumping_ = 0;  // notes, that of the one who pumps included
    std::optional<TaskError> error_;
    std::exception_ptr failure_;  // of the range of tasks, of a callback
};

}  // namespace jl::detail
