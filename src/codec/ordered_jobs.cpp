#include "codec/ordered_jobs.hpp"

#include <system_error>
#include <utility>

namespace jl::detail {

OrderedJobs::OrderedJobs(unsigned n_threads, std::size_t slots, Work work)
    : n_threads_(n_threads), work_(std::move(work)), jobs_(slots) {
    threads_.reserve(n_threads);
}

OrderedJobs::~OrderedJobs() { cancel(); }

void OrderedJobs::submit() {
    bool short_of_threads = false;
    {
        const std::lock_guard lock(mutex_);
        jobs_[slot_of(given_)] = {};
        ++given_;
        // One job is left to the caller, who will wait for it in a moment.
        short_of_threads = given_ - begun_ > 1 && threads_.size() + 1 < n_threads_;
    }
    if (short_of_threads) start_thread();
    waiting_.notify_one();
}

// Where the system refuses another thread, those that are there do the work.
void OrderedJobs::start_thread() {
    const auto worker = static_cast<unsigned>(threads_.size());
    try {
        threads_.emplace_back([this, worker] { serve(worker); });
    } catch (const std::system_error&) {
        n_threads_ = worker + 1;
    }
}

std::optional<std::uint64_t> OrderedJobs::take() {
    if (stopping_ || begun_ == given_) return std::nullopt;
    return begun_++;
}

void OrderedJobs::run(unsigned worker, std::uint64_t number) noexcept {
    std::exception_ptr error;
    try {
        work_(worker, slot_of(number));
    } catch (...) {
        error = std::current_exception();
    }
    const std::lock_guard lock(mutex_);
    jobs_[slot_of(number)] = {true, std::move(error)};
    done_.notify_all();
}

void OrderedJobs::serve(unsigned worker) {
    std::unique_lock lock(mutex_);
    for (;;) {
        waiting_.wait(lock, [&] { return stopping_ || begun_ != given_; });
        const std::optional<std::uint64_t> number = take();
        if (!number) return;
        lock.unlock();
        run(worker, *number);
        lock.lock();
    }
}

std::size_t OrderedJobs::finish_oldest() {
    const std::size_t slot = slot_of(oldest_);
    std::unique_lock lock(mutex_);
    while (!jobs_[slot].done) {
        if (const std::optional<std::uint64_t> number = take()) {
            lock.unlock();
            run(n_threads_ - 1, *number);
            lock.lock();
        } else {
            done_.wait(lock, [&] { return jobs_[slot].done; });
        }
    }
    ++oldest_;
    if (const std::exception_ptr error = std::exchange(jobs_[slot].error, nullptr)) std::rethrow_exception(error);
    return slot;
}

void OrderedJobs::cancel() noexcept {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    waiting_.notify_all();
    threads_.clear();
}

}  // namespace jl::detail
