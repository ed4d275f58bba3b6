#include "codec/deflate_framing.hpp"

#include <algorithm>
#include <array>
#include <string>

#include <jl/detail/byte_order.hpp>
#include <jl/error.hpp>

namespace jl::detail {
namespace {

// gzip FLG
constexpr std::uint8_t has_header_crc = 2;
constexpr std::uint8_t has_extra = 4;
constexpr std::uint8_t has_name = 8;
constexpr std::uint8_t has_comment = 16;
constexpr std::uint8_t reserved_flags = 0xE0;

[[noreturn]] void fail(ErrorCode code, Framing framing, const std::string& what) {
    throw Error(code, "the " + std::string(name_of(framing)) + " header " + what);
}

std::vector<std::byte> bytes_of(std::initializer_list<unsigned> values) {
    std::vector<std::byte> bytes;
    for (const unsigned value : values) bytes.push_back(static_cast<std::byte>(value));
    return bytes;
}

// FLG of zlib: what zlib itself writes, FLEVEL and check bits together.
unsigned zlib_flags(int level) {
    if (level <= 1) return 0x01;
    if (level <= 5) return 0x5E;
    return level == 6 ? 0x9C : 0xDA;
}

// XFL of gzip.
unsigned gzip_extra_flags(int level) {
    if (level == 1) return 4;
    return level == 9 ? 2 : 0;
}

}  // namespace

std::vector<std::byte> stream_header(Framing framing, int level) {
    if (framing == Framing::zlib) return bytes_of({0x78, zlib_flags(level)});
    constexpr unsigned unix_system = 3;
    return bytes_of({0x1F, 0x8B, 8, 0, 0, 0, 0, 0, gzip_extra_flags(level), unix_system});
}

bool is_own_header(Framing framing, std::span<const std::byte> bytes) {
    return std::ranges::any_of(std::array{1, 2, 6, 9},
                               [&](int level) { return std::ranges::equal(bytes, stream_header(framing, level)); });
}

std::vector<std::byte> stream_trailer(Framing framing, const StreamCheck& check) {
    std::vector<std::byte> trailer(trailer_bytes(framing));
    if (framing == Framing::zlib) {
        store_big(trailer.data(), check.value());
    } else {
        store_little(trailer.data(), check.value());
        store_little(trailer.data() + 4, static_cast<std::uint32_t>(check.bytes()));
    }
    return trailer;
}

void verify_trailer(Framing framing, std::span<const std::byte> trailer, const StreamCheck& check) {
    const std::vector<std::byte> expected = stream_trailer(framing, check);
    if (std::ranges::equal(trailer, expected)) return;
    const bool same_sum = std::ranges::equal(trailer.first(4), std::span(expected).first(4));
    const std::string_view field = framing == Framing::zlib ? "adler32" : same_sum ? "length field" : "crc32";
    throw Error(ErrorCode::checksum, "the " + std::string(field) + " at the end of the " +
                                         std::string(name_of(framing)) + " stream differs from that of the " +
                                         std::to_string(check.bytes()) + " bytes decoded");
}

std::size_t HeaderReader::take(std::span<const std::byte> in) {
    std::size_t taken = 0;
    while (taken < in.size() && !finished()) {
        if (part_ != Part::header_crc) check_.update(in.subspan(taken, 1));
        accept(std::to_integer<std::uint8_t>(in[taken++]));
    }
    return taken;
}

void HeaderReader::accept(std::uint8_t byte) {
    const std::uint64_t at = position_++;
    switch (part_) {
        case Part::fixed:
            return accept_fixed(byte);
        case Part::extra_size:
            if (at == 0) {
                first_ = byte;
                return;
            }
            left_ = first_ + std::uint32_t{byte} * 256;
            if (left_ == 0) part_ = Part::extra;  // an empty field: passed over with its size
            return next_part();
        case Part::extra:
            if (at + 1 == left_) next_part();
            return;
        case Part::name:
        case Part::comment:
            if (byte == 0) next_part();
            return;
        case Part::header_crc:
            return check_header_crc(byte);
        case Part::done:
            return;
    }
}

void HeaderReader::accept_fixed(std::uint8_t byte) {
    framing_ == Framing::gzip ? check_gzip_byte(byte) : check_zlib_byte(byte);
    if (position_ == 1) first_ = byte;
    if (framing_ == Framing::gzip && position_ == 4) flags_ = byte;
    if (position_ == header_bytes(framing_)) next_part();
}

void HeaderReader::check_gzip_byte(std::uint8_t byte) const {
    constexpr std::array<std::uint8_t, 3> beginning{0x1F, 0x8B, 8};
    if (position_ == 3 && byte != beginning[2]) fail(ErrorCode::format, framing_, "names a method that is not deflate");
    if (position_ <= 2 && byte != beginning[position_ - 1])
        fail(ErrorCode::format, framing_, "does not begin with 1f 8b");
    if (position_ == 4 && (byte & reserved_flags) != 0) fail(ErrorCode::format, framing_, "sets reserved flags");
}

void HeaderReader::check_zlib_byte(std::uint8_t byte) const {
    constexpr std::uint8_t deflate_method = 8;
    constexpr std::uint8_t largest_window = 7;
    constexpr std::uint8_t has_dictionary = 0x20;
    if (position_ == 1) {
        if ((byte & 15) != deflate_method) fail(ErrorCode::format, framing_, "names a method that is not deflate");
        if (byte >> 4 > largest_window) fail(ErrorCode::format, framing_, "asks for a window beyond 32 KiB");
        return;
    }
    if ((first_ * 256 + byte) % 31 != 0) fail(ErrorCode::format, framing_, "fails its own check");
    if ((byte & has_dictionary) != 0) fail(ErrorCode::unsupported, framing_, "needs a preset dictionary");
}

void HeaderReader::check_header_crc(std::uint8_t byte) {
    const std::uint32_t expected = position_ == 1 ? check_.value() & 0xFFU : check_.value() >> 8 & 0xFFU;
    if (byte != expected) fail(ErrorCode::checksum, framing_, "differs from its crc16");
    if (position_ == 2) next_part();
}

// The parts follow one another in the order of the enumerators, each only when its flag is set.
void HeaderReader::next_part() {
    const auto follows = [&](Part part, std::uint8_t flag) { return part_ < part && (flags_ & flag) != 0; };
    position_ = 0;
    if (part_ == Part::extra_size) {
        part_ = Part::extra;
    } else if (follows(Part::extra_size, has_extra)) {
        part_ = Part::extra_size;
    } else if (follows(Part::name, has_name)) {
        part_ = Part::name;
    } else if (follows(Part::comment, has_comment)) {
        part_ = Part::comment;
    } else if (follows(Part::header_crc, has_header_crc)) {
        part_ = Part::header_crc;
    } else {
        part_ = Part::done;
    }
}

}  // namespace jl::detail
