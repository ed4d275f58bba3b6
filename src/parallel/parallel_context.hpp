// What a Parallel call finds around it: scopes of options, and the task that it is called from.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include <jl/detail/parallel_call.hpp>
#include <jl/parallel_backend.hpp>
#include <jl/parallel_options.hpp>

namespace jl {

struct ParallelContext {
    int nesting_level = 0;
    std::shared_ptr<const ParallelOptions> options = {};  // of the innermost scope, completed by those around it
    std::stop_token stop = {};                            // of the task
};

// `inner`; what it leaves open is that of `outer`, where there is one.
ParallelOptions completed(ParallelOptions inner, const ParallelOptions* outer);

// That of this thread.
ParallelContext& parallel_context() noexcept;

// Makes another context that of this thread until it ends.
class ContextScope {
  public:
    explicit ContextScope(ParallelContext context);
    ContextScope(const ContextScope&) = delete;
    ContextScope& operator=(const ContextScope&) = delete;
    ~ContextScope();

  private:
    ParallelContext outer_;
};

// What a call's options come to here. Error{usage} for what cannot be, Error{unsupported} from
// a backend without a worker.
struct ParallelPlan {
    int asked = 1;   // n_jobs as the caller said it
    int n_jobs = 1;  // tasks at a time
    int verbose = 0;
    ParallelOptions options = {};  // completed by the scopes
    std::unique_ptr<ParallelBackend> backend;
    std::optional<std::uint64_t> window;  // batches out at a time
    bool is_here = false;                 // tasks run on the calling thread, one after the other
    bool is_backend_ours = false;         // nobody named it
};
// Error{usage} for what no call could have.
void require_possible(const ParallelOptions& options);
ParallelPlan plan_of(const ParallelOptions& options, const detail::WhyStays& why_stays = {});

}  // namespace jl
