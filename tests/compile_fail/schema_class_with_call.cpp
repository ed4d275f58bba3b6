// expect: has to be .*module.Name
#include <jl/jl.hpp>

struct Model {
    int x = 0;
};

template <>
struct jl::Schema<Model> {
    static constexpr std::string_view python_class = "os.system(1)";
};

int main() { jl::dump(Model(), "x.pkl"); }
