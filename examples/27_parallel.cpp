// Independent calls on three threads, with joblib's lines of progress; then results as they come, and errors by task.
#include <cmath>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include <jl/jl.hpp>

double root(int x) {
    if (x < 0) throw std::domain_error("no real root of " + std::to_string(x));
    return std::sqrt(x);
}

int main() {
    std::vector<decltype(jl::delayed(root)(0))> tasks;
    for (int i = 0; i < 6; ++i) tasks.push_back(jl::delayed(root)(i * i));
    for (const double x : jl::Parallel({.n_jobs = 3, .verbose = 50})(tasks)) std::cout << x << ' ';
    std::cout << '\n';

    // Results as they are done; who has seen enough leaves.
    double sum = 0;
    for (const double x : jl::Parallel({.n_jobs = 2, .return_as = jl::ReturnAs::generator_unordered}).stream(tasks))
        if ((sum += x) > 9) break;
    std::cout << "more than 9: " << std::boolalpha << (sum > 9) << '\n';

    // An error ends the call and names its task; on request it ends its task only.
    const std::vector<int> numbers{4, -9, 16};
    try {
        jl::Parallel({.n_jobs = 2}).map(numbers, root);
    } catch (const jl::TaskError& error) {
        std::cout << error.what() << '\n';
    }
    tasks.push_back(jl::delayed(root)(-9));
    for (const jl::Outcome<double>& outcome : jl::Parallel({.n_jobs = 2}).outcomes(tasks))
        std::cout << (outcome ? std::to_string(*outcome) : outcome.error().what()) << '\n';
}
