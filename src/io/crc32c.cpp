#include "io/crc32c.hpp"

#include <algorithm>
#include <array>

#include <jl/detail/byte_order.hpp>

#ifdef JL_HAS_ISAL
#include <isa-l/crc.h>
#endif

namespace jl {
namespace {

// Row k holds the effect of one byte that k more bytes follow: eight rows take eight bytes a step.
using Tables = std::array<std::array<std::uint32_t, 256>, 8>;

constexpr Tables make_tables() {
    constexpr std::uint32_t reflected_polynomial = 0x82F63B78;
    Tables tables{};
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
        std::uint32_t remainder = byte;
        for (int bit = 0; bit < 8; ++bit) remainder = (remainder >> 1) ^ ((remainder & 1U) * reflected_polynomial);
        tables[0][byte] = remainder;
    }
    for (std::size_t row = 1; row < 8; ++row) {
        for (std::size_t byte = 0; byte < 256; ++byte) {
            const std::uint32_t before = tables[row - 1][byte];
            tables[row][byte] = (before >> 8) ^ tables[0][before & 0xFFU];
        }
    }
    return tables;
}

constexpr Tables tables = make_tables();

}  // namespace

std::uint32_t detail::crc32c_by_table(std::span<const std::byte> bytes, std::uint32_t so_far) noexcept {
    std::uint32_t crc = ~so_far;
    for (; bytes.size() >= 8; bytes = bytes.subspan(8)) {
        const auto word = load_little<std::uint64_t>(bytes.data()) ^ crc;
        crc = 0;
        for (unsigned i = 0; i < 8; ++i) crc ^= tables[7 - i][(word >> (8 * i)) & 0xFFU];
    }
    for (const std::byte byte : bytes)
        crc = (crc >> 8) ^ tables[0][(crc ^ std::to_integer<std::uint32_t>(byte)) & 0xFFU];
    return ~crc;
}

#ifdef JL_HAS_ISAL
std::uint32_t crc32c(std::span<const std::byte> bytes, std::uint32_t so_far) noexcept {
    constexpr std::size_t at_once = std::size_t{1} << 30;  // ISA-L counts in int
    std::uint32_t crc = ~so_far;                           // and hands out the bare register
    while (!bytes.empty()) {
        const auto part = bytes.first(std::min(bytes.size(), at_once));
        auto* const data = reinterpret_cast<unsigned char*>(const_cast<std::byte*>(part.data()));
        crc = crc32_iscsi(data, static_cast<int>(part.size()), crc);
        bytes = bytes.subspan(part.size());
    }
    return ~crc;
}
#else
std::uint32_t crc32c(std::span<const std::byte> bytes, std::uint32_t so_far) noexcept {
    return detail::crc32c_by_table(bytes, so_far);
}
#endif

}  // namespace jl
