// Equality to the last bit: nan is nan, -0.0 is not 0.0, pointers are equal when what they point to is.
//
//     same(std::vector{nan}, std::vector{nan}) == true
#pragma once

#include <algorithm>
#include <cmath>
#include <complex>
#include <filesystem>
#include <memory>
#include <optional>
#include <ranges>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include <jl/jl.hpp>

namespace interop {

// A range whose order means something; text is compared by its own ==, what is hashed too.
template <class T>
concept OrderedRange = std::ranges::sized_range<const T> && !jl::detail::Unordered<T> && !jl::detail::TextLike<T> &&
                       !std::same_as<T, std::filesystem::path>;
template <class T>
concept Shaped = requires(const T& array) {
    array.shape();
    array.begin();
};
template <class T>
concept MatrixLike = requires(const T& matrix) {
    matrix.rows();
    matrix(0, 0);
};
template <class T>
concept TupleLike = requires {
    std::tuple_size<T>::value;
}
&&!std::ranges::range<T>;

template <class T>
bool same(const T& a, const T& b);

inline bool same_bytes(const jl::Value& a, const jl::Value& b) {
    jl::MemorySink first, second;
    jl::dump(a, first);
    jl::dump(b, second);
    return std::ranges::equal(first.bytes(), second.bytes());
}

template <class T>
bool same_items(const T& a, const T& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) { return same(x, y); });
}

template <class T>
bool same_matrix(const T& a, const T& b) {
    if (a.rows() != b.rows() || a.cols() != b.cols()) return false;
    for (auto row = a.rows(); row-- > 0;)
        for (auto column = a.cols(); column-- > 0;)
            if (!same(a(row, column), b(row, column))) return false;
    return true;
}

template <class T, std::size_t... I>
bool same_parts(const T& a, const T& b, std::index_sequence<I...>) {
    return (same(std::get<I>(a), std::get<I>(b)) && ...);
}

template <class T>
inline constexpr bool is_variant = false;
template <class... T>
inline constexpr bool is_variant<std::variant<T...>> = true;

template <class T>
bool same_alternative(const T& a, const T& b) {
    return a.index() == b.index() &&
           std::visit([&](const auto& x) { return same(x, std::get<std::remove_cvref_t<decltype(x)>>(b)); }, a);
}

template <class T>
bool same(const T& a, const T& b) {
    if constexpr (std::same_as<T, jl::Value>)
        return same_bytes(a, b);
    else if constexpr (std::floating_point<T>)
        return a == b ? std::signbit(a) == std::signbit(b) : a != a && b != b;
    else if constexpr (jl::is_complex<T>)
        return same(a.real(), b.real()) && same(a.imag(), b.imag());
    else if constexpr (is_variant<T>)
        return same_alternative(a, b);
    else if constexpr (MatrixLike<T>)
        return same_matrix(a, b);
    else if constexpr (Shaped<T>)
        return std::ranges::equal(a.shape(), b.shape()) && same_items(a, b);
    else if constexpr (OrderedRange<T>)
        return same_items(a, b);
    else if constexpr (TupleLike<T>)
        return same_parts(a, b, std::make_index_sequence<std::tuple_size_v<T>>());
    else if constexpr (requires { a.lock(); })
        return same(a.lock(), b.lock());
    else if constexpr (requires {
                           *a;
                           static_cast<bool>(a);
                       })
        return static_cast<bool>(a) == static_cast<bool>(b) && (!a || same(*a, *b));
    else
        return a == b;
}

}  // namespace interop
