// What the kernels for arrays of 4- or 8-byte numbers share: a unit that is turned into blocks of tokens, and their
// end.
//
// Matches begin at elements. Numbers of images, simulations and tables repeat as wholes, so this finds what zlib finds
// with a fraction of the positions to look at. Used through elements_kernel and deep_elements_kernel.
#pragma once

#include <bit>
#include <cstdint>
#include <span>

#include <jl/detail/byte_order.hpp>

#include "codec/deflate_block.hpp"

namespace jl::detail {

inline constexpr std::uint32_t deflate_window = 32768;

// Multiplicative hashing: the high bits of the product are well mixed.
inline std::size_t hash32(std::uint32_t number, unsigned bits) noexcept { return number * 2654435761U >> (32 - bits); }
inline std::size_t hash64(std::uint64_t number, unsigned bits) noexcept {
    return static_cast<std::size_t>(number * 0x9E3779B97F4A7C15 >> (64 - bits));
}

class ElementMatcher {
  public:
    void begin(std::span<const std::byte> unit, std::span<std::byte> out) {
        unit_ = unit;
        bits_ = BitWriter(out);
        block_.clear();
        block_begin_ = unit.data();
    }
    const std::byte* origin() const noexcept { return unit_.data(); }
    const std::byte* end() const noexcept { return unit_.data() + unit_.size(); }
    Tokens& tokens() noexcept { return block_.tokens(); }
    bool has_many_matches() const noexcept { return block_.has_many_matches(); }

    // Writes what stands for the bytes up to `next`, which begins the next block. False: no room.
    bool end_block(const std::byte* next) {
        const bool fits = block_.write(bits_, origin(), block_begin_);
        block_.clear();
        block_begin_ = next;
        return fits;
    }
    // Takes the bytes from `next` on as literals, and ends with a full flush. The unit's compressed size; 0: no room.
    std::size_t finish(const std::byte* next) {
        if (next != end()) tokens().literals(static_cast<std::uint32_t>(end() - next));
        if (!block_.empty() && !end_block(end())) return 0;
        if (bits_.room() < 8) return 0;
        bits_.put(0, 3);
        bits_.align();
        bits_.put(0xFFFF0000, 32);
        bits_.flush();
        return bits_.size();
    }

  private:
    std::span<const std::byte> unit_;
    BitWriter bits_{{}};
    DeflateBlock block_;
    const std::byte* block_begin_ = nullptr;
};

}  // namespace jl::detail
