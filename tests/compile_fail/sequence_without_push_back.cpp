// expect: this sequence type cannot be loaded
#include <jl/jl.hpp>

struct Fixed {
    using value_type = std::string;
    const std::string* begin() const { return nullptr; }
    const std::string* end() const { return nullptr; }
    std::size_t size() const { return 0; }
};

int main() { return static_cast<int>(jl::load<Fixed>("x.pkl").size()); }
