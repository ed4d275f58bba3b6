// The check in front of every read at an offset: all of [offset, offset + count) lies below size.
#pragma once

#include <cstdint>
#include <string>

#include <jl/error.hpp>

namespace jl::detail {

inline void require_range(std::uint64_t offset, std::uint64_t count, std::uint64_t size) {
    if (offset <= size && count <= size - offset) return;
    throw Error(ErrorCode::truncated, std::to_string(count) + " bytes wanted from byte " + std::to_string(offset) +
                                          " on, the input ends at byte " + std::to_string(size));
}

}  // namespace jl::detail
