// expect: a raw pointer says nothing about who owns
#include <jl/jl.hpp>

int main() { return jl::load<int*>("x.pkl") == nullptr; }
