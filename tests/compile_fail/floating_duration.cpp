// expect: a duration counted in floating point has no numpy unit
#include <chrono>

#include <jl/jl.hpp>

int main() { jl::dump(std::chrono::duration<double>(1.5), "x.pkl"); }
