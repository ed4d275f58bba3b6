#include <jl/detail/byte_order.hpp>

#include "pickle/machine.hpp"

namespace jl {

Cell integer_from_bytes(Document& doc, std::span<const std::byte> digits) {
    // Drop sign bytes that carry nothing.
    while (digits.size() > 1) {
        const bool negative = (digits[digits.size() - 2] & std::byte{0x80}) != std::byte{0};
        if (digits.back() != (negative ? std::byte{0xff} : std::byte{0})) break;
        digits = digits.first(digits.size() - 1);
    }
    if (digits.empty()) return Cell::of(std::int64_t{0});
    if (digits.size() > 8) return doc.bytes(CellKind::big_integer, digits);
    const bool negative = (digits.back() & std::byte{0x80}) != std::byte{0};
    std::byte wide[8];
    for (std::size_t i = 0; i < 8; ++i)
        wide[i] = i < digits.size() ? digits[i] : (negative ? std::byte{0xff} : std::byte{0});
    return Cell::of(detail::load_little<std::int64_t>(wide));
}

}  // namespace jl
