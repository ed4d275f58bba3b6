#include "persist/trailer.hpp"

#include <algorithm>
#include <cstring>
#include <string>

#include <jl/detail/byte_order.hpp>
#include <jl/error.hpp>

#include "io/crc32c.hpp"

namespace jl {

namespace {

using detail::load_little;
using detail::store_little;

constexpr std::size_t magic_bytes_count = 8;
constexpr std::byte version_magic[magic_bytes_count] = {std::byte{0x89}, std::byte{'J'},  std::byte{'L'},
                                                        std::byte{'C'},  std::byte{0x0d}, std::byte{0x0a},
                                                        std::byte{0x1a}, std::byte{0x0a}};
constexpr std::byte footer_magic[magic_bytes_count] = {std::byte{0x89}, std::byte{'J'},  std::byte{'L'},
                                                       std::byte{'F'},  std::byte{0x0d}, std::byte{0x0a},
                                                       std::byte{0x1a}, std::byte{0x0a}};
constexpr std::byte locator_magic[magic_bytes_count] = {std::byte{0x89}, std::byte{'J'},  std::byte{'L'},
                                                        std::byte{'B'},  std::byte{0x0d}, std::byte{0x0a},
                                                        std::byte{0x1a}, std::byte{0x0a}};
constexpr std::byte short_binbytes{0x43}, pop{0x30};
constexpr std::size_t locator_record = 59;

// What every version record has at these places; so many of them are no coincidence.
constexpr std::size_t fixed_preamble_bytes[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 16};
constexpr std::size_t fewest_in_place = 9;

[[noreturn]] void refuse_version(unsigned major, unsigned minor) {
    throw Error(ErrorCode::version, "the file has format version " + std::to_string(major) + "." +
                                        std::to_string(minor) + ", this reader knows " + std::to_string(format_major) +
                                        "." + std::to_string(format_minor) + " and every later minor version of it");
}

bool equal(const std::byte* at, const std::byte (&magic)[magic_bytes_count]) {
    return std::memcmp(at, magic, magic_bytes_count) == 0;
}

}  // namespace

std::array<std::byte, preamble_bytes> make_preamble() {
    std::array<std::byte, preamble_bytes> bytes{std::byte{0x80}, std::byte{4}, short_binbytes, std::byte{12}};
    std::memcpy(bytes.data() + 4, version_magic, magic_bytes_count);
    bytes[12] = std::byte{format_major};
    bytes[13] = std::byte{format_minor};
    bytes[16] = pop;
    return bytes;
}

std::optional<Version> parse_preamble(std::span<const std::byte> bytes) {
    if (bytes.size() < preamble_bytes) return std::nullopt;
    const auto expected = make_preamble();
    std::size_t in_place = 0;
    for (const std::size_t at : fixed_preamble_bytes) in_place += bytes[at] == expected[at] ? 1U : 0U;
    if (in_place < fewest_in_place) return std::nullopt;
    if (in_place < std::size(fixed_preamble_bytes))
        throw Error(ErrorCode::format, "the version record is damaged: " + std::to_string(in_place) + " of its " +
                                           std::to_string(std::size(fixed_preamble_bytes)) +
                                           " fixed bytes are in place")
            .at_byte(0);
    const Version version{std::to_integer<std::uint8_t>(bytes[12]), std::to_integer<std::uint8_t>(bytes[13])};
    if (version.major != format_major) refuse_version(version.major, version.minor);
    const auto flags = load_little<std::uint16_t>(bytes.data() + 14);
    if (flags != 0)
        throw Error(ErrorCode::version,
                    "the version record sets the flags " + std::to_string(flags) + ", this reader knows none")
            .at_byte(14);
    return version;
}

void check_versions(Version version, const Footer& footer) {
    if (version.minor == footer.minor) return;
    throw Error(ErrorCode::format, "the version record says minor version " + std::to_string(version.minor) +
                                       ", the footer " + std::to_string(footer.minor));
}

std::array<std::byte, footer_record> make_footer(const Footer& footer) {
    std::array<std::byte, footer_record> record{};
    record[0] = short_binbytes;
    record[1] = std::byte{footer_content};
    record[footer_record - 1] = pop;
    std::byte* at = record.data() + 2;
    store_little(at + 0, footer.length);
    store_little(at + 8, footer.graph_bytes);
    store_little(at + 16, footer.directory_offset);
    store_little(at + 24, footer.directory_bytes);
    store_little(at + 32, footer.checksum_bytes);
    store_little(at + 40, footer.graph_crc);
    store_little(at + 44, footer.directory_crc);
    store_little(at + 48, footer.checksums_crc);
    at[52] = static_cast<std::byte>(footer.major);
    at[53] = static_cast<std::byte>(footer.minor);
    at[54] = static_cast<std::byte>(footer.state);
    store_little(at + 60, crc32c({at, 60}));
    std::memcpy(at + 64, footer_magic, magic_bytes_count);
    return record;
}

std::optional<Footer> parse_footer(std::span<const std::byte, footer_record> record) {
    const std::byte* at = record.data() + 2;
    if (record[0] != short_binbytes || record[1] != std::byte{footer_content} || record[footer_record - 1] != pop ||
        !equal(at + 64, footer_magic))
        return std::nullopt;
    const auto claimed = load_little<std::uint32_t>(at + 60);
    if (claimed != crc32c({at, 60})) throw Error(ErrorCode::checksum, "the footer differs from its checksum");
    Footer footer;
    footer.length = load_little<std::uint64_t>(at + 0);
    footer.graph_bytes = load_little<std::uint64_t>(at + 8);
    footer.directory_offset = load_little<std::uint64_t>(at + 16);
    footer.directory_bytes = load_little<std::uint64_t>(at + 24);
    footer.checksum_bytes = load_little<std::uint64_t>(at + 32);
    footer.graph_crc = load_little<std::uint32_t>(at + 40);
    footer.directory_crc = load_little<std::uint32_t>(at + 44);
    footer.checksums_crc = load_little<std::uint32_t>(at + 48);
    footer.major = std::to_integer<std::uint8_t>(at[52]);
    footer.minor = std::to_integer<std::uint8_t>(at[53]);
    if (footer.major != format_major) refuse_version(footer.major, footer.minor);
    const auto state = std::to_integer<std::uint8_t>(at[54]);
    if (state > 1)
        throw Error(ErrorCode::format, "the footer has the state " + std::to_string(state) + ", 0 or 1 is expected");
    footer.state = static_cast<FooterState>(state);
    // length = directory_offset + directory record + checksum record + footer, each term checked against the total
    // first.
    const std::uint64_t fixed = 2 * bytes8_frame + footer_record;
    const bool bounded = footer.length >= preamble_bytes + fixed && footer.directory_offset < footer.length &&
                         footer.directory_bytes < footer.length && footer.checksum_bytes < footer.length &&
                         footer.length < (std::uint64_t{1} << 62);
    if (!bounded || footer.directory_offset + footer.directory_bytes + footer.checksum_bytes + fixed != footer.length)
        throw Error(ErrorCode::format, "the footer's lengths do not add up to the container's " +
                                           std::to_string(footer.length) + " bytes");
    if (footer.graph_bytes > footer.directory_offset)
        throw Error(ErrorCode::format, "the footer claims more graph bytes than lie before the directory");
    return footer;
}

namespace {

// The end of the container in a file that was decoded from a stream with a block table: the table's two records follow
// it.
std::uint64_t end_before_table(const RandomSource& file) {
    const std::uint64_t size = file.size();
    if (size < locator_record + footer_record) return size;
    std::byte record[locator_record];
    file.read_at(size - locator_record, record);
    if (record[0] != short_binbytes || !equal(record + 2 + 48, locator_magic)) return size;
    const auto end = load_little<std::uint64_t>(record + 2);
    const auto table = load_little<std::uint64_t>(record + 2 + 32);
    const bool adds_up = end < size && table < size && end + bytes8_frame + table + locator_record == size;
    return adds_up ? end : size;
}

}  // namespace

std::optional<Placed> find_container(const RandomSource& file, Preamble preamble) {
    const std::uint64_t end = end_before_table(file);
    if (end < preamble_bytes + 2 * bytes8_frame + footer_record) return std::nullopt;
    std::array<std::byte, footer_record> record;
    file.read_at(end - footer_record, record);
    std::optional<Footer> footer;
    try {
        footer = parse_footer(record);
    } catch (Error& error) {
        error.at_byte(end - footer_record);
        throw;
    }
    if (!footer) return std::nullopt;
    if (footer->length > end)
        throw Error(ErrorCode::format, "the footer claims a container of " + std::to_string(footer->length) +
                                           " bytes, " + std::to_string(end) + " are there")
            .at_byte(end - footer_record);
    const Placed placed{end - footer->length, *footer};
    if (preamble == Preamble::trusted) return placed;
    std::array<std::byte, preamble_bytes> front;
    file.read_at(placed.begin, front);
    const auto version = parse_preamble(front);
    if (!version)
        throw Error(ErrorCode::format, "the footer points to a container here, no version record is there")
            .at_byte(placed.begin);
    check_versions(*version, *footer);
    return placed;
}

}  // namespace jl
