#include "codec/shuffle.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <type_traits>

// 16 bytes a vector: what every x86-64 and every 64-bit ARM has.
#if defined(JL_HAS_XSIMD) && (defined(__SSE2__) || defined(__ARM_NEON))
#define JL_SHUFFLES_VECTORS 1
#include <xsimd/xsimd.hpp>
#endif

namespace jl::detail {
namespace {

// Items [begin, end) byte by byte.
void scatter(std::span<const std::byte> items, std::size_t item, std::span<std::byte> planes, std::size_t stride,
             std::size_t begin, std::size_t end) {
    if (begin == end) return;
    for (std::size_t plane = 0; plane < item; ++plane) {
        std::byte* to = planes.data() + plane * stride;
        const std::byte* from = items.data() + plane;
        for (std::size_t i = begin; i < end; ++i) to[i] = from[i * item];
    }
}

void gather(std::span<const std::byte> planes, std::size_t stride, std::size_t item, std::span<std::byte> items,
            std::size_t begin, std::size_t end) {
    if (begin == end) return;
    for (std::size_t plane = 0; plane < item; ++plane) {
        const std::byte* from = planes.data() + plane * stride;
        std::byte* to = items.data() + plane;
        for (std::size_t i = begin; i < end; ++i) to[i * item] = from[i];
    }
}

void clear_rest(std::span<std::byte> planes, std::size_t stride, std::size_t count) {
    for (std::size_t plane = 0; plane < planes.size() / std::max<std::size_t>(stride, 1); ++plane)
        std::ranges::fill(planes.subspan(plane * stride + count, stride - count), std::byte{0});
}

#ifdef JL_SHUFFLES_VECTORS
using Vector = xsimd::make_sized_batch_t<std::uint8_t, 16>;

template <std::size_t Item>
using Tile = std::array<Vector, Item>;  // 16 items, or 16 bytes of each plane

// Interleaving the halves of a sequence of 2^n bytes moves the byte at position p to p rotated left by one bit. Of the
// n = 4 + log2(Item) bits, four number the item and the others the byte in it: four rounds turn items into planes,
// log2(Item) rounds turn planes into items.
template <std::size_t Item>
void interleave(Tile<Item>& tile, int rounds) {
    for (int round = 0; round < rounds; ++round) {
        Tile<Item> next;
        for (std::size_t i = 0; i < Item / 2; ++i) {
            next[2 * i] = xsimd::zip_lo(tile[i], tile[i + Item / 2]);
            next[2 * i + 1] = xsimd::zip_hi(tile[i], tile[i + Item / 2]);
        }
        tile = next;
    }
}

// Return how many items were moved: the largest multiple of 16.
template <std::size_t Item>
std::size_t shuffle_tiles(const std::uint8_t* items, std::size_t count, std::uint8_t* planes, std::size_t stride) {
    const std::size_t whole = count / 16 * 16;
    for (std::size_t first = 0; first < whole; first += 16) {
        Tile<Item> tile;
        for (std::size_t i = 0; i < Item; ++i) tile[i] = Vector::load_unaligned(items + first * Item + 16 * i);
        interleave<Item>(tile, 4);
        for (std::size_t i = 0; i < Item; ++i) tile[i].store_unaligned(planes + i * stride + first);
    }
    return whole;
}

template <std::size_t Item>
std::size_t unshuffle_tiles(const std::uint8_t* planes, std::size_t stride, std::uint8_t* items, std::size_t count) {
    const std::size_t whole = count / 16 * 16;
    for (std::size_t first = 0; first < whole; first += 16) {
        Tile<Item> tile;
        for (std::size_t i = 0; i < Item; ++i) tile[i] = Vector::load_unaligned(planes + i * stride + first);
        interleave<Item>(tile, std::countr_zero(Item));
        for (std::size_t i = 0; i < Item; ++i) tile[i].store_unaligned(items + first * Item + 16 * i);
    }
    return whole;
}

template <class ByItem>
std::size_t in_tiles(std::size_t item, ByItem by_item) {
    switch (item) {
        case 2:
            return by_item(std::integral_constant<std::size_t, 2>{});
        case 4:
            return by_item(std::integral_constant<std::size_t, 4>{});
        case 8:
            return by_item(std::integral_constant<std::size_t, 8>{});
        case 16:
            return by_item(std::integral_constant<std::size_t, 16>{});
        default:
            return 0;
    }
}

const std::uint8_t* numbers(std::span<const std::byte> bytes) {
    return reinterpret_cast<const std::uint8_t*>(bytes.data());
}
std::uint8_t* numbers(std::span<std::byte> bytes) { return reinterpret_cast<std::uint8_t*>(bytes.data()); }
#endif

}  // namespace

void shuffle(std::span<const std::byte> items, std::size_t item, std::span<std::byte> planes, std::size_t stride) {
    const std::size_t count = items.size() / item;
    std::size_t done = 0;
#ifdef JL_SHUFFLES_VECTORS
    done = in_tiles(item, [&](auto size) {
        return shuffle_tiles<decltype(size)::value>(numbers(items), count, numbers(planes), stride);
    });
#endif
    scatter(items, item, planes, stride, done, count);
    clear_rest(planes, stride, count);
}

void unshuffle(std::span<const std::byte> planes, std::size_t stride, std::size_t item, std::span<std::byte> items) {
    const std::size_t count = items.size() / item;
    std::size_t done = 0;
#ifdef JL_SHUFFLES_VECTORS
    done = in_tiles(item, [&](auto size) {
        return unshuffle_tiles<decltype(size)::value>(numbers(planes), stride, numbers(items), count);
    });
#endif
    gather(planes, stride, item, items, done, count);
}

namespace scalar {

void shuffle(std::span<const std::byte> items, std::size_t item, std::span<std::byte> planes, std::size_t stride) {
    scatter(items, item, planes, stride, 0, items.size() / item);
    clear_rest(planes, stride, items.size() / item);
}

void unshuffle(std::span<const std::byte> planes, std::size_t stride, std::size_t item, std::span<std::byte> items) {
    gather(planes, stride, item, items, 0, items.size() / item);
}

}  // namespace scalar

}  // namespace jl::detail
