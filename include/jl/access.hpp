// How a file is going to be used: advice to the system, for maps and for reads.
//
//     auto x = jl::load<jl::Array<double>>("x.pkl", {.mmap_mode = jl::MmapMode::r, .access = jl::Access::random});
//     jl::File file("x.pkl", {.access = jl::Access::sequential});
//
// Advice changes speed and memory, never a result, and is never an error: a system that does not know it ignores it.
#pragma once

#include <cstdint>

namespace jl {

//              maps                                 files that are read
// normal       nothing                              nothing
// sequential   MADV_SEQUENTIAL: long read-ahead     POSIX_FADV_SEQUENTIAL
// random       MADV_RANDOM: no read-ahead           POSIX_FADV_RANDOM
// will_need    MADV_WILLNEED: read in background    POSIX_FADV_WILLNEED
// populate     MADV_POPULATE_READ: all pages are    as will_need
//              there before the call returns
enum class Access : std::uint8_t { normal, sequential, random, will_need, populate };

}  // namespace jl
