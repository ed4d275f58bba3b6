#include "parallel/parallel_context.hpp"

#include <utility>

namespace jl {

ParallelOptions completed(ParallelOptions inner, const ParallelOptions* outer) {
    if (!outer) return inner;
    if (!inner.n_jobs) inner.n_jobs = outer->n_jobs;
    if (inner.backend.empty()) inner.backend = outer->backend;
    if (!inner.verbose) inner.verbose = outer->verbose;
    if (!inner.timeout) inner.timeout = outer->timeout;
    if (!inner.call_timeout) inner.call_timeout = outer->call_timeout;
    if (!inner.task_timeout) inner.task_timeout = outer->task_timeout;
    if (!inner.batch_size.is_set()) inner.batch_size = outer->batch_size;
    if (inner.prefer == Prefer::any) inner.prefer = outer->prefer;
    if (inner.require == Require::nothing) inner.require = outer->require;
    if (!inner.inner_max_num_threads) inner.inner_max_num_threads = outer->inner_max_num_threads;
    if (!inner.max_nbytes.is_set()) inner.max_nbytes = outer->max_nbytes;
    if (inner.temp_folder.empty()) inner.temp_folder = outer->temp_folder;
    if (!inner.mmap_mode.is_set()) inner.mmap_mode = outer->mmap_mode;
    if (!inner.progress) inner.progress = outer->progress;
    if (!inner.stop.stop_possible()) inner.stop = outer->stop;
    if (!inner.log) inner.log = outer->log;
    return inner;
}

ParallelContext& parallel_context() noexcept {
    thread_local ParallelContext context;
    return context;
}

ContextScope::ContextScope(ParallelContext context) : outer_(std::exchange(parallel_context(), std::move(context))) {}
ContextScope::~ContextScope() { parallel_context() = std::move(outer_); }

ParallelScope::ParallelScope(const ParallelOptions& options) : outer_(parallel_context().options) {
    auto whole = std::make_shared<const ParallelOptions>(completed(options, outer_.get()));
    require_possible(*whole);
    parallel_context().options = std::move(whole);
}
ParallelScope::~ParallelScope() { parallel_context().options = std::move(outer_); }

}  // namespace jl
