// expect: code cannot be in a file
#include <functional>

#include <jl/jl.hpp>

int main() { jl::dump(std::function<int(int)>(), "x.pkl"); }
