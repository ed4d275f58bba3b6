// expect: a std::span cannot be loaded
#include <jl/jl.hpp>

int main() { return static_cast<int>(jl::load<std::span<double>>("x.pkl").size()); }
