// The blocks of any bz2 file, found by their magic numbers, which may begin at any bit.
//
//     Bz2Scanner scanner(source);
//     while (auto block = scanner.next()) jobs.push(*block);      // elsewhere: bz2_stream_of(*block) is a bz2 stream
//
// The magic may occur within a block by chance (once in 2^48 bits) and files may be damaged: whatever is not as
// expected throws Error{format}, and who reads in order finds out what it is. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <jl/source.hpp>

namespace jl::detail {

struct Bz2Block {
    std::vector<std::byte> bytes;
    unsigned first_bit = 0;  // in the first byte, from its top
    std::uint64_t bits = 0;
    std::byte level{};      // '1' to '9'
    std::uint32_t crc = 0;  // of the decoded bytes, as the block tells
};

class Bz2Scanner final {
  public:
    explicit Bz2Scanner(const RandomSource& source) : source_(&source) {}
    // nullopt: the file ends with a stream whose checksum agrees with its blocks.
    std::optional<Bz2Block> next();
    std::uint64_t compressed() const noexcept { return at_ / 8; }  // bytes passed

  private:
    std::uint64_t bits_at(std::uint64_t bit, unsigned count);
    bool begin_stream();
    void end_stream();
    std::uint64_t next_marker(std::uint64_t from);
    Bz2Block cut(std::uint64_t end);
    bool hold(std::uint64_t byte);

    const RandomSource* source_;
    std::vector<std::byte> window_;  // of the file, from window_begin_
    std::uint64_t window_begin_ = 0;
    std::uint64_t at_ = 0;  // bits
    bool in_stream_ = false;
    std::byte level_{};
    std::uint32_t combined_crc_ = 0;
};

// A whole bz2 stream of that block alone.
std::vector<std::byte> bz2_stream_of(const Bz2Block& block);

}  // namespace jl::detail
