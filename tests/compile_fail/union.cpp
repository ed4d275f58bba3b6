// expect: a union does not say which of its members is alive
#include <jl/jl.hpp>

union Either {
    int number = 0;
    float real;
};

int main() { jl::dump(Either(), "x.pkl"); }
