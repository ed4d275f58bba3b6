// All ways to decode a stream: what they have to agree about, and streams of a codec's own to damage.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <jl/codec.hpp>

namespace jl::fuzz {

using Bytes = std::vector<std::byte>;

// In order in pieces of any size, ahead, in parallel, at random: each gives the same bytes or fails. An input that
// decodes to more than 32 times its size (and 1 MiB) is a failure by Limits::ratio.
void compare_ways(std::span<const std::byte> stream, const Codec& codec);

// The input is a stream as it is, and where it begins with an odd byte it also says how to damage one that the codec
// wrote. Nothing happens
// in a build without the codec.
void decode_any_way(std::string_view codec_name, std::span<const std::uint8_t> input);

}  // namespace jl::fuzz
