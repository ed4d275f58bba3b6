// Decoded bytes of a stream of which the units are known, at any offset.
//
//     auto source = unit_source(file, std::move(units), n_threads);   source->read_at(offset, into);
//
// Whole units are decoded straight into the caller's memory, in parallel when the range is long; the last unit of which
// a part was wanted is kept. Sizes are checked, checksums of the whole stream are not. Thread-safe.
#pragma once

#include <memory>

#include <jl/source.hpp>

#include "codec/block_table.hpp"

namespace jl::detail {

std::unique_ptr<RandomSource> unit_source(std::shared_ptr<const RandomSource> from, std::unique_ptr<UnitStream> units,
                                          unsigned n_threads);

}  // namespace jl::detail
