// expect: a default that a function pointer has lost has to be given
#include <jl/jl.hpp>

int f(int a, int b = 2) { return a + b; }

int main() { jl::Memory().cache("f", f)(1); }
