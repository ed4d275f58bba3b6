// Expressions of xtensor are written as they are computed, piece by piece: the result never is in memory as a whole.
// Views are written from the memory they show.
#include <iostream>
#include <xtensor/xbuilder.hpp>
#include <xtensor/xmath.hpp>
#include <xtensor/xview.hpp>

#include <jl/jl.hpp>
#include <jl/xtensor.hpp>

int main() {
    const xt::xarray<double> image = xt::linspace<double>(0, 1, 600 * 400).reshape({600, 400});
    const xt::xarray<double> gain = xt::linspace<double>(1, 2, 400);

    jl::dump(xt::sqrt(image) * gain, "corrected.pkl");                                 // lazily, broadcast
    jl::dump(xt::view(image, xt::range(0, 600, 2), xt::range(100, 300)), "part.pkl");  // every other row
    jl::dump(xt::transpose(image), "transposed.pkl");                                  // same memory, F order
    jl::dump(image > 0.5, "mask.pkl.gz");                                              // bool

    const auto corrected = jl::load<xt::xtensor<double, 2>>("corrected.pkl");
    const auto part = jl::load<xt::xarray<double, xt::layout_type::column_major>>("part.pkl");
    std::cout << part.shape(0) << " x " << part.shape(1) << '\n';
    if (corrected != xt::xarray<double>(xt::sqrt(image) * gain) || part(3, 0) != image(6, 100)) return 1;
    if (jl::load<xt::xarray<double>>("transposed.pkl") != xt::transpose(image)) return 1;
    return jl::load<xt::xarray<bool>>("mask.pkl.gz") == (image > 0.5) ? 0 : 1;
}
