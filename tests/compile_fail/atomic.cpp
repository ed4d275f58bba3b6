// expect: an atomic belongs to running threads
#include <atomic>

#include <jl/jl.hpp>

struct Counter {
    std::atomic<int> hits;
};

int main() { jl::dump(Counter(), "x.pkl"); }
