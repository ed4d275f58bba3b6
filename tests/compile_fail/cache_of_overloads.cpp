// expect: this can be called in several ways
#include <jl/jl.hpp>

int main() {
    jl::Memory().cache("f", [](auto x) { return x; });
}
