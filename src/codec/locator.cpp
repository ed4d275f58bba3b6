#include "codec/locator.hpp"

#include <algorithm>

#include <jl/detail/byte_order.hpp>
#include <jl/error.hpp>

#include "io/crc32c.hpp"

namespace jl::detail {
namespace {

// Pickle opcodes that frame the records.
constexpr std::byte binbytes8{0x8E};
constexpr std::byte short_binbytes{0x43};
constexpr std::byte pop{0x30};

constexpr std::size_t table_head = 9;  // opcode and u64 size
constexpr std::array<unsigned char, 8> magic{0x89, 'J', 'L', 'B', 0x0D, 0x0A, 0x1A, 0x0A};

// Places in the locator record: opcode and size, then the fields.
constexpr std::size_t fields_at = 2;
constexpr std::size_t checked_bytes = 44;
constexpr std::size_t crc_at = fields_at + checked_bytes;
constexpr std::size_t magic_at = fields_at + 48;

}  // namespace

void fail_table(const std::string& what) { throw Error(ErrorCode::format, "the block table " + what); }

std::vector<std::byte> table_record(std::span<const std::uint32_t> sizes) {
    std::vector<std::byte> record(table_record_bytes(sizes.size()));
    record.front() = binbytes8;
    store_little(record.data() + 1, std::uint64_t{sizes.size() * 4});
    for (std::size_t i = 0; i < sizes.size(); ++i) store_little(record.data() + table_head + i * 4, sizes[i]);
    record.back() = pop;
    return record;
}

std::uint32_t table_crc(std::span<const std::byte> record) {
    return crc32c(record.subspan(table_head, record.size() - table_record_bytes(0)));
}

std::array<std::byte, locator_record_bytes> locator_record(const Locator& locator) {
    std::array<std::byte, locator_record_bytes> record{};
    record[0] = short_binbytes;
    record[1] = std::byte{locator_record_bytes - 3};
    std::byte* const fields = record.data() + fields_at;
    store_little(fields, locator.decoded_length);
    store_little(fields + 8, locator.block_bytes);
    store_little(fields + 16, locator.unit_count);
    store_little(fields + 24, locator.table_offset);
    store_little(fields + 32, locator.unit_count * 4);
    store_little(fields + 40, locator.table_crc);
    store_little(record.data() + crc_at, crc32c({fields, checked_bytes}));
    std::ranges::transform(magic, record.begin() + magic_at, [](unsigned char c) { return std::byte{c}; });
    record.back() = pop;
    return record;
}

bool is_locator(std::span<const std::byte> record) {
    const auto like = locator_record({});
    const auto same = [&](std::size_t begin, std::size_t size) {
        return std::ranges::equal(record.subspan(begin, size), std::span(like).subspan(begin, size));
    };
    return record.size() == like.size() && same(0, fields_at) && same(magic_at, like.size() - magic_at);
}

Locator parse_locator(std::span<const std::byte> record) {
    const std::byte* const fields = record.data() + fields_at;
    if (crc32c(record.subspan(fields_at, checked_bytes)) != load_little<std::uint32_t>(record.data() + crc_at)) {
        throw Error(ErrorCode::checksum, "the locator of the block table differs from its checksum");
    }
    const Locator locator{load_little<std::uint64_t>(fields), load_little<std::uint64_t>(fields + 8),
                          load_little<std::uint64_t>(fields + 16), load_little<std::uint64_t>(fields + 24),
                          load_little<std::uint32_t>(fields + 40)};
    if (locator.block_bytes == 0) fail_table("claims empty blocks");
    const std::uint64_t units =
        locator.decoded_length / locator.block_bytes + (locator.decoded_length % locator.block_bytes != 0 ? 1 : 0);
    if (locator.unit_count != units) {
        fail_table("claims " + std::to_string(locator.unit_count) + " units for " +
                   std::to_string(locator.decoded_length) + " bytes");
    }
    if (load_little<std::uint64_t>(fields + 32) != units * 4)
        fail_table("claims a size of its own that its units do not need");
    return locator;
}

std::vector<std::uint32_t> parse_sizes(std::span<const std::byte> record, const Locator& locator) {
    std::vector<std::uint32_t> sizes(static_cast<std::size_t>(locator.unit_count));
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        sizes[i] = load_little<std::uint32_t>(record.data() + table_head + i * 4);
    }
    if (!std::ranges::equal(record, table_record(sizes))) fail_table("is not a table record");
    if (table_crc(record) != locator.table_crc) {
        throw Error(ErrorCode::checksum, "the block table differs from its checksum");
    }
    return sizes;
}

std::size_t require_record_bytes(const Locator& locator, std::uint64_t compressed,
                                 std::size_t (*most_encoded)(std::size_t)) {
    const std::size_t bytes = table_record_bytes(static_cast<std::size_t>(locator.unit_count));
    if (compressed <= most_encoded(bytes)) return bytes;
    fail_table("of " + std::to_string(locator.unit_count) + " units takes " + std::to_string(compressed) +
               " compressed bytes, at most " + std::to_string(most_encoded(bytes)) + " are allowed");
}

BlockTable units_of(const Locator& locator, std::span<const std::uint32_t> sizes, std::uint64_t first,
                    std::uint64_t smallest) {
    BlockTable table;
    table.reserve(sizes.size());
    std::uint64_t at = first;
    for (const std::uint32_t size : sizes) {
        if (size < smallest) fail_table("claims a unit of " + std::to_string(size) + " compressed bytes");
        table.add({at, size}, std::min(locator.block_bytes, locator.decoded_length - table.decoded_length()));
        at += size;
    }
    if (at == locator.table_offset) return table;
    fail_table("claims units up to compressed byte " + std::to_string(at) + ", they end at " +
               std::to_string(locator.table_offset));
}

}  // namespace jl::detail
