// expect: the result of a cached function has to be a value that jl can dump and load
#include <jl/jl.hpp>

int main() {
    jl::Memory().cache("f", [](int) -> void* { return nullptr; });
}
