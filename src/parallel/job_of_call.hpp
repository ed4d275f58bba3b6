// What a backend holds of a job of a call.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <jl/detail/parallel_call.hpp>
#include <jl/parallel_backend.hpp>

namespace jl::detail {

class ParallelCall;

// It may be run, lost or finished, once; one that is dropped is lost.
class JobOfCall final : public ParallelJob {
  public:
    JobOfCall(ParallelCall& call, std::shared_ptr<CallJob> job);
    JobOfCall(const JobOfCall&) = delete;
    JobOfCall& operator=(const JobOfCall&) = delete;
    ~JobOfCall() override;

    std::uint64_t first() const noexcept override { return first_; }
    std::size_t size() const noexcept override { return size_; }
    void run() noexcept override;
    void lose(std::string_view reason) noexcept override;

    EncodedTasks encode() override;
    InheritedTasks inherit() override;
    std::size_t left() const noexcept override { return job_->left(); }
    void accept(std::span<const std::byte> result) override { job_->accept_result(result); }
    void fail(TaskEnd end, const std::string& detail) override { job_->fail_next(end, detail); }
    void finish() noexcept override;

  private:
    using Clock = std::chrono::steady_clock;

    // Where there is no memory for an outcome, the call ends with that.
    template <class F>
    void or_give_up(const F& act) noexcept;

    ParallelCall& call_;  // until the job has ended
    const std::uint64_t first_;
    const std::size_t size_;
    std::shared_ptr<CallJob> job_;
    std::optional<Clock::time_point> begun_;  // of tasks that run somewhere else
    std::atomic<bool> claimed_{false};
};

}  // namespace jl::detail
