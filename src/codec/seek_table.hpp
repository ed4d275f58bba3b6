// The table of a stream of frames: the last frame, of the skippable kind that zstd and lz4 share, lists the sizes of
// all others (zstd's seekable format; spec: codecs).
//
//     sink.write(seek_table(units.sizes, …));                     // behind all frames
//     if (auto table = find_seek_table(source)) …                 // from the end of the file
//
// A value; what is read is a claim that fits the size of the file.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <jl/source.hpp>

#include "codec/block_table.hpp"

namespace jl::detail {

// Sizes of frames that each hold unit_bytes of the `decoded` bytes, the last one the rest.
std::vector<std::byte> seek_table(std::span<const std::uint32_t> sizes, std::uint64_t unit_bytes,
                                  std::uint64_t decoded);

// nullopt: no such table, or one that is not of exactly the frames before it.
std::optional<BlockTable> find_seek_table(const RandomSource& source);

}  // namespace jl::detail
