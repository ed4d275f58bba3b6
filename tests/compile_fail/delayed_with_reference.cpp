// expect: a parameter that is a reference to something not const needs std::ref
#include <vector>

#include <jl/jl.hpp>

void count(int& sum) { ++sum; }

int main() {
    int sum = 0;
    std::vector tasks{jl::delayed(count)(sum)};
    jl::Parallel{}(std::move(tasks));
}
