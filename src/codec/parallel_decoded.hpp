// Decoded bytes of a stream of which the units are known: they are decoded on several threads and handed out in order.
//
//     auto decoded = decoded_in_parallel(source, std::move(units), n_threads);
//
// Long reads are decoded straight into the caller's memory. A checksum of the whole stream is verified before the last
// unit's bytes are handed out.
#pragma once

#include <memory>

#include <jl/source.hpp>

#include "codec/block_table.hpp"

namespace jl::detail {

// `from` must outlive the result.
std::unique_ptr<Source> decoded_in_parallel(const RandomSource& from, std::unique_ptr<UnitStream> units,
                                            unsigned n_threads);

}  // namespace jl::detail
