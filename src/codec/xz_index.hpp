// What stands around the blocks of an xz stream, made by liblzma: header, index, footer; and the blocks of a file,
// found by its indexes.
//
//     sink.write(xz_stream_header());  …  sink.write(xz_index_and_footer(unpadded_sizes, unit_bytes, decoded));
//     if (auto blocks = find_xz_blocks(source)) …                // from the end of the file
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <jl/source.hpp>

#include "codec/block_table.hpp"

namespace jl::detail {

std::vector<std::byte> xz_stream_header();
// Of blocks that each hold unit_bytes of the `decoded` bytes, the last one the rest.
std::vector<std::byte> xz_index_and_footer(std::span<const std::uint32_t> unpadded_sizes, std::uint64_t unit_bytes,
                                           std::uint64_t decoded);

// The blocks of all streams of the file. Null where an index does not fit the file, or streams are of different kinds,
// or padding stands between them: reading in order tells what it is.
std::unique_ptr<UnitStream> find_xz_blocks(const RandomSource& source);

}  // namespace jl::detail
