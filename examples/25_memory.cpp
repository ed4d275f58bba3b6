// Results kept on disk: the second call with an equal argument is not computed. The output is joblib's.
#include <iostream>

#include <jl/jl.hpp>
#include <jl/xtensor.hpp>

xt::xarray<double> vander(std::size_t n) {
    const auto x = xt::arange<double>(static_cast<double>(n));
    auto matrix = xt::xarray<double>::from_shape({n, n});
    for (std::size_t row = 0; row < n; ++row)
        for (std::size_t column = 0; column < n; ++column)
            matrix(row, column) = std::pow(x(row), static_cast<double>(n - 1 - column));
    return matrix;
}

int main() {
    jl::Memory mem("cache", {.verbose = 1});
    int calls = 0;
    auto square =
        mem.cache("square", [&](const xt::xarray<double>& a) -> xt::xarray<double> { return ++calls, a * a; });

    const xt::xarray<double> a = vander(3);
    const xt::xarray<double> b = square(a);  // [Memory] Calling square...
    const xt::xarray<double> c = square(a);  // no recomputation
    std::cout << "computed " << calls << " time, equal results: " << (b == c ? "yes" : "no") << '\n';

    const auto [value, hit, seconds] = square.timed(vander(3));  // an equal matrix is enough
    std::cout << (hit ? "loaded" : "computed") << " in less than a second: " << (seconds < 1 ? "yes" : "no") << '\n';
    return calls == 1 && hit && value == b ? 0 : 1;
}
