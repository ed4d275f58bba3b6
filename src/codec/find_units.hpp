// The units of a stream, where they are known and small enough to be decoded apart.
//
//     FoundUnits found = find_units(source, codec, limits.ratio);
//     if (found.units) …  else  read in order, and report found.lie if that finds one stream only
#pragma once

#include <memory>
#include <optional>

#include <jl/codec.hpp>
#include <jl/error.hpp>
#include <jl/source.hpp>

#include "codec/block_table.hpp"

namespace jl::detail {

struct FoundUnits {
    std::unique_ptr<UnitStream> units;  // null: to be read in order
    std::optional<Error> lie;           // what was wrong with the block table
};

// Error{limit} for a stream that claims more decoded bytes than `ratio` (0: none) times its own.
FoundUnits find_units(const RandomSource& source, const Codec& codec, double ratio);

}  // namespace jl::detail
