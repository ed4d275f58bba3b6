// xtensor: every dtype, both layouts, views, lazy expressions, many arrays in one file; two dumps into one stream.
#include <complex>
#include <cstdint>
#include <fstream>
#include <map>
#include <string>
#include <variant>
#include <vector>
#include <xtensor/xbuilder.hpp>
#include <xtensor/xfixed.hpp>
#include <xtensor/xmath.hpp>
#include <xtensor/xtensor.hpp>
#include <xtensor/xview.hpp>

#include <jl/xtensor.hpp>

#include "interop/filled.hpp"
#include "interop/writer.hpp"

namespace interop {

namespace {

constexpr auto column_major = xt::layout_type::column_major;

template <class T>
void put_dtype(const CaseWriter& writer, const std::string& code) {
    writer.put("array_" + code + "_c", filled<T>({3, 4}));
    writer.put("array_" + code + "_f", filled<T, column_major>({3, 4}));
}

void put_dtypes(const CaseWriter& writer) {
    put_dtype<bool>(writer, "b1");
    put_dtype<std::int8_t>(writer, "i1");
    put_dtype<std::int16_t>(writer, "i2");
    put_dtype<std::int32_t>(writer, "i4");
    put_dtype<std::int64_t>(writer, "i8");
    put_dtype<std::uint8_t>(writer, "u1");
    put_dtype<std::uint16_t>(writer, "u2");
    put_dtype<std::uint32_t>(writer, "u4");
    put_dtype<std::uint64_t>(writer, "u8");
    put_dtype<float>(writer, "f4");
    put_dtype<double>(writer, "f8");
    put_dtype<long double>(writer, "f16");
    put_dtype<std::complex<float>>(writer, "c8");
    put_dtype<std::complex<double>>(writer, "c16");
}

void put_shapes(const CaseWriter& writer) {
    const std::vector<std::vector<std::size_t>> shapes{{}, {5}, {3, 4}, {2, 3, 4}, {2, 3, 2, 2}};
    for (const auto& shape : shapes) {
        const std::string name = "array_" + std::to_string(shape.size()) + "d";
        writer.put(name, filled<double>(shape));
        writer.put(name + "_f", filled<double, column_major>(shape));
    }
    writer.put("tensor", xt::xtensor<std::int32_t, 2>(filled<std::int32_t>({2, 3})));
    writer.put("tensor_fixed", xt::xtensor_fixed<double, xt::xshape<2, 2>>(filled<double>({2, 2})));
    writer.put("array_no_rows", filled<double>({0, 3}));
    writer.put("array_no_columns", filled<float>({3, 0}));
}

void put_expressions(const CaseWriter& writer) {
    const auto six = filled<double>({6, 4});
    const auto three = filled<double>({3, 4});
    writer.put("view_rows", xt::view(six, xt::range(1, 6, 2), xt::all()));
    writer.put("view_column", xt::view(six, xt::all(), 2));
    writer.put("view_transposed", xt::transpose(three));
    writer.put("lazy", filled<double>({40, 30}) * 2.0 + 1.0);
    writer.put("lazy_broadcast", three + filled<double>({4}));
    writer.put("lazy_bool", three > 2.0);
}

void put_many(const CaseWriter& writer) {
    using Array = xt::xarray<double>;
    writer.put("arrays_in_map",
               std::map<std::string, Array>{
                   {"a", filled<double>({3, 4})}, {"b", filled<double>({2, 3, 4})}, {"c", filled<double>({})}});
    std::vector<Array> small;
    for (int i = 0; i < 1000; ++i) small.push_back(i * xt::ones<double>({3}));
    writer.put("small_arrays", small);
    std::vector<xt::xarray<std::uint8_t>> odd;
    for (std::size_t n = 0; n < 70; ++n) odd.push_back(filled<std::uint8_t>({n}));
    writer.put("odd_sizes", odd);
    writer.put("large", filled<double>({300, 1000}));
}

}  // namespace

void put_arrays(const CaseWriter& writer) {
    put_dtypes(writer);
    put_shapes(writer);
    put_expressions(writer);
    put_many(writer);
}

void put_two(const CaseWriter& writer) {
    using Item = std::variant<std::string, xt::xarray<std::int32_t, column_major>>;
    std::ofstream stream(writer.folder() / "two.pkl", std::ios::binary);
    jl::dump(std::map<std::string, xt::xarray<double>>{{"first", filled<double>({3, 4})}}, stream);
    jl::dump(std::vector<Item>{"second", filled<std::int32_t, column_major>({2, 3})}, stream);
}

}  // namespace interop
