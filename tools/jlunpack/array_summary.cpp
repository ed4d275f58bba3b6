#include "jlunpack/array_summary.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <type_traits>
#include <vector>

#include "shell/array_items.hpp"
#include "shell/printable.hpp"
#include "shell/scalar.hpp"

namespace jl::unpack {
namespace {

constexpr std::uint64_t most_items = 6;
constexpr std::size_t room = 60;
constexpr std::size_t longest_item = 32;

std::uint64_t count_of(const Value& array) {
    const std::uint64_t itemsize = array.dtype().itemsize();
    return itemsize == 0 ? 0 : array.nbytes() / itemsize;
}

// Where item number `index` of C order lies in the payload.
std::uint64_t position_of(const Value& array, std::uint64_t index) {
    if (array.order() == 'C') return index;
    const std::vector<std::uint64_t>& shape = array.shape();
    std::uint64_t position = 0, stride = count_of(array);
    for (std::size_t axis = shape.size(); axis-- > 0;) {
        stride /= shape[axis];
        position += index % shape[axis] * stride;
        index /= shape[axis];
    }
    return position;
}

std::string short_text(const DType& dtype, std::span<const std::byte> item) {
    std::string text = shell::printable(shell::item_text(dtype, item));
    if (text.size() <= longest_item) return text;
    text.resize(longest_item);
    return shell::printable(text) + "…";
}

// Which item is the smallest and the largest, and the sum, of those that are numbers.
struct Range {
    std::uint64_t lowest = 0, highest = 0;  // positions in the payload
    std::uint64_t numbers = 0, nans = 0;
    long double sum = 0;
};

// IEEE 754 binary16; the compiler's own type is not in C++20.
double half_value(std::uint16_t bits) {
    const int exponent = bits >> 10 & 31;
    const double fraction = bits & 1023;
    const double size = exponent == 0    ? std::ldexp(fraction, -24)
                        : exponent == 31 ? (fraction == 0 ? HUGE_VAL : std::nan(""))
                                         : std::ldexp(1024 + fraction, exponent - 25);
    return (bits & 0x8000) != 0 ? -size : size;
}

template <class Number>
class Walk {
  public:
    void add(Number x) {
        const std::uint64_t position = next_++;
        if (x != x) {
            ++range.nans;
            return;
        }
        if (range.numbers == 0 || x < low_) low_ = x, range.lowest = position;
        if (range.numbers++ == 0 || x > high_) high_ = x, range.highest = position;
        range.sum += static_cast<long double>(x);
    }

    Range range;

  private:
    Number low_{}, high_{};
    std::uint64_t next_ = 0;
};

// `Raw` lies in the payload, `convert` makes a number of it.
template <class Raw, class Convert>
Range walk(const Value& array, Convert convert) {
    const bool swapped = !array.dtype().is_native();
    Walk<decltype(convert(Raw{}))> walk;
    shell::ArrayItems(array).for_each_piece([&](std::span<const std::byte> piece) {
        for (std::size_t at = 0; at < piece.size(); at += sizeof(Raw)) {
            std::byte bytes[sizeof(Raw)];
            std::memcpy(bytes, piece.data() + at, sizeof bytes);
            if (swapped) std::reverse(std::begin(bytes), std::end(bytes));
            Raw raw;
            std::memcpy(&raw, bytes, sizeof raw);
            walk.add(convert(raw));
        }
    });
    return walk.range;
}

template <class Number>
Range range_of(const Value& array) {
    if constexpr (std::is_same_v<Number, std::uint16_t>)
        if (array.dtype().kind() == 'f') return walk<std::uint16_t>(array, half_value);
    return walk<Number>(array, [](Number x) { return x; });
}

// No numbers: items of another kind.
Range range_of_any(const Value& array) {
    const DType& dtype = array.dtype();
    if (dtype.is_structure() || dtype.is_subarray()) return {};
    const std::uint64_t size = dtype.itemsize();
    switch (dtype.kind()) {
        case 'b':
        case 'u':
            return size == 1   ? range_of<std::uint8_t>(array)
                   : size == 2 ? range_of<std::uint16_t>(array)
                   : size == 4 ? range_of<std::uint32_t>(array)
                               : range_of<std::uint64_t>(array);
        case 'i':
            return size == 1   ? range_of<std::int8_t>(array)
                   : size == 2 ? range_of<std::int16_t>(array)
                   : size == 4 ? range_of<std::int32_t>(array)
                               : range_of<std::int64_t>(array);
        case 'f':
            return size == 2                     ? range_of<std::uint16_t>(array)
                   : size == 4                   ? range_of<float>(array)
                   : size == 8                   ? range_of<double>(array)
                   : size == sizeof(long double) ? range_of<long double>(array)
                                                 : Range{};
        default:
            return {};
    }
}

}  // namespace

std::string few_items(const Value& array) {
    if (array.dtype().has_object()) return {};
    const std::uint64_t count = count_of(array);
    if (count == 0) return {};
    shell::ArrayItems items(array);
    std::string text;
    std::uint64_t shown = 0;
    for (; shown < std::min(count, most_items) && text.size() < room; ++shown)
        text += (shown > 0 ? ", " : "") + short_text(array.dtype(), items.at(position_of(array, shown)));
    return "[" + text + (shown < count ? ", …]" : "]");
}

std::string statistics(const Value& array) {
    if (array.dtype().has_object() || count_of(array) == 0) return {};
    const Range range = range_of_any(array);
    std::string text;
    if (range.numbers > 0) {
        char mean[64];
        std::snprintf(mean, sizeof mean, "%.6Lg", range.sum / static_cast<long double>(range.numbers));
        shell::ArrayItems items(array);
        text = "min " + shell::item_text(array.dtype(), items.at(range.lowest));
        text += ", max " + shell::item_text(array.dtype(), items.at(range.highest)) + ", mean " + mean;
    }
    if (range.nans > 0) text += (text.empty() ? "" : ", ") + std::to_string(range.nans) + " nan";
    return text;
}

}  // namespace jl::unpack
