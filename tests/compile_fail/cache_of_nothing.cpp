// expect: a function that returns nothing has no result to keep
#include <jl/jl.hpp>

int main() {
    jl::Memory().cache("f", [](int) {});
}
