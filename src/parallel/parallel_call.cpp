#include "parallel/parallel_call.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <optional>
#include <utility>

#include "parallel/seconds_text.hpp"

namespace jl::detail {

using Clock = std::chrono::steady_clock;

// ---- jobs ----

// What a backend holds of a job. It may be run or lost, once; one that is dropped is lost.
class JobOfCall final : public ParallelJob {
  public:
    JobOfCall(ParallelCall& call, std::shared_ptr<CallJob> job)
        : call_(call), first_(job->first()), size_(job->size()), job_(std::move(job)) {}
    JobOfCall(const JobOfCall&) = delete;
    JobOfCall& operator=(const JobOfCall&) = delete;
    ~JobOfCall() override { lose("the backend dropped it"); }

    std::uint64_t first() const noexcept override { return first_; }
    std::size_t size() const noexcept override { return size_; }

    void run() noexcept override {
        if (claimed_.exchange(true)) return;
        const auto begin = Clock::now();
        ++call_.running_;
        try {
            const ContextScope inside(call_.inner_);
            RunningJob how = call_.how_to_run(begin);
            job_->run_tasks(how);
        } catch (...) {  // no memory for the outcomes
            call_.give_up(std::current_exception());
        }
        --call_.running_;
        call_.ended(std::move(job_), std::chrono::duration<double>(Clock::now() - begin).count());
    }
    void lose(std::string_view reason) noexcept override {
        if (claimed_.exchange(true)) return;
        or_give_up([&] { job_->fail_tasks(TaskEnd::worker_lost, std::string(reason)); });
        call_.ended(std::move(job_), 0);
    }

    // Where nobody asked for other processes, a task that cannot go there runs here.
    EncodedTasks encode() override {
        if (!begun_) begun_ = Clock::now();
        const ContextScope inside(call_.inner_);
        RunningJob how = call_.how_to_run(*begun_);
        EncodedTasks tasks = job_->encode_tasks(call_.plan_.is_backend_ours ? &how : nullptr);
        tasks.all = call_.setup_.on_error == OnError::go_on || (tasks.count == 0 && !job_->first_error());
        return tasks;
    }
    InheritedTasks inherit() override {
        if (!begun_) begun_ = Clock::now();
        return {.tasks = job_->inherited_tasks(), .all = call_.setup_.on_error == OnError::go_on};
    }
    std::size_t left() const noexcept override { return job_->left(); }
    void accept(std::span<const std::byte> result) override { job_->accept_result(result); }
    void fail(TaskEnd end, const std::string& detail) override { job_->fail_next(end, detail); }
    void finish() noexcept override {
        if (claimed_.exchange(true)) return;
        const auto took = begun_ ? Clock::now() - *begun_ : Clock::duration();
        or_give_up([&] {
            if (begun_ && call_.timed_out_ && job_->left() > 0) job_->fail_next(TaskEnd::timeout, call_.late_);
            job_->fail_tasks(TaskEnd::cancelled, call_.why_given_up());
        });
        call_.ended(std::move(job_), std::chrono::duration<double>(took).count());
    }

  private:
    // Where there is no memory for an outcome, the call ends with that.
    template <class F>
    void or_give_up(const F& act) noexcept {
        try {
            act();
        } catch (...) {
            call_.give_up(std::current_exception());
        }
    }

    ParallelCall& call_;  // until the job has ended
    const std::uint64_t first_;
    const std::size_t size_;
    std::shared_ptr<CallJob> job_;
    std::optional<Clock::time_point> begun_;  // of tasks that run somewhere else
    std::atomic<bool> claimed_{false};
};

// ---- the call ----

namespace {

// Done jobs that wait for a reader who could go on: what is made faster than it is read must not pile up.
constexpr std::size_t most_unread = 1024;

// From now on; nothing where there is no time to wait for.
std::optional<Clock::time_point> end_of(const std::optional<std::chrono::duration<double>>& timeout) {
    constexpr std::chrono::hours for_ever(24 * 365 * 100);  // longer ones would not fit into a time_point
    if (!timeout || timeout->count() == 0 || *timeout > for_ever) return std::nullopt;
    return Clock::now() + std::chrono::duration_cast<Clock::duration>(*timeout);
}

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
