// The side of a call that waits: for results, for their time, for the end.
#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "parallel/job_of_call.hpp"
#include "parallel/parallel_call.hpp"
#include "parallel/seconds_text.hpp"

namespace jl::detail {

using Clock = std::chrono::steady_clock;

std::optional<Clock::time_point> ParallelCall::end_of(const std::optional<std::chrono::duration<double>>& timeout) {
    constexpr std::chrono::hours for_ever(24 * 365 * 100);  // longer ones would not fit into a time_point
    if (!timeout || timeout->count() == 0 || *timeout > for_ever) return std::nullopt;
    return Clock::now() + std::chrono::duration_cast<Clock::duration>(*timeout);
}

bool ParallelCall::is_ready(const Lock&) const {
    return !done_.empty() && (setup_.order == Order::as_done || done_.front()->turn_ == read_);
}

bool ParallelCall::comes_later(const std::shared_ptr<CallJob>& one, const std::shared_ptr<CallJob>& other) noexcept {
    return one->turn_ > other->turn_;
}

std::shared_ptr<CallJob> ParallelCall::ready(const Lock& lock) {
    if (!is_ready(lock)) return nullptr;
    std::pop_heap(done_.begin(), done_.end(), comes_later);
    std::shared_ptr<CallJob> job = std::move(done_.back());
    done_.pop_back();
    read_ += job->size();
    return job;
}

bool ParallelCall::is_over(const Lock& lock) const {
    const bool is_given_up = setup_.on_error == OnError::go_on && stop_.stop_requested();
    return out_ == 0 && pumping_ == 0 && (took_all(lock) || is_given_up || fails(lock));
}

std::shared_ptr<CallJob> ParallelCall::next() {
    std::optional<Clock::time_point> deadline = end_of(options_.timeout);
    if (end_) deadline = std::min(*end_, deadline.value_or(*end_));
    bool idle = false;  // nothing to help with was found since the last wait
    Lock lock(mutex_);
    while (true) {
        if (fails(lock)) {
            if (is_over(lock)) lock.unlock(), throw_failure();
        } else if (std::shared_ptr<CallJob> job = ready(lock)) {
            pump(lock);
            return job;
        } else if (is_over(lock)) {
            lock.unlock();
            tell_end();
            return nullptr;
        }
        const std::optional<Clock::time_point> until = stop_.stop_requested() ? std::nullopt : deadline;
        // A task that runs here could not be left, and would hold back the results that others make meanwhile.
        const bool leaves_it_to_others = setup_.results == Results::streamed && running_ > 0;
        if (until && Clock::now() >= *until) {
            no_result_in_time(lock);
        } else if (!idle && !leaves_it_to_others) {
            lock.unlock();
            idle = !help(until);
            lock.lock();
            continue;
        } else if (until) {
            changed_.wait_until(lock, *until);
        } else {
            changed_.wait(lock);
        }
        idle = false;
    }
}

bool ParallelCall::is_late(const Lock&) const { return end_ && Clock::now() >= *end_; }

bool ParallelCall::help(ParallelBackend::Until until) noexcept {
    try {
        return plan_.backend->help(until);
    } catch (...) {
        give_up(std::current_exception());
        return false;
    }
}

std::string ParallelCall::nothing_in_time() const {
    if (end_ && Clock::now() >= *end_) return "the call was not done within " + seconds_text(*options_.call_timeout);
    return "no result within " + seconds_text(*options_.timeout);
}

std::string ParallelCall::why_given_up() const {
    return "given up before it began: " + (timed_out_ ? late_ : "a stop was requested");
}

void ParallelCall::no_result_in_time(Lock& lock) {
    const TaskError error(read_, TaskEnd::timeout, nothing_in_time());
    lock.unlock();
    if (setup_.on_error == OnError::stop) {
        give_up(std::make_exception_ptr(error));
    } else {
        late_ = nothing_in_time();
        timed_out_ = true;
        stop();
    }
    lock.lock();
}

void ParallelCall::tell_end() {
    if (std::exchange(told_end_, true)) return;
    lines_.finish(finished_, setup_.known_total);
    if (options_.progress) options_.progress({.done = finished_, .total = finished_, .finished = true});
}

void ParallelCall::throw_failure() {
    if (failure_) std::rethrow_exception(failure_);
    throw TaskError(read_, TaskEnd::cancelled, "a stop was requested");
}

void ParallelCall::finish() noexcept {
    outer_stop_.reset();
    task_stop_.reset();
    Lock lock(mutex_);
    finishing_ = true;
    if (!is_over(lock)) {
        abandoned_ = true;
        lock.unlock();
        stop();
        lock.lock();
    }
    while (out_ > 0 || pumping_ > 0) {
        lock.unlock();
        const bool helped = help({});  // no task begins any more, but jobs have to end
        lock.lock();
        if (!helped && (out_ > 0 || pumping_ > 0)) changed_.wait(lock);
    }
    lock.unlock();
    if (started_) plan_.backend->stop_call();
    if (!std::exchange(told_end_, true) && options_.progress) tell_failure();
}

void ParallelCall::tell_failure() noexcept {
    try {
        options_.progress({.done = finished_, .total = setup_.known_total.value_or(0), .finished = true});
    } catch (...) {  // the call has ended with another reason
    }
}

// ---- its owner ----

RunningCall::RunningCall(CallSetup setup) : call_(std::make_unique<ParallelCall>(std::move(setup))) {
    try {
        call_->begin();
    } catch (...) {
        call_->finish();
        throw;
    }
}

RunningCall::RunningCall(RunningCall&&) noexcept = default;

RunningCall& RunningCall::operator=(RunningCall&& other) noexcept {
    if (this == &other) return *this;
    if (call_) call_->finish();
    call_ = std::move(other.call_);
    return *this;
}

RunningCall::~RunningCall() {
    if (call_) call_->finish();
}

std::string RunningCall::why_given_up() const { return call_->why_given_up(); }

std::shared_ptr<CallJob> RunningCall::next() { return call_ ? call_->next() : nullptr; }

}  // namespace jl::detail
