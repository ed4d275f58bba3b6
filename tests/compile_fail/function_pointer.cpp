// expect: a function or a pointer to a member means nothing in another program
#include <jl/jl.hpp>

int answer() { return 42; }

int main() { jl::dump(&answer, "x.pkl"); }
