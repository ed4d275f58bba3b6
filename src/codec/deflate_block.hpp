// One deflate block with Huffman codes of its own: tokens are collected, then written.
//
//     Tokens& tokens = block.tokens();  tokens.literals(4);  tokens.match(8, 188);
//     if (!block.write(bits, unit.data(), first_byte)) …no room…;  block.clear();
//
// Tokens are what a matcher works on for every element of an array, so they lie open. One thread at a time.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include <jl/detail/byte_order.hpp>

#include "codec/huffman.hpp"

namespace jl::detail {

// Bits into bytes, lowest first. flush() stores eight bytes at a time: the room must allow for that.
class BitWriter {
  public:
    explicit BitWriter(std::span<std::byte> out) noexcept
        : begin_(out.data()), next_(begin_), end_(begin_ + out.size()) {}

    // Preconditions: `bits` has no bit set from `count` on; at most 57 bits between two flushes.
    void put(std::uint64_t bits, unsigned count) noexcept {
        waiting_ |= bits << count_;
        count_ += count;
    }
    void flush() noexcept {
        store_little(next_, waiting_);
        next_ += count_ >> 3;
        waiting_ >>= count_ & ~7U;
        count_ &= 7;
    }
    void align() noexcept {
        count_ = (count_ + 7) & ~7U;
        flush();
    }
    // Bytes that may still be put, eight of them left free for flush().
    std::size_t room() const noexcept {
        const auto left = static_cast<std::size_t>(end_ - next_);
        return left > 8 ? left - 8 : 0;
    }
    std::size_t size() const noexcept { return static_cast<std::size_t>(next_ - begin_); }

  private:
    std::byte* begin_;
    std::byte* next_;
    std::byte* end_;
    std::uint64_t waiting_ = 0;
    unsigned count_ = 0;
};

// Literals and matches in order, in place of the bytes that they stand for.
struct Tokens {
    static constexpr std::uint32_t is_match = 1U << 31;
    static constexpr std::uint32_t longest_match = 258;

    // Preconditions: 3 <= length <= 258, 3 <= distance <= 32768. The distance's symbol, from bit 24 on, comes with
    // write().
    static constexpr std::uint32_t match_of(std::uint32_t length, std::uint32_t distance) noexcept {
        return is_match | length << 15 | (distance - 1);
    }

    bool full() const noexcept { return last >= limit; }
    void literals(std::uint32_t count) noexcept {
        *++last = count;
        limit -= 2 * count - 1;  // a literal counts twice: codes should follow what is near where there are many
    }
    void match(std::uint32_t length, std::uint32_t distance) noexcept { *++last = match_of(length, distance); }

    std::uint32_t* last;  // the token written last
    std::uint32_t* limit;
};

class DeflateBlock {
  public:
    static constexpr std::size_t most_tokens = std::size_t{1} << 15;

    DeflateBlock() noexcept { clear(); }
    DeflateBlock(const DeflateBlock&) = delete;
    DeflateBlock& operator=(const DeflateBlock&) = delete;

    void clear() noexcept { tokens_ = {all_.data(), all_.data() + most_tokens}; }
    bool empty() const noexcept { return tokens_.last == all_.data(); }
    // A token or two may be added even to a full one.
    Tokens& tokens() noexcept { return tokens_; }

    // Writes the block, which stands for the bytes from `begin` on; matches may reach back to `origin`. False when
    // there may not be room for it.
    bool write(BitWriter& bits, const std::byte* origin, const std::byte* begin);
    // Of what has been written.
    bool has_many_matches() const noexcept { return has_many_matches_; }

  private:
    struct Counts;
    struct Codes;

    std::array<std::uint32_t, most_tokens + 16> all_;  // the first one is not used
    Tokens tokens_{};
    bool has_many_matches_ = false;
};

}  // namespace jl::detail
