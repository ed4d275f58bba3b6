#include "parallel/parallel_call.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <optional>
#include <utility>

#include "parallel/job_of_call.hpp"

namespace jl::detail {

using Clock = std::chrono::steady_clock;

namespace {

// Done jobs that wait for a reader who could go on: what is made faster than it is read must not pile up.
constexpr std::size_t most_unread = 1024;

// joblib's threads take one task after the other, too: a line of progress for each.
double best_batch(const ParallelPlan& plan) {
    const BackendCaps caps = plan.backend->caps();
    return plan.verbose > 0 && caps.sharedmem ? 0 : caps.best_batch;
}

// For calls inside of tasks that run on the caller's thread nothing changes, but that their progress is their own.
ParallelContext here() {
    ParallelContext context = parallel_context();
    if (!context.options || !context.options->progress) return context;
    auto options = std::make_shared<ParallelOptions>(*context.options);
    options->progress = nullptr;
    context.options = std::move(options);
    return context;
}

ParallelContext context_of_tasks(const ParallelPlan& plan) {
    if (plan.is_here) return here();
    return {.nesting_level = parallel_context().nesting_level + 1, .options = nullptr, .stop = {}};
}

}  // namespace

ParallelCall::ParallelCall(CallSetup setup)
    : setup_(std::move(setup)),
      plan_(plan_of(setup_.options, setup_.why_stays)),
      options_(plan_.options),
      batch_(options_.batch_size.tasks(), best_batch(plan_)),
      lines_({.verbose = plan_.verbose,
              .asked = plan_.asked,
              .workers = plan_.n_jobs,
              .pre_dispatch = plan_.window.value_or(0),
              .log = options_.log}),
      inner_(context_of_tasks(plan_)),
      n_jobs_(plan_.n_jobs),
      window_(plan_.window) {
    if (setup_.results == Results::all && options_.return_as != ReturnAs::list)
        throw Error(ErrorCode::usage, "return_as: a call gives a list of all results; stream() is the generator");
    inner_.stop = stop_.get_token();
    end_ = end_of(options_.call_timeout);
}

void ParallelCall::begin() {
    lines_.begin(plan_.backend->name());
    plan_.backend->watch_workers([this](int n_jobs) { workers_are(n_jobs); });
    plan_.backend->start_call(workers());
    started_ = true;
    if (options_.stop.stop_possible()) outer_stop_.emplace(options_.stop, [this] { stop(); });
    const std::stop_token around = parallel_context().stop;
    if (around.stop_possible()) task_stop_.emplace(around, [this] { stop(); });
    Lock lock(mutex_);
    pump(lock);
}

// More workers than tasks would be started for nothing.
int ParallelCall::workers() const {
    if (!setup_.known_total) return plan_.n_jobs;
    return static_cast<int>(
        std::clamp<std::uint64_t>(*setup_.known_total, 1, static_cast<std::uint64_t>(plan_.n_jobs)));
}

void ParallelCall::workers_are(int n_jobs) {
    n_jobs = std::max(n_jobs, 1);
    try {
        const std::optional<std::uint64_t> window = options_.pre_dispatch.batches(n_jobs);
        Lock lock(mutex_);
        if (finishing_) return;
        n_jobs_ = n_jobs;
        window_ = window;
        if (started_) pump(lock);
    } catch (...) {
        give_up(std::current_exception());
    }
}

bool ParallelCall::took_all(const Lock&) const {
    return all_taken_ || (setup_.known_total && taken_ >= *setup_.known_total);
}

bool ParallelCall::fails(const Lock& lock) const {
    if (failure_ || abandoned_) return true;
    // A stop when every task has its result takes nothing away.
    const bool came_too_late = took_all(lock) && out_ == 0 && !incomplete_;
    return setup_.on_error == OnError::stop && stop_.stop_requested() && !came_too_late;
}

// A range may make its elements, or wait for them: nobody does that for tasks that are given up.
bool ParallelCall::takes_no_more(const Lock& lock) const {
    return fails(lock) || stop_.stop_requested() || is_late(lock);
}

bool ParallelCall::has_room(const Lock& lock) const {
    if (took_all(lock) || takes_no_more(lock)) return false;
    if (setup_.results == Results::all && done_.size() >= most_unread && is_ready(lock)) return false;
    const std::uint64_t waiting = out_ + (setup_.results == Results::streamed ? done_.size() : 0);
    return !window_ || waiting < *window_;
}

void ParallelCall::pump(Lock& lock) {
    if (++pumping_ > 1) return;
    while (true) {
        const unsigned seen = pumping_;
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
    }
}

bool ParallelCall::take_one() {
    std::size_t most = 1;
    {
        const Lock lock(mutex_);
        std::optional<std::uint64_t> left;
        if (setup_.known_total && *setup_.known_total > taken_) left = *setup_.known_total - taken_;
        most = batch_.next(left, n_jobs_);
    }
    const std::shared_ptr<JobOfCall> job = take(most);
    if (job) submit(job);
    return job != nullptr;
}

std::shared_ptr<JobOfCall> ParallelCall::take(std::size_t most) {
    try {
        const ContextScope as_the_caller(around_);
        if (std::shared_ptr<CallJob> job = setup_.take(most)) return taken(std::move(job), std::nullopt);
    } catch (...) {
        give_up(std::current_exception());
    }
    const Lock lock(mutex_);
    all_taken_ = true;
    return nullptr;
}

// From here on the job is out, and has to end.
std::shared_ptr<JobOfCall> ParallelCall::taken(std::shared_ptr<CallJob> job, std::optional<std::uint64_t> first) {
    const Lock lock(mutex_);
    const std::size_t needed = done_.size() + out_ + 1;
    if (done_.capacity() < needed) done_.reserve(2 * needed);
    job->first_ = first.value_or(taken_);
    const std::size_t more = first ? 0 : job->size();
    auto handed_over = std::make_shared<JobOfCall>(*this, std::move(job));
    taken_ += more;
    ++batches_;
    ++out_;
    return handed_over;
}

RunningJob ParallelCall::how_to_run(Clock::time_point begin) {
    RunningJob how{.all = setup_.on_error == OnError::go_on, .stop = stop_.get_token()};
    how.why_given_up = [this] { return why_given_up(); };
    how.give_back = [this](std::uint64_t first, std::shared_ptr<CallJob> part) { take_back(first, std::move(part)); };
    if (batch_.seconds() == 0 || n_jobs_ == 1) {
        how.is_too_long = [] { return false; };
        return how;
    }
    const auto patience =
        std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(4 * batch_.seconds()));
    how.is_too_long = [end = begin + patience, patience]() mutable {
        const auto now = Clock::now();
        if (now < end) return false;
        end = now + patience;
        return true;
    };
    return how;
}

void ParallelCall::take_back(std::uint64_t first, std::shared_ptr<CallJob> part) {
    submit(taken(std::move(part), first));
}

void ParallelCall::submit(const std::shared_ptr<JobOfCall>& job) {
    if (stop_.stop_requested()) return job->run();  // which runs no task any more
    try {
        plan_.backend->submit(job);
    } catch (const std::exception& error) {
        job->lose(error.what());
    } catch (...) {
        job->lose("the backend threw something that is no std::exception");
    }
}

void ParallelCall::ended(std::shared_ptr<CallJob> job, double seconds) noexcept {
    if (reports() && !stop_.stop_requested()) {  // one after the other
        const std::lock_guard reporting(report_mutex_);
        report(keep(std::move(job), seconds));
    } else {
        keep(std::move(job), seconds);
    }
    Lock lock(mutex_);
    --out_;
    changed_.notify_all();
    pump(lock);
}

ParallelCall::Ended ParallelCall::keep(std::shared_ptr<CallJob> job, double seconds) {
    std::exception_ptr reason;
    Ended ended{.seconds = seconds};
    {
        const Lock lock(mutex_);
        finished_ += job->size();
        ended.batch_before = batch_.size();
        batch_.ended(job->size(), seconds);
        ended.batch_now = batch_.size();
        job->turn_ = setup_.order == Order::as_done ? ends_++ : job->first();
        const TaskError* error = setup_.on_error == OnError::stop ? job->first_error() : nullptr;
        incomplete_ |= error != nullptr;
        if (error) {
            reason = std::make_exception_ptr(*error);
        } else {
            done_.push_back(std::move(job));
            std::push_heap(done_.begin(), done_.end(), comes_later);
        }
    }
    if (reason) give_up(std::move(reason));
    return ended;
}

bool ParallelCall::reports() const noexcept { return plan_.verbose > 0 || options_.progress; }

void ParallelCall::report(const Ended& ended) {
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
        const ContextScope as_the_caller(around_);
        lines_.report(state);
        if (ended.batch_now != ended.batch_before && !state.all_taken)
            lines_.report_batch_size(ended.seconds, ended.batch_before, ended.batch_now);
        if (options_.progress)
            options_.progress({.done = state.done, .total = state.total.value_or(0), .finished = false});
    } catch (...) {
        give_up(std::current_exception());
    }
}

void ParallelCall::give_up(std::exception_ptr reason) {
    {
        // What a task throws because it was told to stop is no reason.
        const Lock lock(mutex_);
        if (!fails(lock)) failure_ = std::move(reason);
    }
    stop();
}

void ParallelCall::stop() {
    stop_.request_stop();
    if (started_) plan_.backend->give_up();
    const Lock lock(mutex_);
    changed_.notify_all();
}

}  // namespace jl::detail
