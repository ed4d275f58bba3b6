// The limit on decoded / encoded bytes of a compressed stream.
#pragma once

#include <cstdint>

namespace jl::detail {

// Error{limit} when `decoded` bytes are more than `ratio` (0: unbounded) times `encoded`; the first MiB is free.
void require_ratio(std::uint64_t decoded, std::uint64_t encoded, double ratio);

}  // namespace jl::detail
