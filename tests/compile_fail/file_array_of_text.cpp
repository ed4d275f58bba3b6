// expect: (constraints|constraint)
#include <jl/jl.hpp>

int main() { return static_cast<int>(jl::File("x.pkl").array<std::string>("a").size()); }
