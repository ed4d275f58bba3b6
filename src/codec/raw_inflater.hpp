// Raw deflate data (RFC 1951) of any length, inflated in pieces.
//
//     auto inflater = raw_inflater();  CoderStep step = inflater->inflate(in, out);
//
// A step takes input until it ends or the output is full. `finished`: the final block has ended; then, and only then,
// the bytes behind it are exactly those not consumed. Damage throws Error{format}. One stream and one thread each.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include <jl/codec.hpp>

namespace jl::detail {

class RawInflater {
  public:
    virtual ~RawInflater() = default;
    virtual CoderStep inflate(std::span<const std::byte> in, std::span<std::byte> out) = 0;
};

std::unique_ptr<RawInflater> raw_inflater();  // the fastest that is built in

std::unique_ptr<RawInflater> zlib_raw_inflater();
#ifdef JL_HAS_ISAL
std::unique_ptr<RawInflater> isal_raw_inflater();
#endif

}  // namespace jl::detail
