// Arrays of xtensor, and jl::Array: every dtype, both orders, from none to 32 dimensions.
#include <complex>
#include <cstdint>
#include <string>
#include <vector>
#include <xtensor/xfixed.hpp>

#include <jl/xtensor.hpp>

#include "interop/filled.hpp"
#include "interop/matrix.hpp"

namespace interop {

namespace {

constexpr auto column_major = xt::layout_type::column_major;

template <class T>
void add_dtype(Samples& samples) {
    const std::string code = jl::DType::of<T>().str().substr(1);
    samples.add("xarray_" + code, filled<T>({3, 4}), "filled('" + code + "', (3, 4))");
}

template <class T>
using ColumnMajor = xt::xarray<T, column_major>;

// The other order of each type at once, since a sample is much to compile.
struct Columns {
    ColumnMajor<bool> b1 = filled<bool, column_major>({2, 3, 2});
    ColumnMajor<std::int8_t> i1 = filled<std::int8_t, column_major>({2, 3, 2});
    ColumnMajor<std::int16_t> i2 = filled<std::int16_t, column_major>({2, 3, 2});
    ColumnMajor<std::int32_t> i4 = filled<std::int32_t, column_major>({2, 3, 2});
    ColumnMajor<std::int64_t> i8 = filled<std::int64_t, column_major>({2, 3, 2});
    ColumnMajor<std::uint8_t> u1 = filled<std::uint8_t, column_major>({2, 3, 2});
    ColumnMajor<std::uint16_t> u2 = filled<std::uint16_t, column_major>({2, 3, 2});
    ColumnMajor<std::uint32_t> u4 = filled<std::uint32_t, column_major>({2, 3, 2});
    ColumnMajor<std::uint64_t> u8 = filled<std::uint64_t, column_major>({2, 3, 2});
    ColumnMajor<float> f4 = filled<float, column_major>({2, 3, 2});
    ColumnMajor<long double> f16 = filled<long double, column_major>({2, 3, 2});
    ColumnMajor<std::complex<float>> c8 = filled<std::complex<float>, column_major>({2, 3, 2});
    ColumnMajor<std::complex<double>> c16 = filled<std::complex<double>, column_major>({2, 3, 2});
    ColumnMajor<std::complex<long double>> c32 = filled<std::complex<long double>, column_major>({2, 3, 2});
    bool operator==(const Columns&) const = default;
};

void add_dtypes(Samples& samples) {
    add_dtype<bool>(samples);
    add_dtype<std::int8_t>(samples);
    add_dtype<std::int16_t>(samples);
    add_dtype<std::int32_t>(samples);
    add_dtype<std::int64_t>(samples);
    add_dtype<std::uint8_t>(samples);
    add_dtype<std::uint16_t>(samples);
    add_dtype<std::uint32_t>(samples);
    add_dtype<std::uint64_t>(samples);
    add_dtype<float>(samples);
    add_dtype<double>(samples);
    add_dtype<long double>(samples);
    add_dtype<std::complex<float>>(samples);
    add_dtype<std::complex<double>>(samples);
    add_dtype<std::complex<long double>>(samples);
    samples.add("xarrays_f", Columns(),
                "Namespace(**{c: filled(c, (2, 3, 2), 'F') "
                "for c in 'b1 i1 i2 i4 i8 u1 u2 u4 u8 f4 f16 c8 c16 c32'.split()})");
}

// In both orders.
void add_shape(Samples& samples, const std::string& name, const std::vector<std::size_t>& shape) {
    std::string text;
    for (const std::size_t n : shape) text += std::to_string(n) + ",";
    samples.add("shape_" + name, filled<double>(shape), "filled('f8', (" + text + "))");
    samples.add("shape_" + name + "_f", filled<double, column_major>(shape), "filled('f8', (" + text + "), 'F')");
}

void add_shapes(Samples& samples) {
    add_shape(samples, "0d", {});
    add_shape(samples, "1d", {5});
    add_shape(samples, "3d", {2, 3, 4});
    add_shape(samples, "row", {1, 4});
    add_shape(samples, "column", {4, 1});
    add_shape(samples, "none", {0});
    add_shape(samples, "no_rows", {0, 3});
    add_shape(samples, "no_columns", {3, 0});
    add_shape(samples, "none_inside", {3, 0, 2});
    std::vector<std::size_t> deep(32, 1);
    deep[3] = 2, deep[30] = 3;
    add_shape(samples, "32d", deep);
}

}  // namespace

void add_xtensor(Samples& samples) {
    add_dtypes(samples);
    add_shapes(samples);
    samples.add("xtensor_0d", xt::xtensor<float, 0>(0.5F), "np.array(0.5, 'f4')");
    samples.add("xtensor_2d", xt::xtensor<std::int32_t, 2>(filled<std::int32_t>({2, 3})), "filled('i4', (2, 3))");
    samples.add("xtensor_f", xt::xtensor<float, 3, column_major>(filled<float, column_major>({2, 1, 3})),
                "filled('f4', (2, 1, 3), 'F')");
    samples.add("xtensor_fixed", xt::xtensor_fixed<double, xt::xshape<2, 2>>(filled<double>({2, 2})),
                "filled('f8', (2, 2))");
    samples.add("jl_xarray", jl::xarray<float>(filled<float>({2, 3})), "filled('f4', (2, 3))");
    samples.add("jl_xtensor", jl::xtensor<double, 2>(filled<double>({3, 2})), "filled('f8', (3, 2))");
    for (const char order : {'C', 'F'}) {
        jl::Array<std::int16_t> array({2, 3}, order);
        for (std::size_t i = 0; i < array.size(); ++i) array.data()[i] = static_cast<std::int16_t>(i);
        samples.add(std::string("jl_array_") + order, array,
                    "np.arange(6, dtype='i2').reshape((2, 3), order='" + std::string(1, order) + "')");
    }
    samples.add("vector_xarray", std::vector<xt::xarray<double>>{filled<double>({2}), filled<double>({1, 2})},
                "[filled('f8', (2,)), filled('f8', (1, 2))]");
}

}  // namespace interop
