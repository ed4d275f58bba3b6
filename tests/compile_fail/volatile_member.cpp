// expect: (or volatile, which cannot be taken apart|a volatile object may change)
#include <jl/jl.hpp>

struct Port {
    volatile int state = 0;
};

int main() { jl::dump(Port(), "x.pkl"); }
