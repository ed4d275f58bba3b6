// Where the units of a compressed stream lie, and what else is needed to decode them apart from one another.
//
//     BlockTable table;  table.add({offset, size}, decoded_size);  table.compressed(unit)  table.unit_at(position)
//
// Values. Who makes a table from a file compares what the file claims with its size first.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "codec/stream_check.hpp"
#include "codec/unit_coder.hpp"

namespace jl::detail {

// Each thread has a few units in memory; streams of larger ones are read in order, the smaller evil.
inline constexpr std::uint64_t most_unit_bytes = std::uint64_t{64} << 20;

struct Extent {
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
};

class BlockTable {
  public:
    void reserve(std::size_t units) { units_.reserve(units); }
    void add(Extent compressed, std::uint64_t decoded_size);

    std::uint64_t decoded_length() const noexcept { return decoded_length_; }
    std::uint64_t longest_unit() const noexcept { return longest_unit_; }  // decoded bytes
    std::size_t unit_count() const noexcept { return units_.size(); }
    Extent compressed(std::size_t unit) const { return units_[unit].compressed; }
    Extent decoded(std::size_t unit) const;
    // The unit that holds the decoded byte at `position`. Precondition: position < decoded_length().
    std::size_t unit_at(std::uint64_t position) const;

  private:
    struct Unit {
        Extent compressed;
        std::uint64_t decoded_offset = 0;
    };

    std::vector<Unit> units_;
    std::uint64_t decoded_length_ = 0;
    std::uint64_t longest_unit_ = 0;
};

// A stream that can be decoded unit by unit. Const members may be called by any number of threads.
class UnitStream {
  public:
    explicit UnitStream(BlockTable table) noexcept : table_(std::move(table)) {}
    virtual ~UnitStream() = default;

    const BlockTable& table() const noexcept { return table_; }
    virtual std::unique_ptr<UnitDecoder> unit_decoder() const = 0;
    // Decoded bytes behind the units: records of the table's own.
    virtual std::vector<std::byte> records() const { return {}; }
    // The checksum over all decoded bytes that the stream ends with; where it has one, verify() compares it with that
    // of units and records and throws Error{checksum}.
    virtual std::optional<StreamCheck::Kind> check_kind() const { return std::nullopt; }
    virtual void verify(const StreamCheck& /*whole*/) const {}

  private:
    BlockTable table_;
};

}  // namespace jl::detail
