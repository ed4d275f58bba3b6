// expect: Schema<T>::python_class has to name it
#include <jl/jl.hpp>

struct Model {
    int x = 0;
};

template <>
struct jl::Schema<Model> {
    static constexpr PythonForm python_form = PythonForm::slots;
};

int main() { jl::dump(Model(), "x.pkl"); }
