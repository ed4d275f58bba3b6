// Byte shuffle: the first bytes of all items, then the second bytes of all items, and so on. Numbers of similar size
// have similar high bytes, which compressors like to see side by side.
//
//     shuffle(items, 8, planes, 100);      // plane j begins at planes[100 * j]
//     unshuffle(planes, 100, 8, items);
//
// Vectors for items of 2, 4, 8 and 16 bytes where the build has them; the scalar twins give the same bytes.
// Thread-safe.
#pragma once

#include <cstddef>
#include <span>

namespace jl::detail {

// `items` holds whole items of `item` bytes, at most `stride` of them; `planes` has item * stride bytes, of which those
// without an item are set to zero. The spans do not overlap.
void shuffle(std::span<const std::byte> items, std::size_t item, std::span<std::byte> planes, std::size_t stride);
// The inverse: fills `items` from the first items of the planes.
void unshuffle(std::span<const std::byte> planes, std::size_t stride, std::size_t item, std::span<std::byte> items);

namespace scalar {
void shuffle(std::span<const std::byte> items, std::size_t item, std::span<std::byte> planes, std::size_t stride);
void unshuffle(std::span<const std::byte> planes, std::size_t stride, std::size_t item, std::span<std::byte> items);
}  // namespace scalar

}  // namespace jl::detail
