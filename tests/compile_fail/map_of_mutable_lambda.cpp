// expect: no lambda may be mutable
#include <vector>

#include <jl/jl.hpp>

int main() {
    int calls = 0;
    jl::Parallel().map(std::vector{1, 2}, [calls](int x) mutable { return calls += x; });
}
