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

constexpr std::size_t chunks_of(std::size_t bytes) {
    return bytes / checksum_chunk + (bytes % checksum_chunk != 0 ? 1 : 0);
}

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

std::int64_t read_checked(const RandomSource& source, std::uint64_t offset, std::span<std::byte> into,
                          std::span<const std::uint32_t> expected, unsigned n_threads) {
    const std::size_t chunks = chunks_of(into.size());
    std::atomic<std::size_t> first_bad{chunks};
    detail::parallel_for(chunks, threads_for(into.size(), n_threads), [&](unsigned, std::size_t i) {
        const std::uint64_t place = offset + std::uint64_t{i} * checksum_chunk;
        const std::uint32_t sum =
            in_pieces(chunk_of(into, i), [&](std::size_t at, std::span<std::byte> piece, std::uint32_t crc) {
                source.read_at(place + at, piece);
                return expected.empty() ? 0 : crc32c(piece, crc);
            });
        if (expected.empty() || sum == expected[i]) return;
        std::size_t so_far = first_bad;
        while (i < so_far && !first_bad.compare_exchange_weak(so_far, i)) {
        }
    });
    return first_bad == chunks ? -1 : static_cast<std::int64_t>(first_bad.load());
}

}  // namespace jl
