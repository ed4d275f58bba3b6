// expect success
#include <jl/jl.hpp>

struct Base {
    int x;
};

int f(int a, int b = 2) { return a + b; }

int main() {
    jl::Memory().cache("f", [](const Base& b) { return b.x; })(Base{1});
    jl::Memory().cache("g", f)(1, 2);
}
