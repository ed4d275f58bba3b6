#include "persist/stream_trailer.hpp"

#include <jl/detail/byte_order.hpp>

#include "codec/transfer.hpp"
#include "io/crc32c.hpp"
#include "pickle/opcodes.hpp"

namespace jl {

namespace {

std::vector<std::byte> read_record(Input& in, const Limits& limits) {
    const std::byte* head = in.need(9);
    const auto count = detail::load_little<std::uint64_t>(head + 1);
    if (head[0] != std::byte{op::binbytes8})
        throw Error(ErrorCode::format, "the trailer has no record here").at_byte(in.position());
    if (count > limits.bytes)
        throw Error(ErrorCode::limit, "the trailer takes " + std::to_string(count) + " bytes (limit: bytes)")
            .at_byte(in.position());
    in.advance(9);
    const Buffer content = in.read_claimed(count);
    if (*in.need(1) != std::byte{op::pop})
        throw Error(ErrorCode::format, "a record of the trailer has no end").at_byte(in.position());
    in.advance(1);
    return {content.bytes().begin(), content.bytes().end()};
}

void compare_arrays(const Directory& directory, const SeenArrays& seen, std::uint64_t begin) {
    if (directory.size() != seen.arrays.size())
        throw Error(ErrorCode::format, "the directory lists " + std::to_string(directory.size()) +
                                           " arrays, the stream holds " + std::to_string(seen.arrays.size()));
    for (std::size_t i = 0; i < directory.size(); ++i) {
        directory.compare(i, *seen.arrays[i].array, *seen.arrays[i].array->offset - begin,
                          seen.arrays[i].recorded.get());
        directory.compare_packing(i, seen.arrays[i].array->packed.get());
    }
}

void compare_checksums(const Directory& directory, std::span<const std::byte> table, const SeenArrays& seen) {
    for (std::size_t i = 0; i < directory.size(); ++i) {
        const std::uint64_t chunks = checksum_count(directory.nbytes(i));
        for (std::uint64_t c = 0; c < chunks; ++c) {
            const auto expected =
                detail::load_little<std::uint32_t>(table.data() + 4 * (directory.first_checksum(i) + c));
            if (expected == seen.checksums[static_cast<std::size_t>(seen.arrays[i].first_checksum + c)]) continue;
            throw Error(ErrorCode::checksum, "array '" + std::string(directory.path(i)) +
                                                 "': its payload differs from its checksum in the chunk of 1 MiB at " +
                                                 std::to_string(c * checksum_chunk))
                .at_byte(*seen.arrays[i].array->offset + (seen.arrays[i].array->packed ? 0 : c * checksum_chunk));
        }
    }
}

// As it stands there, lengths and the checksums of graph and directory compared.
struct Trailer {
    Footer footer;
    std::vector<std::byte> directory, checksums;
};

std::optional<Trailer> take_trailer(Input& in, std::uint64_t begin, Version version, const Limits& limits) {
    const std::uint32_t graph_crc = in.checksum();
    const std::uint64_t graph_bytes = in.checksummed_bytes();
    const std::uint64_t graph_end = in.position();
    if (!trailer_follows(in)) return std::nullopt;
    std::vector<std::byte> pickle = read_record(in, limits);
    std::vector<std::byte> table = read_record(in, limits);
    std::array<std::byte, footer_record> record;
    in.read(record);
    const auto footer = parse_footer(record);
    if (!footer)
        throw Error(ErrorCode::format, "the container's footer is expected here")
            .at_byte(in.position() - footer_record);
    check_versions(version, *footer);
    const bool lengths = footer->length == in.position() - begin && footer->directory_offset == graph_end - begin &&
                         footer->directory_bytes == pickle.size() && footer->checksum_bytes == table.size();
    if (!lengths)
        throw Error(ErrorCode::format, "the footer's lengths differ from the stream's")
            .at_byte(in.position() - footer_record);
    if (footer->graph_crc != graph_crc || footer->graph_bytes != graph_bytes)
        throw Error(ErrorCode::checksum, "the object graph differs from its checksum");
    if (footer->directory_crc != crc32c(pickle))
        throw Error(ErrorCode::checksum, "the directory differs from its checksum").at_byte(graph_end);
    return Trailer{*footer, std::move(pickle), std::move(table)};
}

}  // namespace

void check_graph_end(Input& in, const ContainerIndex& container) {
    const Footer& footer = container.placed.footer;
    if (in.position() - container.placed.begin != footer.directory_offset)
        throw Error(ErrorCode::format, "the graph ends at byte " + std::to_string(in.position()) +
                                           ", the footer says " +
                                           std::to_string(container.placed.begin + footer.directory_offset));
    if (in.checksum() != footer.graph_crc || in.checksummed_bytes() != footer.graph_bytes)
        throw Error(ErrorCode::checksum, "the object graph differs from its checksum");
}

bool trailer_follows(Input& in) {
    const std::span<const std::byte> next = in.peek(1);
    if (!next.empty() && next[0] != std::byte{op::binbytes8})
        throw Error(ErrorCode::format, "neither the container's trailer nor the end follows its object graph")
            .at_byte(in.position());
    return !next.empty();
}

bool read_trailer(Input& in, std::uint64_t begin, Version version, const SeenArrays& seen, const Limits& limits) {
    const std::uint64_t graph_end = in.position();
    auto taken = take_trailer(in, begin, version, limits);
    if (!taken) return false;
    const Footer& footer = taken->footer;
    const Directory directory(std::move(taken->directory), footer.directory_offset, footer.checksum_bytes, limits);
    compare_arrays(directory, seen, begin);
    if (footer.state == FooterState::modified_in_place) return true;
    if (footer.checksums_crc != crc32c(taken->checksums))
        throw Error(ErrorCode::checksum, "the checksum table differs from its checksum").at_byte(graph_end);
    compare_checksums(directory, taken->checksums, seen);
    return true;
}

bool pass_trailer(Input& in, std::uint64_t begin, Version version, const Limits& limits) {
    return take_trailer(in, begin, version, limits).has_value();
}

}  // namespace jl
