// expect: Schema<T>::require_class needs the name
#include <jl/jl.hpp>

struct Model {
    int x = 0;
};

template <>
struct jl::Schema<Model> {
    static constexpr bool require_class = true;
};

int main() { jl::dump(Model(), "x.pkl"); }
