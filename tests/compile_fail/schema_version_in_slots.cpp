// expect: has no room for it
#include <jl/jl.hpp>

struct Model {
    int x = 0;
};

template <>
struct jl::Schema<Model> {
    static constexpr std::string_view python_class = "acme.Model";
    static constexpr PythonForm python_form = PythonForm::slots;
    static constexpr unsigned version = 2;
};

int main() { jl::dump(Model(), "x.pkl"); }
