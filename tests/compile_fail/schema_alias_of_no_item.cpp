// expect: one of them names no field
#include <array>
#include <vector>

#include <jl/jl.hpp>

struct Point {
    double x = 0, y = 0;
};

template <>
struct jl::Schema<Point> {
    static constexpr std::array aliases{jl::Alias{"z", "height"}};
};

int main() { (void)jl::load<std::vector<Point>>("x.pkl"); }
