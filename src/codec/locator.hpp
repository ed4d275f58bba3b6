// The two records that a stream's block table consists of where it is part of the decoded bytes, behind the content
// (spec: codecs): the sizes of all units, and a record of fixed size that says where they are.
//
//     table_record(sizes) ++ locator_record(locator)                                    // writing
//     if (is_locator(last_bytes)) { const Locator locator = parse_locator(last_bytes); … parse_sizes(record, locator) }
//
// What is read is a claim: only its own consistency is checked here. Values.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "codec/block_table.hpp"

namespace jl::detail {

struct Locator {
    std::uint64_t decoded_length = 0;  // before the table record
    std::uint64_t block_bytes = 0;     // decoded bytes of each unit but the last
    std::uint64_t unit_count = 0;
    std::uint64_t table_offset = 0;  // compressed, from the stream's first byte
    std::uint32_t table_crc = 0;     // CRC32C
};

inline constexpr std::size_t locator_record_bytes = 59;
constexpr std::size_t table_record_bytes(std::size_t units) noexcept { return units * 4 + 10; }

// `8e <u64 size> <u32 size of each unit> 30`
std::vector<std::byte> table_record(std::span<const std::uint32_t> sizes);
std::uint32_t table_crc(std::span<const std::byte> record);
// `43 38 <fields> 30`
std::array<std::byte, locator_record_bytes> locator_record(const Locator& locator);

// Whether the bytes are framed as a locator and carry its magic.
bool is_locator(std::span<const std::byte> record);
// Error{checksum}, or {format} where the counts do not fit each other. Precondition: is_locator(record).
Locator parse_locator(std::span<const std::byte> record);
// Error{format} unless it is a table record of the locator's units, {checksum} for another table_crc. Precondition:
// table_record_bytes(locator.unit_count) bytes.
std::vector<std::uint32_t> parse_sizes(std::span<const std::byte> record, const Locator& locator);

// The decoded size of the table record, which takes `compressed` bytes. Error{format}: more than any coder makes of it.
std::size_t require_record_bytes(const Locator& locator, std::uint64_t compressed,
                                 std::size_t (*most_encoded)(std::size_t));
// The units, one behind the other from `first` up to the table. Error{format}: they end elsewhere, or one takes less
// than `smallest`.
BlockTable units_of(const Locator& locator, std::span<const std::uint32_t> sizes, std::uint64_t first,
                    std::uint64_t smallest);

[[noreturn]] void fail_table(const std::string& what);

}  // namespace jl::detail
