#include "codec/block_table.hpp"

#include <algorithm>
#include <string>

#include <jl/detail/byte_order.hpp>
#include <jl/error.hpp>

#include "codec/ratio.hpp"
#include "codec/unit_deflater.hpp"
#include "codec/unit_inflater.hpp"
#include "io/crc32c.hpp"

namespace jl::detail {
namespace {

// Pickle opcodes that frame the records.
constexpr std::byte binbytes8{0x8E};
constexpr std::byte short_binbytes{0x43};
constexpr std::byte pop{0x30};

constexpr std::size_t record_head = 9;  // opcode and u64 size
constexpr std::size_t record_frame = record_head + 1;
constexpr std::uint64_t smallest_unit = 5;    // an empty stored block
constexpr std::uint64_t deflate_best = 1032;  // decoded bytes for a compressed one, at most
constexpr std::array<unsigned char, 8> magic{0x89, 'J', 'L', 'B', 0x0D, 0x0A, 0x1A, 0x0A};

// Places in the locator's block: 5 bytes of stored-block header, 2 of opcode and size, then the fields.
constexpr std::size_t fields_at = 7;
constexpr std::size_t crc_at = fields_at + 44;
constexpr std::size_t magic_at = fields_at + 48;

[[noreturn]] void fail(const std::string& what) { throw Error(ErrorCode::format, "the block table " + what); }

using LocatorBlock = std::array<std::byte, locator_block_bytes>;

bool has_magic(const LocatorBlock& block) {
    const LocatorBlock like = locator_block({});
    const auto same = [&](std::size_t begin, std::size_t end) {
        return std::equal(block.begin() + static_cast<std::ptrdiff_t>(begin),
                          block.begin() + static_cast<std::ptrdiff_t>(end),
                          like.begin() + static_cast<std::ptrdiff_t>(begin));
    };
    return same(0, fields_at) && same(magic_at, block.size());
}

Locator parse(const LocatorBlock& block) {
    const std::byte* fields = block.data() + fields_at;
    if (crc32c(std::span(block).subspan(fields_at, 44)) != load_little<std::uint32_t>(block.data() + crc_at)) {
        throw Error(ErrorCode::checksum, "the locator of the block table differs from its checksum");
    }
    const Locator locator{load_little<std::uint64_t>(fields), load_little<std::uint64_t>(fields + 16),
                          load_little<std::uint64_t>(fields + 24), load_little<std::uint32_t>(fields + 40)};
    const std::uint64_t units =
        locator.decoded_length / unit_bytes + (locator.decoded_length % unit_bytes != 0 ? 1 : 0);
    if (load_little<std::uint64_t>(fields + 8) != unit_bytes) fail("claims blocks that are not of 1 MiB");
    if (locator.unit_count != units) {
        fail("claims " + std::to_string(locator.unit_count) + " units for " + std::to_string(locator.decoded_length) +
             " bytes");
    }
    if (load_little<std::uint64_t>(fields + 32) != units * 4)
        fail("claims a size of its own that its units do not need");
    return locator;
}

// What bounds the number of units: the table's own compressed size, and that of the units.
void require_room(const Locator& locator, Extent table) {
    if (table.size < smallest_unit || locator.unit_count > table.size * deflate_best / 4 ||
        locator.unit_count > locator.table_offset / smallest_unit) {
        fail("claims " + std::to_string(locator.unit_count) + " units; it has " + std::to_string(table.size) +
             " compressed bytes, they have " + std::to_string(locator.table_offset));
    }
}

// The lengths, from the table's own unit.
std::vector<std::uint32_t> read_lengths(const RandomSource& source, const Locator& locator, Extent extent) {
    require_room(locator, extent);
    std::vector<std::byte> compressed(static_cast<std::size_t>(extent.size) + UnitInflater::spare_bytes);
    source.read_at(extent.offset, std::span(compressed).first(static_cast<std::size_t>(extent.size)));
    std::vector<std::byte> record(static_cast<std::size_t>(locator.unit_count) * 4 + record_frame);
    unit_inflater()->inflate(compressed, record);
    std::vector<std::uint32_t> lengths(static_cast<std::size_t>(locator.unit_count));
    for (std::size_t i = 0; i < lengths.size(); ++i) {
        lengths[i] = load_little<std::uint32_t>(record.data() + record_head + i * 4);
    }
    if (record != table_record(lengths)) fail("is not a table record");
    if (table_crc(record) != locator.table_crc) {
        throw Error(ErrorCode::checksum, "the block table differs from its checksum");
    }
    return lengths;
}

void require_tiling(std::span<const std::uint32_t> lengths, std::uint64_t first, std::uint64_t end) {
    std::uint64_t sum = first;
    for (const std::uint32_t length : lengths) {
        if (length < smallest_unit) fail("claims a unit of " + std::to_string(length) + " compressed bytes");
        sum += length;
    }
    if (sum != end) {
        fail("claims units up to compressed byte " + std::to_string(sum) + ", they end at " + std::to_string(end));
    }
}

}  // namespace

std::vector<std::byte> table_record(std::span<const std::uint32_t> lengths) {
    std::vector<std::byte> record(lengths.size() * 4 + record_frame);
    record.front() = binbytes8;
    store_little(record.data() + 1, std::uint64_t{lengths.size() * 4});
    for (std::size_t i = 0; i < lengths.size(); ++i) store_little(record.data() + record_head + i * 4, lengths[i]);
    record.back() = pop;
    return record;
}

std::uint32_t table_crc(std::span<const std::byte> record) {
    return crc32c(record.subspan(record_head, record.size() - record_frame));
}

std::array<std::byte, locator_block_bytes> locator_block(const Locator& locator) {
    LocatorBlock block{};
    block[0] = std::byte{1};  // final, stored
    store_little(block.data() + 1, static_cast<std::uint16_t>(locator_record_bytes));
    store_little(block.data() + 3, static_cast<std::uint16_t>(~locator_record_bytes));
    block[5] = short_binbytes;
    block[6] = std::byte{56};
    std::byte* const fields = block.data() + fields_at;
    store_little(fields, locator.decoded_length);
    store_little(fields + 8, std::uint64_t{unit_bytes});
    store_little(fields + 16, locator.unit_count);
    store_little(fields + 24, locator.table_offset);
    store_little(fields + 32, locator.unit_count * 4);
    store_little(fields + 40, locator.table_crc);
    store_little(block.data() + crc_at, crc32c({fields, 44}));
    std::ranges::transform(magic, block.begin() + magic_at, [](unsigned char c) { return std::byte{c}; });
    block.back() = pop;
    return block;
}

BlockTable::BlockTable(const Locator& locator, std::vector<std::uint32_t> lengths, std::uint64_t first_offset,
                       std::vector<std::byte> trailer)
    : locator_(locator), trailer_(std::move(trailer)) {
    offsets_.reserve(lengths.size() + 1);
    offsets_.push_back(first_offset);
    for (const std::uint32_t length : lengths) offsets_.push_back(offsets_.back() + length);
}

Extent BlockTable::decoded(std::size_t unit) const {
    const std::uint64_t offset = std::uint64_t{unit} * unit_bytes;
    return {offset, std::min<std::uint64_t>(unit_bytes, locator_.decoded_length - offset)};
}

std::vector<std::byte> BlockTable::records() const {
    std::vector<std::uint32_t> lengths(unit_count());
    for (std::size_t i = 0; i < lengths.size(); ++i) lengths[i] = static_cast<std::uint32_t>(compressed(i).size);
    std::vector<std::byte> records = table_record(lengths);
    const LocatorBlock block = locator_block(locator_);
    records.insert(records.end(), block.end() - locator_record_bytes, block.end());
    return records;
}

std::optional<BlockTable> find_block_table(const RandomSource& source, Framing framing, double ratio) {
    const std::uint64_t size = source.size();
    const std::size_t head = header_bytes(framing);
    const std::size_t tail = locator_block_bytes + trailer_bytes(framing);
    if (size < head + tail) return std::nullopt;
    LocatorBlock block;
    source.read_at(size - tail, block);
    if (!has_magic(block)) return std::nullopt;
    const Locator locator = parse(block);

    std::vector<std::byte> header(head);
    source.read_at(0, header);
    if (!is_own_header(framing, header)) fail("belongs to a stream whose header is not jl's");
    if (locator.table_offset < head || locator.table_offset > size - tail) {
        fail("claims to begin at compressed byte " + std::to_string(locator.table_offset) + " of " +
             std::to_string(size));
    }
    require_ratio(locator.decoded_length, size, ratio);
    const Extent extent{locator.table_offset, size - tail - locator.table_offset};
    std::vector<std::uint32_t> lengths = read_lengths(source, locator, extent);
    require_tiling(lengths, head, locator.table_offset);
    std::vector<std::byte> trailer(trailer_bytes(framing));
    source.read_at(size - trailer.size(), trailer);
    return BlockTable(locator, std::move(lengths), head, std::move(trailer));
}

}  // namespace jl::detail
