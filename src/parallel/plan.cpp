#include <jl/cpu_count.hpp>
#include <jl/error.hpp>

#include "parallel/backends.hpp"
#include "parallel/parallel_context.hpp"

namespace jl {
namespace {

// joblib's words.
void require_consistent(const ParallelOptions& options) {
    if (options.prefer == Prefer::processes && options.require == Require::sharedmem)
        throw Error(ErrorCode::usage, "prefer == 'processes' and require == 'sharedmem' are inconsistent settings");
    if (options.batch_size && *options.batch_size == 0)
        throw Error(ErrorCode::usage, "batch_size must be 'auto' or a positive integer, got: 0");
    if (options.timeout.count() < 0)
        throw Error(ErrorCode::usage, "timeout is " + std::to_string(options.timeout.count()) + " s: 0 is no timeout");
}

void require_sharedmem(const ParallelOptions& options, const ParallelBackend& backend) {
    if (options.require == Require::sharedmem && !backend.caps().sharedmem)
        throw Error(ErrorCode::usage, "Backend " + backend.name() + " does not support shared memory");
}

}  // namespace

ParallelPlan plan_of(const ParallelOptions& options) {
    require_consistent(options);
    const ParallelContext& context = parallel_context();
    const ParallelOptions none;
    const ParallelOptions& around = context.options ? *context.options : none;
    ParallelPlan plan;
    plan.verbose = options.verbose.value_or(around.verbose.value_or(0));
    const int asked = options.n_jobs.value_or(around.n_jobs.value_or(1));
    (void)effective_n_jobs(asked);  // refuses 0, whatever the backend
    std::string name = !options.backend.empty()  ? options.backend
                       : !around.backend.empty() ? around.backend
                                                 : "threading";
    const bool too_deep = context.nesting_level >= 2 && options.backend.empty();
    const BackendOptions backend_options{.nesting_level = context.nesting_level};
    if (asked != 1 && !too_deep) {
        plan.backend = make_backend(name, backend_options);
        require_sharedmem(options, *plan.backend);
        plan.n_jobs = plan.backend->effective_n_jobs(asked);
    } else if (name != "threading" && name != "sequential") {
        // A backend of the user's own is asked for one job, too.
        plan.backend = make_backend(name, backend_options);
        require_sharedmem(options, *plan.backend);
        plan.n_jobs = plan.backend->effective_n_jobs(1);
    }
    if (!plan.backend || (plan.n_jobs == 1 && name == "threading")) plan.backend = make_sequential_backend();
    plan.window = options.pre_dispatch.batches(plan.n_jobs);
    return plan;
}

}  // namespace jl
