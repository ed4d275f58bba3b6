// expect: its type has to move without throwing
#include <deque>

#include <jl/jl.hpp>

struct Queue {
    const std::deque<int> items;
};

int main() { return static_cast<int>(jl::load<Queue>("x.pkl").items.size()); }
