#include "parallel/backends.hpp"

namespace jl {
namespace {

class SequentialBackend final : public ParallelBackend {
  public:
    std::string name() const override { return "SequentialBackend"; }
    int effective_n_jobs(int) override { return 1; }
    void submit(std::shared_ptr<ParallelJob> job) override { job->run(); }
};

}  // namespace

std::unique_ptr<ParallelBackend> make_sequential_backend() { return std::make_unique<SequentialBackend>(); }

}  // namespace jl
