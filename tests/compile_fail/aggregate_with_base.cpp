// expect: an aggregate with a base class cannot be taken apart
#include <jl/jl.hpp>

struct Base {
    int a = 0;
};
struct Derived : Base {
    std::string b;
};

int main() { jl::dump(Derived{}, "x.pkl"); }
