// expect: a copy would lose that part, return a pointer
#include <vector>

#include <jl/jl.hpp>

struct Shape {
    virtual ~Shape() = default;
};
Shape shape;

int main() {
    jl::Parallel().map(std::vector{1}, [](int) -> Shape& { return shape; });
}
