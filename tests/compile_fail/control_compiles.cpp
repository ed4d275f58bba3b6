// expect success
#include <jl/error.hpp>

int main() {
    jl::Result<int> result = 42;
    return result.value() == 42 ? 0 : 1;
}
