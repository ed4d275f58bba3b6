// CRC32C (Castagnoli, reflected, initial value and final xor ffffffff): the checksum of the container format.
// Runs on ISA-L where it is built in, else by table; thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace jl {

// crc32c(b, crc32c(a)) is the checksum of a followed by b.
std::uint32_t crc32c(std::span<const std::byte> bytes, std::uint32_t so_far = 0) noexcept;

namespace detail {
// The twin that tests compare with.
std::uint32_t crc32c_by_table(std::span<const std::byte> bytes, std::uint32_t so_far) noexcept;
}  // namespace detail

}  // namespace jl
