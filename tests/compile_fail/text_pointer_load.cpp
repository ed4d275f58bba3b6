// expect: can be written but not loaded
#include <jl/jl.hpp>

int main() { return jl::load<const char*>("x.pkl") == nullptr; }
