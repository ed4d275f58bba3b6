// expect: Derived needs a default constructor
#include <jl/jl.hpp>

struct Base {
    virtual ~Base() = default;
};
struct Derived : Base {
    explicit Derived(int) {}
};

int main() { jl::register_type<Derived, Base>("derived"); }
