#include "codec/gzip_blocks.hpp"

#include <algorithm>
#include <array>

#include <jl/detail/byte_order.hpp>

#include "codec/deflate_decoder.hpp"

namespace jl::detail {
namespace {

constexpr std::size_t header_size = 18;
constexpr std::size_t smallest_member = header_size + 2 + 8;

class MemberUnitDecoder final : public UnitDecoder {
  public:
    void decode(std::span<std::byte> unit, std::span<std::byte> out) override {
        DeflateDecoder decoder(Framing::gzip);
        decode_whole(decoder, unit.first(unit.size() - spare_bytes), out);
    }
};

class Members final : public UnitStream {
  public:
    using UnitStream::UnitStream;
    std::unique_ptr<UnitDecoder> unit_decoder() const override { return std::make_unique<MemberUnitDecoder>(); }
};

// The size of the member that begins so; 0: none of bgzip's.
std::size_t member_size(std::span<const std::byte, header_size> header) {
    const auto byte = [&](std::size_t at) { return std::to_integer<unsigned>(header[at]); };
    const bool is_gzip = byte(0) == 0x1F && byte(1) == 0x8B && byte(2) == 8 && byte(3) == 4;
    const bool has_only_size = byte(10) == 6 && byte(11) == 0;
    const bool is_size = byte(12) == 'B' && byte(13) == 'C' && byte(14) == 2 && byte(15) == 0;
    if (!is_gzip || !has_only_size || !is_size) return 0;
    const std::size_t size = std::size_t{load_little<std::uint16_t>(header.data() + 16)} + 1;
    return size < smallest_member ? 0 : size;
}

}  // namespace

std::unique_ptr<UnitStream> find_gzip_blocks(const RandomSource& source) {
    constexpr std::uint32_t most_decoded = 65536;
    BlockTable table;
    for (std::uint64_t at = 0; at < source.size();) {
        std::array<std::byte, header_size> header;
        if (source.size() - at < header_size) return nullptr;
        source.read_at(at, header);
        const std::size_t size = member_size(header);
        if (size == 0 || size > source.size() - at) return nullptr;
        std::array<std::byte, 4> length;
        source.read_at(at + size - length.size(), length);
        const auto decoded = load_little<std::uint32_t>(length.data());
        if (decoded > most_decoded) return nullptr;
        table.add({at, size}, decoded);
        at += size;
    }
    if (table.unit_count() == 0) return nullptr;
    return std::make_unique<Members>(std::move(table));
}

}  // namespace jl::detail
