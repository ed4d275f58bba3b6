// expect: a pointer to a member means nothing in another program
#include <jl/jl.hpp>

struct Point {
    int x = 0;
};

int main() { jl::dump(&Point::x, "x.pkl"); }
