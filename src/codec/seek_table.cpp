#include "codec/seek_table.hpp"

#include <algorithm>
#include <array>

#include <jl/detail/byte_order.hpp>

namespace jl::detail {
namespace {

constexpr std::uint32_t skippable_magic = 0x184D2A5E;
constexpr std::uint32_t table_magic = 0x8F92EAB1;
constexpr std::size_t head_bytes = 8;   // skippable_magic, size of what follows
constexpr std::size_t foot_bytes = 9;   // u32 frames, u8 descriptor, table_magic
constexpr std::size_t entry_bytes = 8;  // compressed and decoded size
constexpr std::byte has_checksums{0x80};
constexpr std::byte reserved_bits{0x7C};

struct Foot {
    std::uint64_t frames = 0;
    std::size_t entry = entry_bytes;
    std::uint64_t bytes() const { return head_bytes + frames * entry + foot_bytes; }
};

std::optional<Foot> find_foot(const RandomSource& source) {
    if (source.size() < head_bytes + foot_bytes) return std::nullopt;
    std::array<std::byte, foot_bytes> bytes;
    source.read_at(source.size() - foot_bytes, bytes);
    const std::byte descriptor = bytes[4];
    if (load_little<std::uint32_t>(bytes.data() + 5) != table_magic || (descriptor & reserved_bits) != std::byte{0})
        return std::nullopt;
    Foot foot{load_little<std::uint32_t>(bytes.data())};
    if ((descriptor & has_checksums) != std::byte{0}) foot.entry += sizeof(std::uint32_t);
    if (foot.bytes() > source.size()) return std::nullopt;
    return foot;
}

}  // namespace

std::vector<std::byte> seek_table(std::span<const std::uint32_t> sizes, std::uint64_t unit_bytes,
                                  std::uint64_t decoded) {
    const Foot foot{sizes.size()};
    std::vector<std::byte> table(static_cast<std::size_t>(foot.bytes()));
    store_little(table.data(), skippable_magic);
    store_little(table.data() + 4, static_cast<std::uint32_t>(table.size() - head_bytes));
    std::byte* entry = table.data() + head_bytes;
    for (const std::uint32_t size : sizes) {
        const std::uint64_t content = std::min(decoded, unit_bytes);
        store_little(entry, size);
        store_little(entry + 4, static_cast<std::uint32_t>(content));
        decoded -= content;
        entry += entry_bytes;
    }
    store_little(entry, static_cast<std::uint32_t>(sizes.size()));
    store_little(entry + 5, table_magic);
    return table;
}

std::optional<BlockTable> find_seek_table(const RandomSource& source) {
    const std::optional<Foot> foot = find_foot(source);
    if (!foot) return std::nullopt;
    std::vector<std::byte> bytes(static_cast<std::size_t>(foot->bytes()));
    const std::uint64_t end = source.size() - bytes.size();
    source.read_at(end, bytes);
    if (load_little<std::uint32_t>(bytes.data()) != skippable_magic ||
        load_little<std::uint32_t>(bytes.data() + 4) != bytes.size() - head_bytes)
        return std::nullopt;
    BlockTable table;
    table.reserve(static_cast<std::size_t>(foot->frames));
    std::uint64_t at = 0;
    for (const std::byte* entry = bytes.data() + head_bytes; table.unit_count() < foot->frames; entry += foot->entry) {
        const std::uint64_t size = load_little<std::uint32_t>(entry);
        table.add({at, size}, load_little<std::uint32_t>(entry + 4));
        at += size;
    }
    if (at != end) return std::nullopt;
    return table;
}

}  // namespace jl::detail
