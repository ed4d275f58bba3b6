#include "parallel/backends.hpp"
#include "parallel/inner_threads.hpp"

namespace jl {
namespace {

class SequentialBackend final : public ParallelBackend {
  public:
    explicit SequentialBackend(std::optional<int> inner_threads) : inner_threads_(inner_threads) {}
    std::string name() const override { return "SequentialBackend"; }
    int effective_n_jobs(int) override { return 1; }
    void submit(std::shared_ptr<ParallelJob> job) override {
        const InnerThreads limited(inner_threads_);
        job->run();
    }

  private:
    const std::optional<int> inner_threads_;
};

}  // namespace

std::unique_ptr<ParallelBackend> make_sequential_backend(std::optional<int> inner_max_num_threads) {
    return std::make_unique<SequentialBackend>(inner_max_num_threads);
}

}  // namespace jl
