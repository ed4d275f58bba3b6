// A backend of one's own: it runs each call at once, where it is.
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <jl/jl.hpp>

class ExampleParallelBackend final : public jl::ParallelBackend {
  public:
    std::string name() const override { return "ExampleParallelBackend"; }
    int effective_n_jobs(int n_jobs) override { return jl::effective_n_jobs(n_jobs); }
    void submit(std::shared_ptr<jl::ParallelJob> job) override { job->run(); }
};

int main() {
    jl::register_parallel_backend("example_backend",
                                  [](const jl::BackendOptions&) { return std::make_unique<ExampleParallelBackend>(); });
    const auto scope = jl::parallel_backend("example_backend", {.n_jobs = 3, .verbose = 50});
    for (const int x : jl::Parallel().map(std::vector{1, 2, 3}, [](int i) { return i * i; })) std::cout << x << ' ';
    std::cout << '\n';
}
