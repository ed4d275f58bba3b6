// expect: a reference says nothing about who owns
#include <functional>

#include <jl/jl.hpp>

int main() {
    int number = 5;
    jl::dump(std::ref(number), "x.pkl");
}
