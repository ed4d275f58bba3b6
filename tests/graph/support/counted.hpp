// Arrays of xtensor whose items count from 0 in row-major order, whatever their layout.
#pragma once

#include <cstddef>
#include <vector>
#include <xtensor/xarray.hpp>

namespace jl::test {

inline constexpr auto row_major = xt::layout_type::row_major;
inline constexpr auto column_major = xt::layout_type::column_major;
inline constexpr auto dynamic_layout = xt::layout_type::dynamic;

template <class T = double, xt::layout_type L = row_major>
xt::xarray<T, L> counted(const std::vector<std::size_t>& shape) {
    xt::xarray<T, L> made(typename xt::xarray<T, L>::shape_type(shape.begin(), shape.end()), L);
    T next{};
    for (auto it = made.template begin<row_major>(); it != made.template end<row_major>(); ++it, next += T(1))
        *it = next;
    return made;
}

}  // namespace jl::test
