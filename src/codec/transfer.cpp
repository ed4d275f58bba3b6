#include "codec/transfer.hpp"

#include <algorithm>
#include <atomic>

#include "codec/binding.hpp"
#include "codec/parallel_for.hpp"
#include "io/crc32c.hpp"

namespace jl {
namespace {

constexpr std::size_t worth_threads = std::size_t{8} << 20;
constexpr std::size_t in_cache = std::size_t{256} << 10;  // moved while the checksum's pass has it in the cache

constexpr std::size_t chunks_of(std::size_t bytes) { return static_cast<std::size_t>(checksum_count(bytes)); }

unsigned threads_for(std::size_t bytes, unsigned n_threads) {
    return bytes < worth_threads ? 1 : effective_threads(n_threads);
}

template <class Byte>
std::span<Byte> chunk_of(std::span<Byte> bytes, std::size_t chunk) {
    const std::size_t begin = chunk * checksum_chunk;
    return bytes.subspan(begin, std::min(checksum_chunk, bytes.size() - begin));
}

// Calls move(offset, piece) and sums up what is then in each piece.
template <class Byte, class Move>
std::uint32_t in_pieces(std::span<Byte> chunk, Move move) {
    std::uint32_t crc = 0;
    for (std::size_t offset = 0; offset < chunk.size(); offset += in_cache) {
        const auto piece = chunk.subspan(offset, std::min(in_cache, chunk.size() - offset));
        crc = move(offset, piece, crc);
    }
    return crc;
}

}  // namespace

std::vector<std::uint32_t> write_checked(Sink& sink, std::span<const std::byte> bytes, unsigned n_threads) {
    std::vector<std::uint32_t> crcs(chunks_of(bytes.size()));
    auto* const random = dynamic_cast<RandomSink*>(&sink);
    const unsigned threads = threads_for(bytes.size(), n_threads);
    // A file that cannot be written by position, a pipe for one, does not know its position either.
    if (random == nullptr || threads == 1 || !random->position()) {
        for (std::size_t i = 0; i < crcs.size(); ++i) {
            crcs[i] =
                in_pieces(chunk_of(bytes, i), [&](std::size_t, std::span<const std::byte> piece, std::uint32_t crc) {
                    const std::uint32_t sum = crc32c(piece, crc);
                    sink.write(piece);
                    return sum;
                });
        }
        return crcs;
    }
    const std::uint64_t begin = random->reserve(bytes.size());
    detail::parallel_for(crcs.size(), threads, [&](unsigned, std::size_t i) {
        const std::uint64_t place = begin + std::uint64_t{i} * checksum_chunk;
        crcs[i] =
            in_pieces(chunk_of(bytes, i), [&](std::size_t at, std::span<const std::byte> piece, std::uint32_t crc) {
                const std::uint32_t sum = crc32c(piece, crc);
                random->write_at(place + at, piece);
                return sum;
            });
    });
    return crcs;
}

namespace {

constexpr std::size_t long_read = 32 * checksum_chunk;

// The first of `into`'s chunks, after `read` has filled them, that differs from its checksum; or -1.
template <class Read>
std::int64_t compare_chunks(std::span<std::byte> into, std::span<const std::uint32_t> expected, unsigned n_threads,
                            Read read) {
    const std::size_t chunks = chunks_of(into.size());
    std::atomic<std::size_t> first_bad{chunks};
    detail::parallel_for(chunks, threads_for(into.size(), n_threads), [&](unsigned, std::size_t i) {
        const std::uint32_t sum =
            in_pieces(chunk_of(into, i), [&](std::size_t at, std::span<std::byte> piece, std::uint32_t crc) {
                read(std::uint64_t{i} * checksum_chunk + at, piece);
                return expected.empty() ? 0 : crc32c(piece, crc);
            });
        if (expected.empty() || sum == expected[i]) return;
        std::size_t so_far = first_bad;
        while (i < so_far && !first_bad.compare_exchange_weak(so_far, i)) {
        }
    });
    return first_bad == chunks ? -1 : static_cast<std::int64_t>(first_bad.load());
}

// Parts that are still in the processor's cache when their checksums are compared.
std::int64_t read_long(const RandomSource& source, std::uint64_t offset, std::span<std::byte> into,
                       std::span<const std::uint32_t> expected, unsigned n_threads) {
    for (std::size_t at = 0; at < into.size(); at += long_read) {
        const std::span<std::byte> part = into.subspan(at, std::min(long_read, into.size() - at));
        source.read_at(offset + at, part);
        if (expected.empty()) continue;
        const std::size_t first = at / checksum_chunk;
        const std::int64_t bad = compare_chunks(part, expected.subspan(first, chunks_of(part.size())), n_threads,
                                                [](std::uint64_t, std::span<std::byte>) {});
        if (bad >= 0) return static_cast<std::int64_t>(first) + bad;
    }
    return -1;
}

}  // namespace

std::int64_t read_checked(const RandomSource& source, std::uint64_t offset, std::span<std::byte> into,
                          std::span<const std::uint32_t> expected, unsigned n_threads) {
    if (source.prefers_long_reads()) return read_long(source, offset, into, expected, n_threads);
    return compare_chunks(into, expected, n_threads,
                          [&](std::uint64_t at, std::span<std::byte> piece) { source.read_at(offset + at, piece); });
}

}  // namespace jl
