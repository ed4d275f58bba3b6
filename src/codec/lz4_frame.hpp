// A whole lz4 frame decoded straight into its place, block by block: a copy and a state less than with liblz4's decoder
// of streams, with the same checks.
//
//     if (!decode_lz4_frame(frame, out)) …      // a form that only liblz4's own decoder takes
#pragma once

#include <cstddef>
#include <span>

namespace jl::detail {

// Fills `out` exactly from a frame that is the whole of `frame`. False: a build without libxxhash, blocks that need one
// another, a dictionary, or no frame of this version; nothing is said of those. Damage is Error{format} or {checksum}.
bool decode_lz4_frame(std::span<const std::byte> frame, std::span<std::byte> out);

}  // namespace jl::detail
