#include "graph/numbers.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <vector>

#include <jl/detail/byte_order.hpp>

namespace jl {

namespace {

constexpr std::size_t longest_decimal = std::size_t{32} << 10;  // the conversion is quadratic

template <class T>
T native_item(const DType& dtype, const std::byte* item) {
    return dtype.big_endian() ? detail::load_big<T>(item) : detail::load_little<T>(item);
}

Number integer_item(const DType& dtype, const std::byte* item) {
    const bool is_signed = dtype.kind() == 'i';
    switch (dtype.itemsize()) {
        case 1:
            return is_signed ? std::int64_t{native_item<std::int8_t>(dtype, item)}
                             : std::int64_t{native_item<std::uint8_t>(dtype, item)};
        case 2:
            return is_signed ? std::int64_t{native_item<std::int16_t>(dtype, item)}
                             : std::int64_t{native_item<std::uint16_t>(dtype, item)};
        case 4:
            return is_signed ? std::int64_t{native_item<std::int32_t>(dtype, item)}
                             : std::int64_t{native_item<std::uint32_t>(dtype, item)};
        default:
            break;
    }
    if (is_signed) return native_item<std::int64_t>(dtype, item);
    const auto value = native_item<std::uint64_t>(dtype, item);
    if (value <= static_cast<std::uint64_t>(INT64_MAX)) return static_cast<std::int64_t>(value);
    return value;
}

Number converted(const DType& dtype, std::span<const std::byte> item, const DType& wide) {
    std::vector<std::byte> native(item.begin(), item.end());
    make_native(native, dtype);
    std::byte out[16] = {};
    if (convert_exact(native, dtype.native(), {out, static_cast<std::size_t>(wide.itemsize())}, wide) >= 0)
        return std::monostate();
    if (wide.kind() == 'f') return detail::load_little<double>(out);
    return ComplexPair{detail::load_little<double>(out), detail::load_little<double>(out + 8)};
}

Number item_number(const DType& dtype, std::span<const std::byte> item) {
    if (dtype.is_structure() || dtype.is_subarray()) return std::monostate();
    switch (dtype.kind()) {
        case 'b':
            return item[0] != std::byte{0};
        case 'i':
        case 'u':
            return integer_item(dtype, item.data());
        case 'f':
            if (dtype.itemsize() == 8) return native_item<double>(dtype, item.data());
            return converted(dtype, item, DType('f', 8));
        case 'c':
            return converted(dtype, item, DType('c', 16));
        default:
            return std::monostate();
    }
}

// Exact as a double when all set bits lie within 53 of each other.
Number huge_number(std::span<const std::byte> digits) {
    const bool negative = (digits.back() & std::byte{0x80}) != std::byte{0};
    if (digits.size() > 128) return HugeInteger();
    int lowest = -1, highest = -1;
    double value = 0;
    unsigned carry = negative ? 1 : 0;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        unsigned byte = std::to_integer<unsigned>(digits[i]);
        if (negative) {
            byte = (~byte & 0xff) + carry;
            carry = byte >> 8;
            byte &= 0xff;
        }
        for (int bit = 0; bit < 8; ++bit) {
            if ((byte >> bit & 1) == 0) continue;
            highest = static_cast<int>(8 * i) + bit;
            if (lowest < 0) lowest = highest;
        }
        value += std::ldexp(static_cast<double>(byte), static_cast<int>(8 * i));
    }
    if (highest - lowest >= 53 || highest >= 1023) return HugeInteger();
    return negative ? -value : value;
}

void append_code_point(std::string& out, std::uint32_t c) {
    const auto put = [&](std::uint32_t byte) { out.push_back(static_cast<char>(static_cast<unsigned char>(byte))); };
    if (c < 0x80) return put(c);
    if (c < 0x800) return put(0xc0 | c >> 6), put(0x80 | (c & 0x3f));
    if (c < 0x10000) return put(0xe0 | c >> 12), put(0x80 | (c >> 6 & 0x3f)), put(0x80 | (c & 0x3f));
    put(0xf0 | (c >> 18 & 7)), put(0x80 | (c >> 12 & 0x3f)), put(0x80 | (c >> 6 & 0x3f)), put(0x80 | (c & 0x3f));
}

}  // namespace

Number number_of(const Cell& cell) {
    switch (cell.kind()) {
        case CellKind::boolean:
            return cell.boolean;
        case CellKind::integer:
            return cell.integer;
        case CellKind::big_integer:
            if (cell.size() == 9 && cell.data[8] == std::byte{0}) return detail::load_little<std::uint64_t>(cell.data);
            return huge_number(cell.span());
        case CellKind::real:
            return cell.real;
        case CellKind::complex:
            return *cell.pair;
        case CellKind::scalar:
            return item_number(scalar_of(cell).dtype, scalar_of(cell).item);
        case CellKind::array: {
            ArrayNode& array = array_of(cell);
            if (!array.shape.empty() || array.dtype.has_object()) return std::monostate();
            return item_number(array.dtype, resident(array));
        }
        default:
            return std::monostate();
    }
}

bool to_integer(const Number& number, std::int64_t& value) noexcept {
    if (const auto* integer = std::get_if<std::int64_t>(&number)) return value = *integer, true;
    if (const auto* boolean = std::get_if<bool>(&number)) return value = *boolean ? 1 : 0, true;
    const auto* real = std::get_if<double>(&number);
    if (!real || !(*real >= -9223372036854775808.0 && *real < 9223372036854775808.0) || std::trunc(*real) != *real)
        return false;
    value = static_cast<std::int64_t>(*real);
    return true;
}

bool to_real(const Number& number, double& value) noexcept {
    if (const auto* real = std::get_if<double>(&number)) return value = *real, true;
    if (const auto* boolean = std::get_if<bool>(&number)) return value = *boolean ? 1 : 0, true;
    if (const auto* pair = std::get_if<ComplexPair>(&number)) return value = pair->real, pair->imag == 0;
    if (const auto* big = std::get_if<std::uint64_t>(&number)) {
        value = static_cast<double>(*big);
        return value < 18446744073709551616.0 && static_cast<std::uint64_t>(value) == *big;
    }
    const auto* integer = std::get_if<std::int64_t>(&number);
    if (!integer) return false;
    value = static_cast<double>(*integer);
    return value < 9223372036854775808.0 && static_cast<std::int64_t>(value) == *integer;
}

std::string decimal(std::span<const std::byte> digits) {
    if (digits.size() > longest_decimal) return "an integer of " + std::to_string(digits.size()) + " bytes";
    std::vector<std::uint32_t> words((digits.size() + 3) / 4 + 1);  // magnitude, least significant first
    const bool negative = !digits.empty() && (digits.back() & std::byte{0x80}) != std::byte{0};
    std::uint32_t carry = negative ? 1 : 0;
    for (std::size_t i = 0; i < words.size() * 4; ++i) {
        const std::uint32_t fill = negative ? 0xff : 0;
        std::uint32_t byte = i < digits.size() ? std::to_integer<std::uint32_t>(digits[i]) : fill;
        if (negative) {
            byte = (~byte & 0xff) + carry;
            carry = byte >> 8;
            byte &= 0xff;
        }
        words[i / 4] |= byte << (8 * (i % 4));
    }
    std::string text;
    constexpr std::uint32_t billion = 1'000'000'000;
    while (!words.empty()) {
        std::uint64_t rest = 0;
        for (std::size_t i = words.size(); i-- > 0;) {
            rest = rest << 32 | words[i];
            words[i] = static_cast<std::uint32_t>(rest / billion);
            rest %= billion;
        }
        while (!words.empty() && words.back() == 0) words.pop_back();
        for (int i = 0; i < 9 && (!words.empty() || rest != 0); ++i, rest /= 10)
            text.push_back(static_cast<char>('0' + rest % 10));
    }
    if (text.empty()) text = "0";
    if (negative) text.push_back('-');
    std::reverse(text.begin(), text.end());
    return text;
}

std::string real_text(double value) {
    if (std::isnan(value)) return "nan";
    if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
    std::byte raw[8];
    std::memcpy(raw, &value, sizeof raw);
    return item_text(raw, DType('f', 8));
}

std::string complex_text(double real, double imag) {
    std::byte raw[16];
    std::memcpy(raw, &real, 8);
    std::memcpy(raw + 8, &imag, 8);
    return item_text(raw, DType('c', 16));
}

std::string number_text(const Cell& cell) {
    switch (cell.kind()) {
        case CellKind::integer:
            return std::to_string(cell.integer);
        case CellKind::big_integer:
            return decimal(cell.span());
        case CellKind::boolean:
            return cell.boolean ? "True" : "False";
        case CellKind::real:
            return real_text(cell.real);
        case CellKind::complex:
            return complex_text(cell.pair->real, cell.pair->imag);
        case CellKind::scalar: {
            std::vector<std::byte> native(scalar_of(cell).item.begin(), scalar_of(cell).item.end());
            make_native(native, scalar_of(cell).dtype);
            return item_text(native.data(), scalar_of(cell).dtype.native());
        }
        default:
            return "this";
    }
}

std::string utf8_of(const ScalarNode& text) {
    std::string result;
    std::size_t count = text.item.size() / 4;
    const auto code = [&](std::size_t i) { return native_item<std::uint32_t>(text.dtype, text.item.data() + 4 * i); };
    while (count > 0 && code(count - 1) == 0) --count;
    for (std::size_t i = 0; i < count; ++i) append_code_point(result, code(i));
    return result;
}

}  // namespace jl
