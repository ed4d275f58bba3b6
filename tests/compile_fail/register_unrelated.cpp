// expect: Derived must derive from Base
#include <jl/jl.hpp>

struct Base {
    virtual ~Base() = default;
};
struct Other {
    int a = 0;
};

int main() { jl::register_type<Other, Base>("other"); }
