// Numbers of one C++ type to another without loss, in loops that compilers turn into vector instructions.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

namespace jl::detail {

// 2 to the power of T's digits: the first number above an integer type, in a floating type, which has it exactly.
template <class Floating, class T>
Floating above() noexcept {
    return std::ldexp(Floating{1}, std::numeric_limits<T>::digits);
}

// `from` where a cast to To is defined, else 0.
template <class To, class From>
From castable(From from) noexcept {
    if constexpr (std::is_integral_v<To> && !std::is_integral_v<From>) {
        const From end = above<From, To>();
        const From inside = from < end ? from : From{0};
        return inside >= (std::is_signed_v<To> ? -end : From{0}) ? inside : From{0};
    } else {
        return from;
    }
}

// Sets `to`; false where it differs from `from`. nan is nan in every floating type.
template <class To, class From>
bool exact(From from, To& to) noexcept {
    to = static_cast<To>(castable<To>(from));
    if (std::is_floating_point_v<To> && from != from) return true;
    return static_cast<From>(castable<From>(to)) == from && (from < From{0}) == (to < To{0});
}

template <std::size_t size>
using Bits = std::conditional_t<
    size == 1, std::uint8_t,
    std::conditional_t<size == 2, std::uint16_t, std::conditional_t<size == 4, std::uint32_t, std::uint64_t>>>;

// Every number of From is one of To.
template <class To, class From>
constexpr bool is_wider() noexcept {
    const bool has_room = std::numeric_limits<To>::digits >= std::numeric_limits<From>::digits;
    const bool has_fractions = std::is_floating_point_v<To> || std::is_integral_v<From>;
    const bool has_sign = std::is_signed_v<To> || std::is_unsigned_v<From>;
    return has_room && has_fractions && has_sign;
}

// The bit that is a sign on one side only, which survives the way there and back; 0 where there is none.
template <class To, class From>
constexpr Bits<sizeof(From)> ambiguous_bit() noexcept {
    using Word = Bits<sizeof(From)>;
    constexpr int digits = std::min(std::numeric_limits<From>::digits, std::numeric_limits<To>::digits);
    constexpr bool both_whole = std::is_integral_v<From> && std::is_integral_v<To>;
    if constexpr (!both_whole || std::is_signed_v<From> == std::is_signed_v<To>)
        return 0;
    else
        return digits < std::numeric_limits<Word>::digits ? static_cast<Word>(Word{1} << digits) : Word{0};
}

constexpr std::size_t block = 256;  // numbers converted at once

// Every number there and back again, for a type that is not wider; not 0 where bits changed on the way, which may yet
// be no loss (-0.0, some nan).
template <class To, class From>
Bits<sizeof(From)> cast_block(const From* from, To* to) noexcept {
    using Word = Bits<sizeof(From)>;
    if constexpr (std::is_integral_v<To> && !std::is_integral_v<From>) {
        From inside[block];
        for (std::size_t i = 0; i < block; ++i) inside[i] = castable<To>(from[i]);
        for (std::size_t i = 0; i < block; ++i) to[i] = static_cast<To>(inside[i]);
    } else {
        for (std::size_t i = 0; i < block; ++i) to[i] = static_cast<To>(from[i]);
    }
    Word changed = 0;
    for (std::size_t i = 0; i < block; ++i) {
        const auto back = std::bit_cast<Word>(static_cast<From>(castable<From>(to[i])));
        const auto bits = std::bit_cast<Word>(from[i]);
        changed |= static_cast<Word>((back ^ bits) | (bits & ambiguous_bit<To, From>()));
    }
    return changed;
}

// long double has bytes without meaning: they are written as 0, that the same value is the same bytes.
template <class T>
void store_number(std::byte* to, T number) noexcept {
    constexpr bool is_x87 = std::is_same_v<T, long double> && std::numeric_limits<long double>::digits == 64;
    constexpr std::size_t used = is_x87 ? 10 : sizeof(T);
    if constexpr (used != sizeof(T)) std::memset(to, 0, sizeof(T));
    std::memcpy(to, &number, used);
}

template <class T>
T load_number(const std::byte* from) noexcept {
    T number;
    std::memcpy(&number, from, sizeof number);
    return number;
}

template <class T>
inline constexpr bool has_bits = !std::is_same_v<T, long double>;

// Converts up to one block; how many from the first on are exact. A loop that checks works on arrays of its own: only
// then do compilers see that nothing overlaps.
template <class To, class From>
std::size_t convert_numbers(const std::byte* from, std::byte* to, std::size_t count) noexcept {
    const auto number_at = [&](std::size_t i) { return load_number<From>(from + i * sizeof(From)); };
    if constexpr (is_wider<To, From>()) {
        for (std::size_t i = 0; i < count; ++i) store_number(to + i * sizeof(To), static_cast<To>(number_at(i)));
        return count;
    }
    if constexpr (has_bits<From> && has_bits<To>) {
        alignas(64) From in[block];
        alignas(64) To out[block];
        std::memcpy(in, from, count * sizeof(From));
        std::fill(in + count, in + block, From{0});
        const bool same_bits = cast_block(in, out) == 0;
        std::memcpy(to, out, count * sizeof(To));
        if (same_bits) return count;
    }
    std::size_t good = 0;
    for (To number; good < count && exact(number_at(good), number); ++good)
        store_number(to + good * sizeof(To), number);
    return good;
}

}  // namespace jl::detail
