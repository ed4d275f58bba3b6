// Streams and data that the codec tests share.
#pragma once

#include <cstdlib>
#include <cstring>
#include <vector>
#include <zlib.h>

#include <jl/sink.hpp>

#include "codec/binding.hpp"
#include "codec/deflate_codec.hpp"
#include "codec/unit_deflater.hpp"
#include "support/faulty_io.hpp"

namespace jl::test {

using Bytes = std::vector<std::byte>;
inline constexpr std::size_t unit = detail::unit_bytes;

inline Bytes bytes_of(std::string_view text) {
    const auto bytes = std::as_bytes(std::span(text));
    return {bytes.begin(), bytes.end()};
}

// Floats that vary slowly and take few values, as images do.
inline Bytes image_like(std::size_t count) {
    std::vector<float> pixels(count / sizeof(float) + 1);
    std::uint32_t noise = 1;
    for (std::size_t i = 0; i < pixels.size(); ++i) {
        const auto column = static_cast<int>(i % 62);
        const auto row = static_cast<int>(i / 62 % 47);
        noise = noise * 1664525 + 1013904223;
        const int shade = 60 + std::abs(31 - column) * 2 + std::abs(23 - row) * 3 + static_cast<int>(noise >> 29);
        pixels[i] = static_cast<float>(shade) / 255.0F;
    }
    Bytes bytes(count);
    if (count > 0) std::memcpy(bytes.data(), pixels.data(), count);
    return bytes;
}

inline CodecChoice gzip(int level = 3) { return {detail::gzip_codec().codec, level}; }
inline CodecChoice zlib(int level = 3) { return {detail::zlib_codec().codec, level}; }

inline Bytes encode(std::span<const std::byte> bytes, const CodecChoice& choice, unsigned n_threads = 1) {
    MemorySink sink;
    const auto out = encoded(sink, choice, {.n_threads = n_threads});
    out->write(bytes);
    out->finish();
    return sink.take();
}

// Decoded bytes of jl's own streams end with the records of the block table.
inline std::size_t records_bytes(std::size_t content) { return (content + unit - 1) / unit * 4 + 10 + 59; }

inline Bytes content_of(Bytes decoded, std::size_t content) {
    decoded.resize(std::min(decoded.size(), content));
    return decoded;
}

inline Bytes decode_random(std::span<const std::byte> stream, const Codec& codec, unsigned n_threads = 1,
                           std::size_t piece = 65536) {
    const MemorySource source(stream);
    const auto in = decoded(source, codec, {.n_threads = n_threads});
    return read_all(*in, piece);
}

inline Bytes decode_in_order(std::span<const std::byte> stream, const Codec& codec, unsigned n_threads = 1,
                             std::size_t piece = std::size_t{1} << 20) {
    const auto in = decoded(std::make_unique<PieceSource>(stream, piece), codec, {.n_threads = n_threads});
    return read_all(*in);
}

// A stream as zlib itself makes it. window_bits: 15 zlib, 31 gzip.
inline Bytes foreign(std::span<const std::byte> bytes, int window_bits, int level = 6) {
    z_stream stream{};
    deflateInit2(&stream, level, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
    Bytes out(deflateBound(&stream, static_cast<uLong>(bytes.size())) + 64);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

inline Bytes foreign_gzip(std::span<const std::byte> bytes) { return foreign(bytes, 31); }
inline Bytes foreign_zlib(std::span<const std::byte> bytes) { return foreign(bytes, 15); }

inline Bytes joined(Bytes left, std::span<const std::byte> right) {
    left.insert(left.end(), right.begin(), right.end());
    return left;
}

}  // namespace jl::test
