// expect: Schema<T>::migrate is: static void migrate
#include <jl/jl.hpp>

struct Model {
    int x = 0;
};

template <>
struct jl::Schema<Model> {
    static constexpr unsigned version = 2;
    static void migrate(Model&) {}
};

int main() { jl::dump(Model(), "x.pkl"); }
