// The block table of a gzip or zlib stream that jl wrote: where each unit of 1 MiB begins (spec: codecs, deflate
// framing).
//
//     sink.write(…deflated table_record(sizes)…);  sink.write(locator_block(locator));        // writing
//     if (auto stream = find_deflate_units(source, Framing::gzip, ratio)) …                   // reading
//
// Everything in a table is a claim: it is compared with the file's size before memory is spent on it.
#pragma once

#include <array>
#include <memory>

#include <jl/source.hpp>

#include "codec/block_table.hpp"
#include "codec/deflate_framing.hpp"
#include "codec/locator.hpp"

namespace jl::detail {

inline constexpr std::size_t locator_block_bytes = 64;  // a final stored block: 5 bytes of header, the record

std::array<std::byte, locator_block_bytes> locator_block(const Locator& locator);

// Null: the stream has no locator. A locator whose claims do not hold throws Error{format} or {checksum}: a lie, or
// the last of several streams in one file. A claim beyond `ratio` (0: none) throws Error{limit}.
std::unique_ptr<UnitStream> find_deflate_units(const RandomSource& source, Framing framing, double ratio);

}  // namespace jl::detail
