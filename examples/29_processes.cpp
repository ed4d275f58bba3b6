// The same calls on every backend: in turn, on threads, in worker processes. Then a task that crashes.
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include <jl/jl.hpp>

double root(int x) { return std::sqrt(x); }

int crashes_at_two(int x) {
    if (x == 2) std::abort();
    return x * x;
}

int main(int argc, char** argv) {
    jl::init(argc, argv);  // workers begin, and end, here

    std::vector<decltype(jl::delayed(root)(0))> tasks;
    for (int i = 0; i < 6; ++i) tasks.push_back(jl::delayed(root)(i * i));
    for (const std::string backend : {"sequential", "threading", "multiprocessing", "loky"}) {
        for (const double x : jl::Parallel({.n_jobs = 3, .backend = backend})(tasks)) std::cout << x << ' ';
        std::cout << backend << '\n';
    }

    // Only its own worker crashes with it; errors that end a program on threads are outcomes here.
    std::vector<decltype(jl::delayed<&crashes_at_two>(0))> risky;
    for (int i = 0; i < 4; ++i) risky.push_back(jl::delayed<&crashes_at_two>(i));
    for (const auto& outcome : jl::Parallel({.n_jobs = 2, .backend = "multiprocessing"}).outcomes(risky))
        std::cout << (outcome ? std::to_string(*outcome) : "lost") << '\n';
}
