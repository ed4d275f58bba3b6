// expect: a duration whose unit is no whole number of nanoseconds has no numpy unit
#include <chrono>

#include <jl/jl.hpp>

int main() { jl::dump(std::chrono::duration<int, std::pico>(1), "x.pkl"); }
