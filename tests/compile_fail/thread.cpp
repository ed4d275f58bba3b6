// expect: a thread, a lock, a stream or a std::any cannot
#include <thread>

#include <jl/jl.hpp>

int main() { jl::dump(std::thread(), "x.pkl"); }
