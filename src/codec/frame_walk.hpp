// The frames of a zstd or lz4 file without a seek table, found from header to header where each tells its decoded size.
//
//     if (auto table = walk_frames(source, zstd_frame_at)) …      // compressed data is skipped, not read
//
// A value; every frame lies within the file, what it decodes to is its claim.
#pragma once

#include <cstdint>
#include <optional>

#include <jl/source.hpp>

#include "codec/block_table.hpp"

namespace jl::detail {

struct FrameSizes {
    std::uint64_t compressed = 0;
    std::uint64_t decoded = 0;
};

// The frame that begins at `offset`. nullopt: none, or one that does not tell its decoded size.
using FrameAt = std::optional<FrameSizes> (*)(const RandomSource& source, std::uint64_t offset);
std::optional<FrameSizes> zstd_frame_at(const RandomSource& source, std::uint64_t offset);
std::optional<FrameSizes> lz4_frame_at(const RandomSource& source, std::uint64_t offset);

// nullopt unless the file is nothing but such frames and skippable ones.
std::optional<BlockTable> walk_frames(const RandomSource& source, FrameAt frame_at);

}  // namespace jl::detail
