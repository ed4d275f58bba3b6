// Numbers of one C++ type to another without loss, in loops that the compiler can vectorise.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

namespace jl::detail {

// Sets `to`; false where it differs from `from`. nan is nan in every floating type.
template <class To, class From>
bool exact(From from, To& to) noexcept {
    constexpr int digits = std::numeric_limits<From>::digits;
    if constexpr (std::is_integral_v<From> && std::is_integral_v<To>) {
        to = static_cast<To>(from);
        return static_cast<From>(to) == from && (from < 0) == (to < 0);
    } else if constexpr (std::is_integral_v<From>) {
        to = static_cast<To>(from);
        if constexpr (digits <= std::numeric_limits<To>::digits) return true;
        const To above = std::ldexp(To{1}, digits);  // rounding may reach it
        return to < above && static_cast<From>(to < above ? to : To{0}) == from;
    } else if constexpr (std::is_integral_v<To>) {
        const From above = std::ldexp(From{1}, std::numeric_limits<To>::digits);
        const From lowest = std::is_signed_v<To> ? -above : From{0};
        const bool inside = from >= lowest && from < above;
        to = static_cast<To>(inside ? from : From{0});
        return inside && static_cast<From>(to) == from;
    } else {
        to = static_cast<To>(from);
        return static_cast<From>(to) == from || from != from;
    }
}

template <class T>
T load_number(const std::byte* from) noexcept {
    T number;
    std::memcpy(&number, from, sizeof number);
    return number;
}

template <class T>
void store_number(std::byte* to, T number) noexcept {
    constexpr bool is_x87 = std::is_same_v<T, long double> && std::numeric_limits<long double>::digits == 64;
    constexpr std::size_t used = is_x87 ? 10 : sizeof(T);
    if constexpr (used != sizeof(T)) std::memset(to, 0, sizeof(T));  // the same bytes for the same value
    std::memcpy(to, &number, used);
}

// As wide as the numbers compared, so that the loop below keeps all lanes alike.
template <std::size_t size>
using Flag = std::conditional_t<
    size == 1, std::uint8_t,
    std::conditional_t<size == 2, std::uint16_t, std::conditional_t<size == 4, std::uint32_t, std::uint64_t>>>;

// Converts `count` numbers; how many from the first on are exact.
template <class To, class From>
std::size_t convert_numbers(const std::byte* from, std::byte* to, std::size_t count) noexcept {
    Flag<sizeof(From)> wrong = 0;
    for (std::size_t i = 0; i < count; ++i) {
        To number;
        const bool good = exact(load_number<From>(from + i * sizeof(From)), number);
        wrong |= good ? Flag<sizeof(From)>{0} : Flag<sizeof(From)>{1};
        store_number(to + i * sizeof(To), number);
    }
    if (wrong == 0) return count;
    std::size_t good = 0;
    for (To number; exact(load_number<From>(from + good * sizeof(From)), number);) ++good;
    return good;
}

}  // namespace jl::detail
