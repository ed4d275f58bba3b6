// expect: one of them names no field
#include <array>

#include <jl/jl.hpp>

struct Model {
    int score = 0;
};

template <>
struct jl::Schema<Model> {
    static constexpr std::array aliases{jl::Alias{"accuracy", "score"}};  // the wrong way round
};

int main() { jl::dump(Model(), "x.pkl"); }
