#include "parallel/parallel_context.hpp"

#include <utility>

namespace jl {
namespace {

// `inner`, completed by `outer`.
std::shared_ptr<const ParallelOptions> completed(ParallelOptions inner, const ParallelOptions* outer) {
    if (outer) {
        if (!inner.n_jobs) inner.n_jobs = outer->n_jobs;
        if (inner.backend.empty()) inner.backend = outer->backend;
        if (!inner.verbose) inner.verbose = outer->verbose;
    }
    return std::make_shared<const ParallelOptions>(std::move(inner));
}

}  // namespace

ParallelContext& parallel_context() noexcept {
    thread_local ParallelContext context;
    return context;
}

ContextScope::ContextScope(ParallelContext context) : outer_(std::exchange(parallel_context(), std::move(context))) {}
ContextScope::~ContextScope() { parallel_context() = std::move(outer_); }

ParallelScope::ParallelScope(const ParallelOptions& options) : outer_(parallel_context().options) {
    parallel_context().options = completed(options, outer_.get());
}
ParallelScope::~ParallelScope() { parallel_context().options = std::move(outer_); }

}  // namespace jl
