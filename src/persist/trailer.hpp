// The container's frame (spec: container, trailer): version record in front, directory, checksum table and footer
// behind.
//
//   80 04 | 43 0c <version record> 30 | graph, arrays, STOP | 8e <u64> directory 30 | 8e <u64> checksum table 30 | 43
//   48 <footer> 30
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include <jl/source.hpp>

namespace jl {

inline constexpr std::uint8_t format_major = 1;
inline constexpr std::uint8_t format_minor = 0;

inline constexpr std::size_t preamble_bytes = 17;  // PROTO and version record
inline constexpr std::size_t bytes8_frame = 10;    // BINBYTES8, u64, POP
inline constexpr std::size_t footer_content = 72;
inline constexpr std::size_t footer_record = footer_content + 3;

std::array<std::byte, preamble_bytes> make_preamble();

struct Version {
    std::uint8_t major = 0;
    std::uint8_t minor = 0;
};
// The version if the bytes begin as a jl container does; nullopt for other pickles. Error{format} for a damaged
// version record, Error{version} for a newer major
// version or an unknown flag.
std::optional<Version> parse_preamble(std::span<const std::byte> bytes);

enum class FooterState : std::uint8_t { clean = 0, modified_in_place = 1 };

struct Footer {
    std::uint64_t length = 0;            // of the whole container
    std::uint64_t graph_bytes = 0;       // of [0, STOP] outside payloads
    std::uint64_t directory_offset = 0;  // of the directory's BINBYTES8
    std::uint64_t directory_bytes = 0;
    std::uint64_t checksum_bytes = 0;
    std::uint32_t graph_crc = 0;
    std::uint32_t directory_crc = 0;
    std::uint32_t checksums_crc = 0;
    std::uint8_t major = format_major;
    std::uint8_t minor = format_minor;
    FooterState state = FooterState::clean;

    std::uint64_t directory_content() const { return directory_offset + 9; }
    std::uint64_t checksums_content() const { return directory_offset + bytes8_frame + directory_bytes + 9; }
};

std::array<std::byte, footer_record> make_footer(const Footer& footer);
// Error{format} unless both ends of a container name the same version.
void check_versions(Version version, const Footer& footer);
// The footer if the record ends in its magic; nullopt otherwise. Error{checksum}, {format} or {version} for a damaged
// or newer one.
std::optional<Footer> parse_footer(std::span<const std::byte, footer_record> record);

// Where a container lies in a file: [begin, begin + footer.length).
struct Placed {
    std::uint64_t begin = 0;
    Footer footer;
};
// The last container of a decoded file; a decoded block table behind it (spec: codecs) is stepped over. nullopt when
// the file does not end in a container. Error for one that lies about its bounds.
// Preamble::trusted: the version record at its front is not read, the footer names the version too.
enum class Preamble : std::uint8_t { checked, trusted };
std::optional<Placed> find_container(const RandomSource& file, Preamble preamble = Preamble::checked);

}  // namespace jl
