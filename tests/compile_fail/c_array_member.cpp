// expect: an aggregate with a C array as a member cannot be taken apart
#include <jl/jl.hpp>

struct Particle {
    int id = 0;
    double position[3] = {};
};

int main() { jl::dump(Particle(), "x.pkl"); }
