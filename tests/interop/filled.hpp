// Arrays whose values follow from the index, by the same rule as filled() of write_cases.py.
//
//     auto a = interop::filled<double>({3, 4});        // -1.5, -0.5, 0.5, … in C order, whatever the layout in memory
#pragma once

#include <cstddef>
#include <type_traits>
#include <vector>
#include <xtensor/xarray.hpp>

namespace interop {

// Item number n in C order: n for integers, n odd for bool, n - 1.5 for floats, (n - 1.5) + n i for complex numbers.
template <class T>
T item(std::size_t n) {
    if constexpr (std::is_same_v<T, bool>)
        return n % 2 == 1;
    else if constexpr (std::is_integral_v<T>)
        return static_cast<T>(n);
    else if constexpr (std::is_floating_point_v<T>)
        return static_cast<T>(n) - static_cast<T>(1.5);
    else
        return {item<typename T::value_type>(n), static_cast<typename T::value_type>(n)};
}

template <class T, xt::layout_type L = xt::layout_type::row_major>
xt::xarray<T, L> filled(const std::vector<std::size_t>& shape) {
    typename xt::xarray<T, L>::shape_type sizes(shape.begin(), shape.end());
    xt::xarray<T, L> array(sizes);
    std::size_t n = 0;
    for (auto at = array.template begin<xt::layout_type::row_major>();
         at != array.template end<xt::layout_type::row_major>(); ++at)
        *at = item<T>(n++);
    return array;
}

}  // namespace interop
