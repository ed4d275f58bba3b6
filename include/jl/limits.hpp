// Bounds on what a load may cost. A file's own numbers are claims; these are what the caller is willing to pay.
//
//     auto upload = jl::load(path, {.limits = jl::Limits::untrusted()});
//
// Exceeding a bound throws Error{ErrorCode::limit} that names the bound, the claim and the limit. A plain value.
#pragma once

#include <cstdint>

namespace jl {

struct Limits {
    static constexpr std::uint64_t none = ~std::uint64_t{0};

    std::uint64_t bytes = none;  // memory for values and array payloads of one load, in bytes
    std::uint64_t items = none;  // values built (shared ones counted each time they are copied into typed containers)
    std::uint64_t depth = none;  // nesting of containers, counted over the whole graph
    double ratio = 0;            // decoded / encoded bytes of a compressed file or packed array; 0: unbounded

    // For files from strangers: 1 GiB, 16 Mi items, depth 1 000, ratio 1 100 (deflate's own maximum is 1 032). Honest
    // arrays of one value may shrink further in bz2, xz and zstd and are then refused.
    static constexpr Limits untrusted() { return {1ULL << 30, 1ULL << 24, 1'000, 1'100}; }
};

}  // namespace jl
