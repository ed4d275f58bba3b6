// Inflates single units of a block-cut stream, each whole and straight into its place.
//
//     auto inflater = unit_inflater();  inflater->decode(unit_and_spare_bytes, destination);
//
// A unit that is not exactly what it claims throws Error{format}. One thread at a time.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "codec/unit_coder.hpp"

namespace jl::detail {

std::unique_ptr<UnitDecoder> unit_inflater();  // the fastest that is built in

std::unique_ptr<UnitDecoder> streaming_unit_inflater();  // on RawInflater
#ifdef JL_HAS_LIBDEFLATE
std::unique_ptr<UnitDecoder> libdeflate_unit_inflater();
#endif

// Error{format} unless a compressed unit ends as a full flush does.
void require_full_flush(std::span<const std::byte> unit);

}  // namespace jl::detail
