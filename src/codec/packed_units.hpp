// Units of the payload of one array that is packed inside a container: shuffled blocks or Blosc chunks.
//
//     const auto framing = blosc_framing({.item = 4, .compressor = "lz4", .level = 5});     // for a BlockEncodedSink
//     const auto units = blosc_units(std::move(table));                                     // for reading
//
// What stands around the units is the container's business (spec: packed arrays).
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "codec/block_framing.hpp"

namespace jl::detail {

// Units of block * item bytes, all encoded to that many; the last one is filled up with zeros.
struct ShuffledBlocks {
    std::size_t item = 1;   // bytes
    std::size_t block = 1;  // items
};
std::unique_ptr<BlockFraming> shuffle_framing(ShuffledBlocks blocks);
std::unique_ptr<UnitDecoder> unshuffler(ShuffledBlocks blocks);

// One Blosc chunk for each unit of `unit` bytes.
struct BloscChunks {
    std::size_t item = 1;         // bytes; 2 to 255: bytes are shuffled, else bits
    std::size_t unit = 1;         // bytes
    std::string compressor = {};  // as Blosc names it
    int level = 5;                // 0–9
};
// The compressors that the Blosc library in use shares with Python's; empty where Blosc is not built in.
std::vector<std::string> blosc_compressors();
// These throw Error{unsupported} where Blosc is not built in.
std::unique_ptr<BlockFraming> blosc_framing(BloscChunks chunks);
std::unique_ptr<UnitDecoder> blosc_decoder();
std::unique_ptr<UnitStream> blosc_units(BlockTable table);
// Bytes that a chunk of `unit` bytes takes at most, and any chunk at least.
constexpr std::size_t blosc_most(std::size_t unit) { return unit + 16; }
inline constexpr std::size_t blosc_least = 16;

}  // namespace jl::detail
