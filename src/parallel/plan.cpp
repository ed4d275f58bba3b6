#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>

#include <jl/cpu_count.hpp>
#include <jl/error.hpp>

#include "parallel/backends.hpp"
#include "parallel/parallel_context.hpp"
#include "parallel/seconds_text.hpp"
#include "parallel/worker.hpp"

namespace jl {
namespace {

using Time = std::optional<std::chrono::duration<double>>;

bool is_set(const Time& time) { return time && time->count() > 0; }

void require_time(const std::string& name, const Time& time) {
    if (time && !(time->count() >= 0))
        throw Error(ErrorCode::usage, name + " is " + seconds_text(*time) + ": no time is negative, and 0 is none");
}

// joblib's words.
void require_consistent(const ParallelOptions& options) {
    if (options.prefer == Prefer::processes && options.require == Require::sharedmem)
        throw Error(ErrorCode::usage, "prefer == 'processes' and require == 'sharedmem' are inconsistent settings");
    if (options.inner_max_num_threads && *options.inner_max_num_threads < 1)
        throw Error(ErrorCode::usage, "inner_max_num_threads is " + std::to_string(*options.inner_max_num_threads) +
                                          ": a library has at least 1 thread");
    require_time("timeout", options.timeout);
    require_time("call_timeout", options.call_timeout);
    require_time("task_timeout", options.task_timeout);
}

bool is_ours(std::string_view place) {
    constexpr std::array<std::string_view, 5> ours{"threading", "sequential", "multiprocessing", "loky", "fork"};
    return std::find(ours.begin(), ours.end(), BackendPlace(place).name) != ours.end();
}

// Where nobody names a backend: processes, as in joblib, for tasks that can go there in a program that has workers, and
// for those that somebody has to be able to end.
std::string default_backend(const ParallelOptions& options, int level, bool may_leave) {
    const bool may_be = options.prefer != Prefer::threads && options.require == Require::nothing;
    const bool wanted =
        options.prefer == Prefer::processes || (may_be && (is_set(options.task_timeout) || may_start_workers()));
    return wanted && level == 0 && may_leave ? "loky" : "threading";
}

// A scope's backend that cannot give what the call requires gives way to "threading".
std::string name_of_backend(const ParallelOptions& own, const ParallelOptions& options, int level, bool may_leave) {
    if (options.backend.empty()) return default_backend(options, level, may_leave);
    if (!own.backend.empty() || options.require != Require::sharedmem) return options.backend;
    return make_backend(options.backend, {.nesting_level = level})->caps().sharedmem ? options.backend : "threading";
}

std::string temp_folder_of(const ParallelOptions& options) {
    if (!options.temp_folder.empty()) return options.temp_folder;
    const char* const folder = std::getenv("JOBLIB_TEMP_FOLDER");
    return folder ? folder : "";
}

BackendOptions backend_options(const ParallelOptions& options, int level) {
    BackendOptions given{.nesting_level = level,
                         .inner_max_num_threads = options.inner_max_num_threads,
                         .max_nbytes = options.max_nbytes.bytes(),
                         .temp_folder = temp_folder_of(options),
                         .mmap_mode = options.mmap_mode.mode()};
    if (is_set(options.task_timeout)) given.task_timeout = options.task_timeout;
    return given;
}

void require_caps(const ParallelBackend& backend, const ParallelOptions& options, const detail::WhyStays& why_stays) {
    const BackendCaps caps = backend.caps();
    if (options.require == Require::sharedmem && !caps.sharedmem)
        throw Error(ErrorCode::usage, "Backend " + backend.name() + " does not support shared memory");
    if (is_set(options.task_timeout) && !caps.ends_tasks)
        throw Error(ErrorCode::usage,
                    "task_timeout: " + backend.name() +
                        " cannot end a task; backend 'multiprocessing' can, in worker processes" +
                        (why_stays.tasks ? ", but these tasks cannot go there: " + why_stays.tasks() : ""));
}

// Who asks for other processes by name wants them on a machine with one core, too.
bool has_to_be_apart(const ParallelPlan& plan, const ParallelContext& context) {
    return !plan.is_backend_ours && plan.backend->caps().leaving != Leaving::nothing && context.nesting_level == 0 &&
           !is_worker();
}

void require_way(const ParallelBackend& backend, const detail::WhyStays& why_stays) {
    const Leaving leaving = backend.caps().leaving;
    const bool of_results = leaving == Leaving::results;
    const auto why = of_results ? why_stays.results : why_stays.tasks;
    if (leaving == Leaving::nothing || !why) return;
    throw Error(ErrorCode::usage, backend.name() + " runs tasks in other processes, and " +
                                      (of_results ? "their results cannot come back: " : "these cannot go there: ") +
                                      why() + "; backend 'threading' runs any task");
}

}  // namespace

void BatchSize::refuse(const std::string& got) {
    throw Error(ErrorCode::usage, "batch_size must be 'auto' or a positive integer, got: " + got);
}

WorkerMmapMode::WorkerMmapMode(std::string_view text) : is_set_(true) {
    if (text == "r")
        mode_ = MmapMode::r;
    else if (text == "r+")
        mode_ = MmapMode::r_plus;
    else if (text == "c")
        mode_ = MmapMode::c;
    else
        throw Error(ErrorCode::usage, "mmap_mode '" + std::string(text) + "' is none of 'r', 'r+', 'c'");
}

void require_possible(const ParallelOptions& options) {
    require_consistent(options);
    if (!options.backend.empty()) require_backend(options.backend);
    if (options.n_jobs) (void)effective_n_jobs(*options.n_jobs);  // refuses 0
}

ParallelPlan plan_of(const ParallelOptions& own, const detail::WhyStays& why_stays) {
    const ParallelContext& context = parallel_context();
    ParallelPlan plan;
    plan.options = completed(own, context.options.get());
    require_possible(plan.options);
    plan.verbose = plan.options.verbose.value_or(0);
    plan.asked = plan.options.n_jobs.value_or(1);
    plan.is_backend_ours = plan.options.backend.empty();
    const std::string name = name_of_backend(own, plan.options, context.nesting_level, !why_stays.tasks);
    // One job of ours runs here, unless somebody has to be able to end it. A backend of the user's own is asked for one
    // job, too.
    const bool may_be_here = is_ours(name) && !is_set(plan.options.task_timeout);
    const bool too_deep = context.nesting_level >= 2 && plan.options.backend.empty();
    const bool is_alone = worker_kind() == WorkerKind::forked;
    plan.is_here = may_be_here && (too_deep || is_alone || plan.asked == 1);
    if (!plan.is_here || name != "threading") {  // which may not be built in
        plan.backend = make_backend(name, backend_options(plan.options, context.nesting_level));
        require_caps(*plan.backend, plan.options, why_stays);
    }
    if (!plan.is_here) {
        plan.n_jobs = plan.backend->effective_n_jobs(plan.asked);
        if (plan.n_jobs < 1) throw Error(ErrorCode::unsupported, plan.backend->name() + " has no active worker.");
        plan.is_here = plan.n_jobs == 1 && may_be_here && !has_to_be_apart(plan, context);
    }
    if (plan.is_here)
        plan.backend = make_sequential_backend(plan.options.inner_max_num_threads);
    else
        require_way(*plan.backend, why_stays);
    plan.window = plan.options.pre_dispatch.batches(plan.n_jobs);
    return plan;
}

}  // namespace jl
