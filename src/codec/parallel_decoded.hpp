// Decoded bytes of a stream with a block table: units are inflated on several threads and handed out in order.
//
//     auto decoded = decoded_in_parallel(source, Framing::gzip, std::move(table), n_threads);
//
// Long reads are inflated straight into the caller's memory. The stream's checksum is verified before the last unit's
// bytes are handed out.
#pragma once

#include <memory>

#include <jl/source.hpp>

#include "codec/block_table.hpp"

namespace jl::detail {

// `from` must outlive the result.
std::unique_ptr<Source> decoded_in_parallel(const RandomSource& from, Framing framing, BlockTable table,
                                            unsigned n_threads);

}  // namespace jl::detail
