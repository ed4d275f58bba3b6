// expect: the compiler tells the names of an enum only where its underlying type is fixed
#include <jl/jl.hpp>

enum Loose { one = 1 };

template <>
struct jl::Schema<Loose> {
    static constexpr bool by_name = true;
};

int main() { jl::dump(one, "x.pkl"); }
