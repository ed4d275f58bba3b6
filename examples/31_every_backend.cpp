// One call on every backend: the lines of progress that joblib prints for it, and the same results.
//
//     Parallel(n_jobs=3, verbose=50)(delayed(sqrt)(i**2) for i in range(6))          # in Python
#include <cmath>
#include <iostream>
#include <memory>
#include <ranges>
#include <string>

#include <jl/jl.hpp>

double root(int x) { return std::sqrt(x); }

class ExampleParallelBackend final : public jl::ParallelBackend {  // runs each call immediately
  public:
    std::string name() const override { return "ExampleParallelBackend"; }
    int effective_n_jobs(int n_jobs) override { return jl::effective_n_jobs(n_jobs); }
    void submit(std::shared_ptr<jl::ParallelJob> job) override { job->run(); }
};

int main(int argc, char** argv) {
    jl::init(argc, argv);
    jl::register_parallel_backend("example",
                                  [](const jl::BackendOptions&) { return std::make_unique<ExampleParallelBackend>(); });
    for (const std::string backend : {"sequential", "threading", "multiprocessing", "loky", "example"}) {
        std::cout << "-- " << backend << '\n';
        // As a generator in Python: nobody knows how many there are before the last.
        auto tasks = std::views::iota(0) | std::views::take_while([](int i) { return i < 6; }) |
                     std::views::transform([](int i) { return jl::delayed(root)(i * i); });
        for (const double x : jl::Parallel({.n_jobs = 3, .backend = backend, .verbose = 50})(tasks))
            std::cout << x << ' ';
        std::cout << '\n';
    }
}
