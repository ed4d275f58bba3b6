// Long uncompressed payloads between memory and files, cut in checksum chunks, on several threads.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <jl/sink.hpp>
#include <jl/source.hpp>

namespace jl {

inline constexpr std::size_t checksum_chunk = std::size_t{1} << 20;  // spec: trailer

constexpr std::uint64_t checksum_count(std::uint64_t bytes) {
    return bytes / checksum_chunk + (bytes % checksum_chunk != 0 ? 1 : 0);
}

// Writes `bytes` at the sink's position (in parallel when it is a RandomSink and they are many) and returns the CRC32C
// of each chunk.
std::vector<std::uint32_t> write_checked(Sink& sink, std::span<const std::byte> bytes, unsigned n_threads);

// Fills `into` from `offset` and compares each chunk with its CRC32C (`expected` empty: no comparison; else one for
// each chunk, checksum_count(into.size())). Returns the index of the first chunk that differs, or -1.
std::int64_t read_checked(const RandomSource& source, std::uint64_t offset, std::span<std::byte> into,
                          std::span<const std::uint32_t> expected, unsigned n_threads);

}  // namespace jl
