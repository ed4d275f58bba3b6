// Inflates single units of a block-cut stream, each whole and straight into its place.
//
//     UnitInflater inflater;  inflater.inflate(scratch.first(size), destination);
//
// A unit that is not exactly what it claims throws Error{format}. One thread at a time.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

namespace jl::detail {

class UnitInflater {
  public:
    virtual ~UnitInflater() = default;
    // Bytes that inflate() may overwrite behind the compressed ones.
    static constexpr std::size_t spare_bytes = 5;
    // `unit` is the compressed unit followed by spare_bytes; it must be consumed exactly, end with a full flush and
    // fill `out` exactly.
    virtual void inflate(std::span<std::byte> unit, std::span<std::byte> out) = 0;
};

std::unique_ptr<UnitInflater> unit_inflater();  // the fastest that is built in

std::unique_ptr<UnitInflater> streaming_unit_inflater();  // on RawInflater
#ifdef JL_HAS_LIBDEFLATE
std::unique_ptr<UnitInflater> libdeflate_unit_inflater();
#endif

// Error{format} unless a compressed unit ends as a full flush does.
void require_full_flush(std::span<const std::byte> unit);
[[noreturn]] void fail_unit();

}  // namespace jl::detail
