// expect: the range is the caller's: give it away by std::move\(range\)
#include <memory>
#include <vector>

#include <jl/jl.hpp>

int main() {
    std::vector<std::unique_ptr<int>> items(2);
    jl::Parallel().map(items, [](std::unique_ptr<int> x) { return x ? *x : 0; });
}
