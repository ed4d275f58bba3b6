// expect: (no matching function|too few arguments|no default constructor|no match)
#include <jl/error.hpp>

int main() {
    jl::Result<int> result;
    return result.has_value();
}
