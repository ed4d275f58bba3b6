// Ranges of a source: the check in front of every read at an offset, all of [offset, offset + count) lies below size;
// and a short range as bytes of one's own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <jl/error.hpp>
#include <jl/source.hpp>

namespace jl::detail {

inline void require_range(std::uint64_t offset, std::uint64_t count, std::uint64_t size) {
    if (offset <= size && count <= size - offset) return;
    throw Error(ErrorCode::truncated, std::to_string(count) + " bytes wanted from byte " + std::to_string(offset) +
                                          " on, the input ends at byte " + std::to_string(size));
}

// Precondition: the caller has bounded `count`.
inline std::vector<std::byte> read_range(const RandomSource& source, std::uint64_t offset, std::uint64_t count) {
    std::vector<std::byte> bytes(static_cast<std::size_t>(count));
    source.read_at(offset, bytes);
    return bytes;
}

}  // namespace jl::detail
