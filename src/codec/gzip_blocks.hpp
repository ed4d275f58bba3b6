// Files of bgzip (BGZF, SAM specification 4.1): gzip members of up to 64 KiB, each of which tells its size in an extra
// field `BC`.
//
//     if (auto members = find_gzip_blocks(source)) …      // from header to header
#pragma once

#include <memory>

#include <jl/source.hpp>

#include "codec/block_table.hpp"

namespace jl::detail {

// Null: the file is not made of such members alone. Members are checked by their own crc32 and length.
std::unique_ptr<UnitStream> find_gzip_blocks(const RandomSource& source);

}  // namespace jl::detail
