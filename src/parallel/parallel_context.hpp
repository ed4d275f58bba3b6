// What a Parallel call finds around it: scopes of options, and the task that it is called from.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include <jl/parallel_backend.hpp>
#include <jl/parallel_options.hpp>

namespace jl {

struct ParallelContext {
    int nesting_level = 0;
    std::shared_ptr<const ParallelOptions> options;  // of the innermost scope, completed by those around it
};

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

// What a call's options come to here. Error{usage} for what cannot be.
struct ParallelPlan {
    int n_jobs = 1;
    int verbose = 0;
    std::unique_ptr<ParallelBackend> backend;
    std::optional<std::uint64_t> window;  // batches out at a time
};
ParallelPlan plan_of(const ParallelOptions& options);

}  // namespace jl
