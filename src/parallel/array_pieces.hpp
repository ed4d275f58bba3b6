// The items of an array that lie nowhere, made piece by piece.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include <jl/buffer.hpp>
#include <jl/emitter.hpp>

namespace jl {

// use(place of the piece in bytes, its items), in ascending order; pieces of about `most` bytes. Precondition:
// array.fill.
template <class Use>
void for_each_piece(const ArrayEvent& array, std::uint64_t nbytes, std::uint64_t most, Use use) {
    const std::uint64_t item = array.dtype.itemsize();
    const std::uint64_t step = item * std::max<std::uint64_t>(most / item, 1);
    Buffer piece(static_cast<std::size_t>(std::min(step, nbytes)));
    for (std::uint64_t at = 0; at < nbytes; at += step) {
        const auto items = piece.bytes().first(static_cast<std::size_t>(std::min(step, nbytes - at)));
        array.fill(at / item, items);
        use(at, items);
    }
}

}  // namespace jl
