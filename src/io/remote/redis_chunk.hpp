// What goes to Redis and comes from it at a time.
#pragma once

#include <cstddef>

namespace jl::detail {

inline constexpr std::size_t redis_chunk = std::size_t{4} << 20;

}  // namespace jl::detail
