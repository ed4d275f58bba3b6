// bz2 streams of one unit each, and the decoder of any bz2 stream.
//
//     const std::size_t size = bz2_encode(unit, out, 9);
//     auto decoder = bz2_decoder();  CoderStep step = decoder->decode(in, out);
//
// Damage throws Error{format}: libbz2 does not tell a wrong checksum from other damage.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include <jl/codec.hpp>

namespace jl::detail {

constexpr std::size_t bz2_most_encoded(std::size_t unit) noexcept { return unit + unit / 100 + 600; }
// Precondition: `out` holds bz2_most_encoded(unit.size()).
std::size_t bz2_encode(std::span<const std::byte> unit, std::span<std::byte> out, int level);

std::unique_ptr<Decoder> bz2_decoder();

}  // namespace jl::detail
