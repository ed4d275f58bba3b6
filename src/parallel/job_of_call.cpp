#include "parallel/job_of_call.hpp"

#include <utility>

#include "parallel/parallel_call.hpp"
#include "parallel/parallel_context.hpp"

namespace jl::detail {

JobOfCall::JobOfCall(ParallelCall& call, std::shared_ptr<CallJob> job)
    : call_(call), first_(job->first()), size_(job->size()), job_(std::move(job)) {}

JobOfCall::~JobOfCall() { lose("the backend dropped it"); }

template <class F>
void JobOfCall::or_give_up(const F& act) noexcept {
    try {
        act();
    } catch (...) {
        call_.give_up(std::current_exception());
    }
}

void JobOfCall::run() noexcept {
    if (claimed_.exchange(true)) return;
    const auto begin = Clock::now();
    ++call_.running_;
    or_give_up([&] {
        const ContextScope inside(call_.inner_);
        RunningJob how = call_.how_to_run(begin);
        job_->run_tasks(how);
    });
    --call_.running_;
    call_.ended(std::move(job_), std::chrono::duration<double>(Clock::now() - begin).count());
}

void JobOfCall::lose(std::string_view reason) noexcept {
    if (claimed_.exchange(true)) return;
    or_give_up([&] { job_->fail_tasks(TaskEnd::worker_lost, std::string(reason)); });
    call_.ended(std::move(job_), 0);
}

// Where nobody asked for other processes, a task that cannot go there runs here.
EncodedTasks JobOfCall::encode() {
    if (!begun_) begun_ = Clock::now();
    const ContextScope inside(call_.inner_);
    RunningJob how = call_.how_to_run(*begun_);
    EncodedTasks tasks = job_->encode_tasks(call_.plan_.is_backend_ours ? &how : nullptr);
    tasks.all = call_.setup_.on_error == OnError::go_on || (tasks.count == 0 && !job_->first_error());
    return tasks;
}

InheritedTasks JobOfCall::inherit() {
    if (!begun_) begun_ = Clock::now();
    return {.tasks = job_->inherited_tasks(), .all = call_.setup_.on_error == OnError::go_on};
}

void JobOfCall::finish() noexcept {
    if (claimed_.exchange(true)) return;
    const auto took = begun_ ? Clock::now() - *begun_ : Clock::duration();
    or_give_up([&] {
        if (begun_ && call_.timed_out_ && job_->left() > 0) job_->fail_next(TaskEnd::timeout, call_.late_);
        job_->fail_tasks(TaskEnd::cancelled, call_.why_given_up());
    });
    call_.ended(std::move(job_), std::chrono::duration<double>(took).count());
}

}  // namespace jl::detail
