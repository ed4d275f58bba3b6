// expect: Base needs a virtual function
#include <jl/jl.hpp>

struct Base {
    int a = 0;
};
struct Derived : Base {};

int main() { jl::register_type<Derived, Base>("derived"); }
