// expect: a std::string_view cannot be loaded
#include <jl/jl.hpp>

int main() { return static_cast<int>(jl::load<std::string_view>("x.pkl").size()); }
