// expect: a member function that may change its object
#include <jl/jl.hpp>

struct Counter {
    int count;
    int next() { return ++count; }
};

int main() { jl::Memory().cache("f", Counter{}, &Counter::next); }
