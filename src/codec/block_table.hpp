// The block table of a gzip or zlib stream that jl wrote: where each unit of 1 MiB begins (spec: codecs, deflate
// framing).
//
//     sink.write(…deflated table_record(lengths)…);  sink.write(locator_block(locator));        // writing
//     if (auto table = find_block_table(source, Framing::gzip)) table->compressed(unit)         // reading
//
// Everything in a table is a claim: it is compared with the file's size before memory is spent on it. Values.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <jl/source.hpp>

#include "codec/deflate_framing.hpp"

namespace jl::detail {

inline constexpr std::size_t locator_block_bytes = 64;  // a final stored block: 5 bytes of header, the record
inline constexpr std::size_t locator_record_bytes = 59;

struct Locator {
    std::uint64_t decoded_length = 0;  // before the table record
    std::uint64_t unit_count = 0;
    std::uint64_t table_offset = 0;  // compressed, from the stream's first byte
    std::uint32_t table_crc = 0;     // CRC32C
};

struct Extent {
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
};

// `8e <u64 size> <u32 length of each unit> 30`
std::vector<std::byte> table_record(std::span<const std::uint32_t> lengths);
std::uint32_t table_crc(std::span<const std::byte> record);
std::array<std::byte, locator_block_bytes> locator_block(const Locator& locator);

class BlockTable {
  public:
    BlockTable(const Locator& locator, std::vector<std::uint32_t> lengths, std::uint64_t first_offset,
               std::vector<std::byte> trailer);

    std::uint64_t decoded_length() const noexcept { return locator_.decoded_length; }
    std::size_t unit_count() const noexcept { return offsets_.size() - 1; }
    Extent compressed(std::size_t unit) const { return {offsets_[unit], offsets_[unit + 1] - offsets_[unit]}; }
    Extent decoded(std::size_t unit) const;
    // Decoded bytes behind the units: the table's and the locator's records.
    std::vector<std::byte> records() const;
    std::span<const std::byte> trailer() const noexcept { return trailer_; }

  private:
    Locator locator_;
    std::vector<std::uint64_t> offsets_;  // of each unit, and of the end
    std::vector<std::byte> trailer_;      // of the stream
};

// nullopt: the stream has no locator. A locator whose claims do not hold throws Error{format} or {checksum}: a lie, or
// the last of several streams in one file. A claim beyond `ratio` (0: none) throws Error{limit}.
std::optional<BlockTable> find_block_table(const RandomSource& source, Framing framing, double ratio);

}  // namespace jl::detail
