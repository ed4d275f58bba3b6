#include "codec/deflate_table.hpp"

#include <algorithm>
#include <string>

#include <jl/detail/byte_order.hpp>
#include <jl/error.hpp>

#include "codec/ratio.hpp"
#include "codec/unit_deflater.hpp"
#include "codec/unit_inflater.hpp"
#include "io/range.hpp"

namespace jl::detail {
namespace {

constexpr std::size_t block_header_bytes = locator_block_bytes - locator_record_bytes;
constexpr std::uint64_t smallest_unit = 5;    // an empty stored block
constexpr std::uint64_t deflate_best = 1032;  // decoded bytes for a compressed one, at most

using LocatorBlock = std::array<std::byte, locator_block_bytes>;

std::array<std::byte, block_header_bytes> block_header() {
    std::array<std::byte, block_header_bytes> header{std::byte{1}};  // final, stored
    store_little(header.data() + 1, static_cast<std::uint16_t>(locator_record_bytes));
    store_little(header.data() + 3, static_cast<std::uint16_t>(~locator_record_bytes));
    return header;
}

class DeflateUnits final : public UnitStream {
  public:
    DeflateUnits(BlockTable table, Framing framing, std::vector<std::byte> records, std::vector<std::byte> trailer)
        : UnitStream(std::move(table)), framing_(framing), records_(std::move(records)), trailer_(std::move(trailer)) {}

    std::unique_ptr<UnitDecoder> unit_decoder() const override { return unit_inflater(); }
    std::vector<std::byte> records() const override { return records_; }
    std::optional<StreamCheck::Kind> check_kind() const override { return detail::check_kind(framing_); }
    void verify(const StreamCheck& whole) const override { verify_trailer(framing_, trailer_, whole); }

  private:
    Framing framing_;
    std::vector<std::byte> records_;
    std::vector<std::byte> trailer_;
};

// What bounds the number of units: the table's own compressed size, and that of the units.
void require_room(const Locator& locator, Extent table) {
    if (table.size < smallest_unit || locator.unit_count > table.size * deflate_best / 4 ||
        locator.unit_count > locator.table_offset / smallest_unit) {
        fail_table("claims " + std::to_string(locator.unit_count) + " units; it has " + std::to_string(table.size) +
                   " compressed bytes, they have " + std::to_string(locator.table_offset));
    }
}

// More than any encoder makes of so many bytes.
constexpr std::size_t most_deflated(std::size_t bytes) { return 2 * bytes + 64; }

// The table record, from the table's own unit.
std::vector<std::byte> read_record(const RandomSource& source, const Locator& locator, Extent extent) {
    require_room(locator, extent);
    const std::size_t record_bytes = require_record_bytes(locator, extent.size, most_deflated);
    std::vector<std::byte> compressed(static_cast<std::size_t>(extent.size) + UnitDecoder::spare_bytes);
    source.read_at(extent.offset, std::span(compressed).first(static_cast<std::size_t>(extent.size)));
    std::vector<std::byte> record(record_bytes);
    unit_inflater()->decode(compressed, record);
    return record;
}

}  // namespace

LocatorBlock locator_block(const Locator& locator) {
    LocatorBlock block{};
    std::ranges::copy(locator_record(locator), std::ranges::copy(block_header(), block.begin()).out);
    return block;
}

std::unique_ptr<UnitStream> find_deflate_units(const RandomSource& source, Framing framing, double ratio) {
    const std::uint64_t size = source.size();
    const std::size_t head = header_bytes(framing);
    const std::size_t tail = locator_block_bytes + trailer_bytes(framing);
    if (size < head + tail) return nullptr;
    const std::vector<std::byte> end = read_range(source, size - tail, tail);
    const auto last = std::span(end).subspan(block_header_bytes, locator_record_bytes);
    if (!std::ranges::equal(std::span(end).first(block_header_bytes), block_header()) || !is_locator(last))
        return nullptr;
    const Locator locator = parse_locator(last);
    if (locator.block_bytes != unit_bytes) fail_table("claims blocks that are not of 1 MiB");

    if (!is_own_header(framing, read_range(source, 0, head)))
        fail_table("belongs to a stream whose header is not jl's");
    if (locator.table_offset < head || locator.table_offset > size - tail) {
        fail_table("claims to begin at compressed byte " + std::to_string(locator.table_offset) + " of " +
                   std::to_string(size));
    }
    require_ratio(locator.decoded_length, size, ratio);
    std::vector<std::byte> records =
        read_record(source, locator, {locator.table_offset, size - tail - locator.table_offset});
    BlockTable table = units_of(locator, parse_sizes(records, locator), head, smallest_unit);
    records.insert(records.end(), last.begin(), last.end());
    return std::make_unique<DeflateUnits>(std::move(table), framing, std::move(records),
                                          std::vector(end.begin() + locator_block_bytes, end.end()));
}

}  // namespace jl::detail
