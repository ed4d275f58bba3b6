#include "graph/padding.hpp"

#include <algorithm>
#include <limits>

namespace jl {

namespace {

constexpr std::size_t slot = 16;
constexpr std::size_t value_bytes = 10;  // of x87 extended precision
constexpr bool extended = std::numeric_limits<long double>::digits == 64 && sizeof(long double) == slot;

bool is_long_double(const DType& dtype) {
    return extended &&
           ((dtype.kind() == 'f' && dtype.itemsize() == slot) || (dtype.kind() == 'c' && dtype.itemsize() == 2 * slot));
}

}  // namespace

bool has_padding(const DType& dtype) {
    if (dtype.is_subarray()) return has_padding(dtype.element());
    if (!dtype.is_structure()) return is_long_double(dtype);
    return std::any_of(dtype.fields().begin(), dtype.fields().end(),
                       [](const DTypeField& field) { return has_padding(field.type); });
}

void clear_padding(std::span<std::byte> items, const DType& dtype) {
    if (dtype.is_subarray()) return clear_padding(items, dtype.element());
    const auto item = static_cast<std::size_t>(dtype.itemsize());
    if (!dtype.is_structure()) {
        if (!is_long_double(dtype) || dtype.big_endian()) return;
        for (std::size_t at = 0; at + slot <= items.size(); at += slot)
            std::fill_n(items.begin() + static_cast<std::ptrdiff_t>(at + value_bytes), slot - value_bytes,
                        std::byte{0});
        return;
    }
    for (const DTypeField& field : dtype.fields()) {
        if (!has_padding(field.type)) continue;
        for (std::size_t at = 0; at + item <= items.size(); at += item)
            clear_padding(items.subspan(at + static_cast<std::size_t>(field.offset),
                                        static_cast<std::size_t>(field.type.itemsize())),
                          field.type);
    }
}

}  // namespace jl
