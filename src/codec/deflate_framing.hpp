// What stands around deflate data: the header and the trailer of gzip (RFC 1952) and zlib (RFC 1950) streams.
//
//     sink.write(stream_header(Framing::gzip, 3));  …  sink.write(stream_trailer(Framing::gzip, check));
//     HeaderReader header(Framing::gzip);  in = in.subspan(header.take(in));  if (header.finished()) …
//
// Damage throws Error{format} (checksum for a gzip header's own crc); a preset dictionary Error{unsupported}.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "codec/stream_check.hpp"

namespace jl::detail {

enum class Framing : std::uint8_t { zlib, gzip };

constexpr std::string_view name_of(Framing framing) noexcept { return framing == Framing::gzip ? "gzip" : "zlib"; }
constexpr std::size_t header_bytes(Framing framing) noexcept { return framing == Framing::gzip ? 10 : 2; }
constexpr std::size_t trailer_bytes(Framing framing) noexcept { return framing == Framing::gzip ? 8 : 4; }
constexpr StreamCheck::Kind check_kind(Framing framing) noexcept {
    return framing == Framing::gzip ? StreamCheck::Kind::crc32 : StreamCheck::Kind::adler32;
}

std::vector<std::byte> stream_header(Framing framing, int level);
// Whether stream_header writes these bytes for some level. Precondition: header_bytes(framing) bytes.
bool is_own_header(Framing framing, std::span<const std::byte> bytes);

std::vector<std::byte> stream_trailer(Framing framing, const StreamCheck& check);
// Error{checksum} that names the field unless `trailer` is what stream_trailer makes of `check`.
void verify_trailer(Framing framing, std::span<const std::byte> trailer, const StreamCheck& check);

// Reads a header in pieces; a gzip header may be of any length, so nothing of it is kept.
class HeaderReader {
  public:
    explicit HeaderReader(Framing framing) noexcept : framing_(framing) {}
    // Bytes taken from `in`: all of them until the header ends.
    std::size_t take(std::span<const std::byte> in);
    bool finished() const noexcept { return part_ == Part::done; }

  private:
    enum class Part : std::uint8_t { fixed, extra_size, extra, name, comment, header_crc, done };

    void accept(std::uint8_t byte);
    void accept_fixed(std::uint8_t byte);
    void check_gzip_byte(std::uint8_t byte) const;
    void check_zlib_byte(std::uint8_t byte) const;
    void check_header_crc(std::uint8_t byte);
    void next_part();

    Framing framing_;
    Part part_ = Part::fixed;
    std::uint64_t position_ = 0;  // in the part
    std::uint8_t first_ = 0;      // the byte before, where two belong together
    std::uint8_t flags_ = 0;      // gzip FLG
    std::uint32_t left_ = 0;      // of the extra field
    StreamCheck check_{StreamCheck::Kind::crc32};
};

}  // namespace jl::detail
