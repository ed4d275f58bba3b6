// expect: an object of a derived class as a base
#include <jl/jl.hpp>

struct Base {
    int x;
};
struct Derived : Base {
    int y;
};

int main() {
    jl::Memory().cache("f", [](const Base& b) { return b.x; })(Derived{});
}
