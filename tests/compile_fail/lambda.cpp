// expect: code cannot be in a file
#include <jl/jl.hpp>

int main() {
    jl::dump([](int x) { return x; }, "x.pkl");
}
