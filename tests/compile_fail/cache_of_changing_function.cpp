// expect: a function object that changes when it is called
#include <jl/jl.hpp>

int main() {
    jl::Memory().cache("f", [count = 0](int) mutable { return ++count; });
}
