// expect: a raw pointer says nothing about who owns what it points to
#include <jl/jl.hpp>

int main() {
    int number = 5;
    jl::dump(&number, "x.pkl");
}
