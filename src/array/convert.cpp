#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <utility>

#include <jl/error.hpp>

#include "array/exact.hpp"
#include "array/half.hpp"
#include "array/layout.hpp"

namespace jl {
namespace {

using detail::block;
using detail::load_number;
using detail::store_number;

// The numbers that the loops know. Half goes through float, bool through u1, complex through its parts.
enum class Number : std::uint8_t { i1, i2, i4, i8, u1, u2, u4, u8, f4, f8, f16 };

template <class... Ts>
struct Types {};
using Numbers = Types<std::int8_t, std::int16_t, std::int32_t, std::int64_t, std::uint8_t, std::uint16_t, std::uint32_t,
                      std::uint64_t, float, double, long double>;

using Loop = std::size_t (*)(const std::byte*, std::byte*, std::size_t) noexcept;

template <class From, class... To>
constexpr std::array<Loop, sizeof...(To)> loops_from(Types<To...>) {
    return {&detail::convert_numbers<To, From>...};
}

template <class... From>
constexpr std::array<std::array<Loop, sizeof...(From)>, sizeof...(From)> all_loops(Types<From...> types) {
    return {loops_from<From>(types)...};
}

constexpr auto loops = all_loops(Numbers{});

Loop loop(Number from, Number to) { return loops[static_cast<std::size_t>(from)][static_cast<std::size_t>(to)]; }

enum class Wrapping : std::uint8_t { none, boolean, half };

// How a plain dtype is made of numbers.
struct Element {
    Number number = Number::u1;
    Wrapping wrapping = Wrapping::none;
    bool complex = false;
    std::size_t itemsize = 1;
    std::size_t part() const noexcept { return complex ? itemsize / 2 : itemsize; }  // bytes of one number
};

Number number_of(char kind, std::uint64_t size) noexcept {
    const unsigned power = static_cast<unsigned>(std::bit_width(size)) - 1;
    const Number first = kind == 'i' ? Number::i1 : Number::u1;
    if (kind == 'f' || kind == 'c') return size == 4 ? Number::f4 : size == 8 ? Number::f8 : Number::f16;
    return static_cast<Number>(static_cast<unsigned>(first) + power);
}

Element element_of(const DType& dtype) {
    const auto size = static_cast<std::size_t>(dtype.itemsize());
    const char kind = dtype.kind();
    if (kind == 'b') return {Number::u1, Wrapping::boolean, false, 1};
    if (kind == 'f' && size == 2) return {Number::f4, Wrapping::half, false, 2};
    return {number_of(kind, kind == 'c' ? size / 2 : size), Wrapping::none, kind == 'c', size};
}

struct Scratch {
    alignas(64) std::array<std::byte, block * 16> bytes;
};

// Real parts to `to`; how many items from the first on have an imaginary part of 0.
template <class T>
std::size_t take_real(const std::byte* from, std::byte* to, std::size_t count) noexcept {
    for (std::size_t i = 0; i < count; ++i) {
        if (load_number<T>(from + (2 * i + 1) * sizeof(T)) != T{0}) return i;
        std::memcpy(to + i * sizeof(T), from + 2 * i * sizeof(T), sizeof(T));
    }
    return count;
}

std::size_t take_real(Number number, const std::byte* from, std::byte* to, std::size_t count) noexcept {
    if (number == Number::f4) return take_real<float>(from, to, count);
    return number == Number::f8 ? take_real<double>(from, to, count) : take_real<long double>(from, to, count);
}

void put_real(std::size_t width, const std::byte* from, std::byte* to, std::size_t count) noexcept {
    std::memset(to, 0, 2 * width * count);
    for (std::size_t i = 0; i < count; ++i) std::memcpy(to + 2 * i * width, from + i * width, width);
}

void unwrap(Wrapping wrapping, const std::byte* from, std::byte* to, std::size_t count) noexcept {
    for (std::size_t i = 0; i < count; ++i) {
        if (wrapping == Wrapping::boolean)
            to[i] = from[i] == std::byte{0} ? std::byte{0} : std::byte{1};
        else
            store_number(to + 4 * i, detail::float_of_half(load_number<std::uint16_t>(from + 2 * i)));
    }
}

std::size_t wrap(Wrapping wrapping, const std::byte* from, std::byte* to, std::size_t count) noexcept {
    for (std::size_t i = 0; i < count; ++i) {
        if (wrapping == Wrapping::boolean) {
            if (from[i] > std::byte{1}) return i;
            to[i] = from[i];
        } else {
            const auto number = load_number<float>(from + 4 * i);
            const std::uint16_t half = detail::half_of_float(number);
            if (detail::float_of_half(half) != number && number == number) return i;
            store_number(to + 2 * i, half);
        }
    }
    return count;
}

// One block, step by step through scratch memory where the items are not numbers as they stand.
std::size_t convert_block(const Element& source, const std::byte* from, const Element& target, std::byte* to,
                          std::size_t count) {
    Scratch parts;
    Scratch numbers;
    Scratch results;
    std::size_t good = count;
    if (source.complex) {
        good = take_real(source.number, from, parts.bytes.data(), count);
        from = parts.bytes.data();
    }
    if (source.wrapping != Wrapping::none) {
        unwrap(source.wrapping, from, numbers.bytes.data(), good);
        from = numbers.bytes.data();
    }
    const bool direct = target.wrapping == Wrapping::none && !target.complex;
    std::byte* const result = direct ? to : results.bytes.data();
    good = loop(source.number, target.number)(from, result, good);
    if (target.complex) put_real(target.part(), result, to, good);
    if (target.wrapping != Wrapping::none) good = wrap(target.wrapping, result, to, good);
    return good;
}

}  // namespace

bool is_convertible(const DType& from, const DType& to) noexcept {
    const auto is_plain = [](const DType& dtype) {
        const bool is_long = dtype.itemsize() == (dtype.kind() == 'c' ? 32U : 16U);
        return std::string_view("biufc").find(dtype.kind()) != std::string_view::npos &&
               (!is_long || sizeof(long double) == 16);
    };
    return is_plain(from) && is_plain(to);
}

std::int64_t convert_exact(std::span<const std::byte> from, const DType& from_type, std::span<std::byte> to,
                           const DType& to_type) {
    if (!is_convertible(from_type, to_type)) {
        throw Error(ErrorCode::type, "dtype " + from_type.descr() + " does not convert to " + to_type.descr());
    }
    Element source = element_of(from_type);
    Element target = element_of(to_type);
    const bool both_complex = source.complex && target.complex;
    if (both_complex) {  // twice as many reals
        source = {source.number, source.wrapping, false, source.part()};
        target = {target.number, target.wrapping, false, target.part()};
    }
    const bool same =
        source.number == target.number && source.wrapping == target.wrapping && source.complex == target.complex;
    if (same && source.wrapping != Wrapping::boolean) {
        if (!from.empty()) std::memcpy(to.data(), from.data(), from.size());
        return -1;
    }
    const std::size_t count = from.size() / source.itemsize;
    for (std::size_t i = 0; i < count; i += block) {
        const std::size_t here = std::min(block, count - i);
        const std::size_t good =
            convert_block(source, from.data() + i * source.itemsize, target, to.data() + i * target.itemsize, here);
        if (good != here) return static_cast<std::int64_t>(both_complex ? (i + good) / 2 : i + good);
    }
    return -1;
}

}  // namespace jl
