// expect: give Schema<T>::version
#include <jl/jl.hpp>

struct Model {
    int x = 0;
};

template <>
struct jl::Schema<Model> {
    static void migrate(Model&, unsigned, const jl::Record&) {}
};

int main() { jl::dump(Model(), "x.pkl"); }
