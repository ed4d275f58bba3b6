#include "parallel/parallel_call.hpp"

#include <cstdio>
#include <utility>

namespace jl::detail {

// ---- jobs ----

void CallJob::run() noexcept {
    ParallelCall& call = *call_;
    try {
        const ContextScope inside(call.inner_);
        run_tasks(first_, call.setup_.on_error == OnError::go_on, call.stop_.get_token());
    } catch (const std::exception& error) {  // no memory for the outcomes
        fail_tasks(TaskEnd::exception, error.what());
    }
    end();
}

void CallJob::lose(const std::string& reason) noexcept {
    fail_tasks(TaskEnd::worker_lost, reason);
    end();
}

void CallJob::end() noexcept {
    const std::shared_ptr<ParallelCall> call = std::move(call_);  // a job that is done does not keep its call
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - submitted_;
    call->ended(shared_from_this(), took.count());
}

// ---- the call ----

namespace {

// Where one task runs at a time nothing changes for a call inside of it.
ParallelContext context_of_tasks(const ParallelPlan& plan) {
    if (plan.n_jobs == 1) return parallel_context();
    return {.nesting_level = parallel_context().nesting_level + 1, .options = nullptr};
}

std::string seconds_text(std::chrono::duration<double> time) {
    char text[32];
    std::snprintf(text, sizeof text, "%g s", time.count());
    return text;
}

}  // namespace

ParallelCall::ParallelCall(CallSetup setup)
    : setup_(std::move(setup)),
      plan_(plan_of(setup_.options)),
      batch_(setup_.options.batch_size, plan_.verbose > 0 ? 0 : plan_.backend->caps().best_batch),
      lines_(plan_.verbose, plan_.n_jobs, plan_.window.value_or(0), setup_.options.log),
      inner_(context_of_tasks(plan_)) {}

void ParallelCall::begin() {
    lines_.begin(plan_.backend->name());
    plan_.backend->start_call(plan_.n_jobs);
    if (setup_.options.stop.stop_possible())
        outer_stop_.emplace(setup_.options.stop, [this] {
            const Lock lock(mutex_);
            stop_.request_stop();
            changed_.notify_all();
        });
    pump();
}

bool ParallelCall::has_room(const Lock&) const {
    if (all_taken_ || stop_.stop_requested()) return false;
    const bool reads_later = setup_.results == Results::streamed;
    const std::uint64_t waiting = out_ + (reads_later ? done_.size() : 0);
    return !plan_.window || waiting < *plan_.window;
}

void ParallelCall::pump() {
    Lock lock(mutex_);
    if (++pumping_ > 1) return;
    unsigned seen = 0;
    do {
        seen = pumping_;
        while (has_room(lock)) {
            lock.unlock();
            const bool more = take_one();
            lock.lock();
            if (!more) break;
        }
        pumping_ -= seen;
        if (pumping_ > 0) continue;
        changed_.notify_all();
        return;
    } while (true);
}

std::shared_ptr<CallJob> ParallelCall::take(std::size_t most) {
    try {
        return setup_.take(most);
    } catch (...) {
        give_up(std::current_exception());
        return nullptr;
    }
}

bool ParallelCall::take_one() {
    std::size_t most = 1;
    {
        const Lock lock(mutex_);
        std::optional<std::uint64_t> left;
        if (setup_.known_total && *setup_.known_total > taken_) left = *setup_.known_total - taken_;
        most = batch_.next(left, plan_.n_jobs);
    }
    const std::shared_ptr<CallJob> job = take(most);
    {
        const Lock lock(mutex_);
        all_taken_ = !job;
        if (!job) return false;
        job->call_ = shared_from_this();
        job->first_ = taken_;
        job->submitted_ = std::chrono::steady_clock::now();
        taken_ += job->size();
        ++batches_;
        ++out_;
    }
    try {
        plan_.backend->submit(job);
    } catch (const std::exception& error) {
        job->lose(error.what());
    }
    return true;
}

void ParallelCall::ended(const std::shared_ptr<CallJob>& job, double seconds) noexcept {
    {
        // One report after the other; the call itself is not held up by what a callback does.
        std::unique_lock reporting(report_mutex_, std::defer_lock);
        if (reports()) reporting.lock();
        keep(job, seconds);
        if (reports()) report();
    }
    {
        const Lock lock(mutex_);
        --out_;
        changed_.notify_all();
    }
    pump();
}

void ParallelCall::keep(const std::shared_ptr<CallJob>& job, double seconds) {
    const Lock lock(mutex_);
    finished_ += job->size();
    batch_.ended(job->size(), seconds);
    done_.emplace(job->first(), job);
    order_.push_back(job->first());
    const TaskError* error = setup_.on_error == OnError::stop ? job->first_error() : nullptr;
    if (!error) return;
    if (!error_ || error->index() < error_->index()) error_ = *error;
    stop_.request_stop();
}

bool ParallelCall::reports() const noexcept { return plan_.verbose > 0 || setup_.options.progress; }

void ParallelCall::report() {
    ProgressLines::State state;
    {
        const Lock lock(mutex_);
        state = {.done = finished_,
                 .taken = taken_,
                 .batches = batches_,
                 .total = setup_.known_total,
                 .all_taken = all_taken_};
    }
    try {
        lines_.report(state);
        if (setup_.options.progress)
            setup_.options.progress({.done = state.done, .total = state.total.value_or(0), .finished = false});
    } catch (...) {
        give_up(std::current_exception());
    }
}

void ParallelCall::give_up(std::exception_ptr reason) {
    const Lock lock(mutex_);
    if (!failure_) failure_ = std::move(reason);
    stop_.request_stop();
}

std::shared_ptr<CallJob> ParallelCall::ready(const Lock&) {
    if (done_.empty()) return nullptr;
    auto at = done_.begin();
    if (setup_.order == Order::as_done)
        at = done_.find(order_.front()), order_.pop_front();
    else if (at->first != read_)
        return nullptr;
    std::shared_ptr<CallJob> job = std::move(at->second);
    done_.erase(at);
    read_ += job->size();
    return job;
}

bool ParallelCall::is_over(const Lock&) const {
    return out_ == 0 && pumping_ == 0 && (all_taken_ || stop_.stop_requested());
}

std::shared_ptr<CallJob> ParallelCall::next() {
    const auto limit = std::chrono::duration_cast<std::chrono::steady_clock::duration>(setup_.options.timeout);
    const auto deadline = std::chrono::steady_clock::now() + limit;
    const bool timed = limit.count() > 0;
    const bool helps = !timed;  // a task that runs here could not be left
    bool idle = !helps;         // nothing to help with was found since the last wait
    Lock lock(mutex_);
    while (true) {
        if (stop_.stop_requested()) {
            if (is_over(lock)) lock.unlock(), throw_failure();
        } else if (std::shared_ptr<CallJob> job = ready(lock)) {
            lock.unlock();
            pump();
            return job;
        } else if (is_over(lock)) {
            lock.unlock();
            tell_end();
            return nullptr;
        }
        if (!idle) {
            lock.unlock();
            idle = !plan_.backend->help();
            lock.lock();
            continue;
        }
        idle = !helps;
        if (!timed || stop_.stop_requested()) {
            changed_.wait(lock);
        } else if (changed_.wait_until(lock, deadline) == std::cv_status::timeout && !stop_.stop_requested()) {
            error_.emplace(read_, TaskEnd::timeout, "no result within " + seconds_text(setup_.options.timeout));
            stop_.request_stop();
        }
    }
}

void ParallelCall::tell_end() {
    if (std::exchange(told_end_, true)) return;
    lines_.finish(finished_, setup_.known_total);
    if (setup_.options.progress) setup_.options.progress({.done = finished_, .total = finished_, .finished = true});
}

void ParallelCall::throw_failure() {
    if (failure_) std::rethrow_exception(failure_);
    if (error_) throw *error_;
    throw TaskError(read_, TaskEnd::cancelled, "a stop was requested");
}

void ParallelCall::finish() noexcept {
    outer_stop_.reset();
    {
        Lock lock(mutex_);
        if (!is_over(lock)) stop_.request_stop();
        changed_.wait(lock, [&] { return out_ == 0 && pumping_ == 0; });
    }
    plan_.backend->stop_call();
}

// ---- its owner ----

RunningCall::RunningCall(CallSetup setup) : call_(std::make_shared<ParallelCall>(std::move(setup))) {
    try {
        call_->begin();
    } catch (...) {
        call_->finish();
        throw;
    }
}

RunningCall& RunningCall::operator=(RunningCall&& other) noexcept {
    if (this == &other) return *this;
    if (call_) call_->finish();
    call_ = std::move(other.call_);
    return *this;
}

RunningCall::~RunningCall() {
    if (call_) call_->finish();
}

std::shared_ptr<CallJob> RunningCall::next() { return call_->next(); }

}  // namespace jl::detail
