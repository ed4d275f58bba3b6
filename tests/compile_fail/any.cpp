// expect: a std::any cannot
#include <any>

#include <jl/jl.hpp>

int main() { jl::dump(std::any(5), "x.pkl"); }
