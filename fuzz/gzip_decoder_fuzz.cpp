// The decoders of gzip and zlib streams: no crash, bounded output, and all ways of reading agree.
#include <cstdlib>
#include <optional>
#include <vector>
#include <zlib.h>

#include <jl/error.hpp>

#include "codec/binding.hpp"
#include "codec/deflate_codec.hpp"
#include "codec/deflate_framing.hpp"
#include "codec/raw_inflater.hpp"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace {

using Bytes = std::vector<std::byte>;

constexpr std::size_t most = std::size_t{16} << 20;

void require(bool holds) {
    if (!holds) std::abort();
}

// Gives `in` in pieces of one size and room in pieces of another.
std::optional<Bytes> inflate(jl::detail::RawInflater& inflater, std::span<const std::byte> in, std::size_t in_piece,
                             std::size_t out_piece) {
    Bytes out;
    Bytes room(out_piece);
    try {
        for (int idle = 0; idle < 2 && out.size() < most;) {
            const auto step = inflater.inflate(in.first(std::min(in.size(), in_piece)), room);
            require(step.consumed <= in_piece && step.produced <= out_piece);
            out.insert(out.end(), room.begin(), room.begin() + static_cast<std::ptrdiff_t>(step.produced));
            in = in.subspan(step.consumed);
            if (step.finished) return out;
            idle = in.empty() && step.produced == 0 ? idle + 1 : 0;
        }
    } catch (const jl::Error&) {
    }
    return std::nullopt;
}

std::optional<Bytes> read_all(jl::Source& source, std::size_t piece) {
    Bytes all;
    Bytes part(piece);
    try {
        while (const std::size_t count = source.read(part)) {
            all.insert(all.end(), part.begin(), part.begin() + static_cast<std::ptrdiff_t>(count));
            require(all.size() <= most);
        }
    } catch (const jl::Error&) {
        return std::nullopt;
    }
    return all;
}

void compare_ways(std::span<const std::byte> bytes, const jl::Codec& codec) {
    const jl::MemorySource memory(bytes);
    const jl::CodingOptions alone{.n_threads = 1, .limits = {.ratio = 32}};
    const jl::CodingOptions two{.n_threads = 2, .limits = {.ratio = 32}};
    const auto in_order = [&](const jl::CodingOptions& options, std::size_t piece) {
        auto source = std::make_unique<jl::SequentialSource>(memory, 0, memory.size());
        const auto in = jl::decoded(std::move(source), codec, options);
        return read_all(*in, piece);
    };
    const auto whole = in_order(alone, 1 << 16);
    require(in_order(alone, 3) == whole);
    require(in_order(two, 1000) == whole);
    std::optional<Bytes> by_position;
    try {
        const auto in = jl::decoded(memory, codec, two);
        by_position = read_all(*in, 5000);
    } catch (const jl::Error&) {
    }
    // A block table that lies is an error only where it is used.
    require(!by_position || by_position == whole);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size > most / 32) return 0;
    const auto bytes = std::as_bytes(std::span(data, size));
    compare_ways(bytes, *jl::detail::gzip_codec().codec);
    compare_ways(bytes, *jl::detail::zlib_codec().codec);
    if (size < 2) return 0;
    const std::size_t in_piece = data[0] + std::size_t{1};
    const std::size_t out_piece = data[1] * std::size_t{16} + 1;
    const auto by_zlib = inflate(*jl::detail::zlib_raw_inflater(), bytes.subspan(2), 1 << 16, 1 << 16);
    require(!by_zlib || inflate(*jl::detail::zlib_raw_inflater(), bytes.subspan(2), in_piece, out_piece) == by_zlib);
#ifdef JL_HAS_ISAL
    // zlib is the stricter of the two about codes that are not complete.
    require(!by_zlib || inflate(*jl::detail::isal_raw_inflater(), bytes.subspan(2), in_piece, out_piece) == by_zlib);
#endif
    return 0;
}

// Half of the time the checksum at the end is made right again, so that what decodes is accepted.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned seed) {
    size = LLVMFuzzerMutate(data, size, max_size);
    const bool gzip = size > 18 && data[0] == 0x1F;
    const std::size_t tail = gzip ? 8 : 4;
    if (seed % 2 == 0 || size <= tail + 2 || size > most / 32) return size;
    const jl::detail::Framing framing = gzip ? jl::detail::Framing::gzip : jl::detail::Framing::zlib;
    const std::size_t head = jl::detail::header_bytes(framing);
    const auto content =
        inflate(*jl::detail::zlib_raw_inflater(), std::as_bytes(std::span(data, size)).subspan(head), 1 << 16, 1 << 16);
    if (!content) return size;
    jl::detail::StreamCheck check(jl::detail::check_kind(framing));
    check.update(*content);
    const auto trailer = jl::detail::stream_trailer(framing, check);
    for (std::size_t i = 0; i < tail; ++i) data[size - tail + i] = std::to_integer<std::uint8_t>(trailer[i]);
    return size;
}
