// A cached function on every backend of Parallel: equal tasks are computed once, whoever comes first, in whichever
// process; the others wait for the result and load it.
#include <chrono>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include <jl/jl.hpp>

// Each line is one computation.
double simulate(int seed) {
    std::cout << "computing " + std::to_string(seed) + "\n" << std::flush;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    return seed * 0.5;
}

int main(int argc, char** argv) {
    jl::init(argc, argv);  // workers begin, and end, here

    const jl::Memory mem("cache", {.verbose = 0});
    mem.clear();
    // <&simulate>: as part of the type the function is known in worker processes; a lambda without captures is, too.
    const auto cached = mem.cache<&simulate>("simulate");

    std::vector<int> seeds;
    for (int i = 0; i < 12; ++i) seeds.push_back(i % 3);  // three different ones
    for (const std::string backend : {"multiprocessing", "threading", "sequential"}) {
        double sum = 0;
        for (const double x : jl::Parallel({.n_jobs = 4, .backend = backend}).map(seeds, cached)) sum += x;
        std::cout << backend << ": " << sum << '\n';
        if (sum != 6) return 1;
    }
    const auto entries = mem.entries();
    std::cout << entries.size() << " results are kept\n";
    return entries.size() == 3 ? 0 : 1;
}
