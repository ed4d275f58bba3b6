// Jobs that run on several threads and are handed back in the order in which they were given.
//
//     OrderedJobs jobs(4, 6, [&](unsigned worker, std::size_t slot) { slots[slot].compress(kernels[worker]); });
//     if (jobs.full()) commit(slots[jobs.finish_oldest()]);
//     fill(slots[jobs.next_slot()]);  jobs.submit();
//
// The caller's thread is one of the workers: it runs jobs while it waits, so n_threads = 1 starts no thread at all.
// Others are started when jobs wait. What a job throws is thrown by finish_oldest(). Used by one thread; destruction
// cancels.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace jl::detail {

class OrderedJobs final {
  public:
    // `work` is called with a worker below n_threads, by one thread at a time for each worker and each slot.
    using Work = std::function<void(unsigned worker, std::size_t slot)>;
    OrderedJobs(unsigned n_threads, std::size_t slots, Work work);
    OrderedJobs(const OrderedJobs&) = delete;
    OrderedJobs& operator=(const OrderedJobs&) = delete;
    ~OrderedJobs();

    bool empty() const noexcept { return oldest_ == given_; }
    bool full() const noexcept { return given_ - oldest_ == jobs_.size(); }
    // The slot that the next submit() gives away. Precondition: !full().
    std::size_t next_slot() const noexcept { return slot_of(given_); }
    void submit();
    // Waits for the oldest job and returns its slot, which is free from now on. Precondition: !empty().
    std::size_t finish_oldest();
    // Drops the jobs that have not begun and waits for the others; nothing can be submitted afterwards.
    void cancel() noexcept;

  private:
    struct Job {
        bool done = false;
        std::exception_ptr error;
    };

    std::size_t slot_of(std::uint64_t number) const noexcept { return static_cast<std::size_t>(number % jobs_.size()); }
    std::optional<std::uint64_t> take();
    void run(unsigned worker, std::uint64_t number) noexcept;
    void serve(unsigned worker);
    void start_thread();

    unsigned n_threads_;
    Work work_;
    std::vector<Job> jobs_;
    std::uint64_t oldest_ = 0;  // the caller's alone; jobs are numbered as given
    std::uint64_t given_ = 0;   // written by the caller under the mutex
    std::mutex mutex_;          // guards what follows, and jobs_
    std::condition_variable waiting_;
    std::condition_variable done_;
    std::uint64_t begun_ = 0;
    bool stopping_ = false;
    std::vector<std::jthread> threads_;  // last: joined before the rest goes
};

}  // namespace jl::detail
