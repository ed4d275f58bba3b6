// xxHash of 32 bits with seed 0: the checksum inside lz4 frames, which liblz4 keeps to itself.
//
//     const std::uint32_t sum = xxh32(bytes);
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace jl::detail {

std::uint32_t xxh32(std::span<const std::byte> bytes) noexcept;

}  // namespace jl::detail
