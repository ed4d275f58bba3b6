// expect: a field of this aggregate is a bit-field, a reference or volatile
#include <jl/jl.hpp>

struct Flags {
    unsigned low : 3;
    unsigned high : 5;
};

int main() { jl::dump(Flags(), "x.pkl"); }
