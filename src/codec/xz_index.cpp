#ifdef JL_HAS_LZMA

#include "codec/xz_index.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <new>
#include <optional>

#include "codec/xz_kernel.hpp"
#include "io/range.hpp"

namespace jl::detail {
namespace {

struct End {
    void operator()(lzma_index* index) const noexcept { lzma_index_end(index, nullptr); }
};
using Index = std::unique_ptr<lzma_index, End>;

std::uint8_t* raw(std::span<std::byte> bytes) { return reinterpret_cast<std::uint8_t*>(bytes.data()); }

lzma_stream_flags own_flags() {
    lzma_stream_flags flags{};
    flags.check = xz_check;
    return flags;
}

class XzUnitDecoder final : public UnitDecoder {
  public:
    explicit XzUnitDecoder(lzma_check check) noexcept : check_(check) {}
    void decode(std::span<std::byte> unit, std::span<std::byte> out) override {
        xz_decode_block(unit.first(unit.size() - spare_bytes), out, check_);
    }

  private:
    lzma_check check_;
};

class XzBlockStream final : public UnitStream {
  public:
    XzBlockStream(BlockTable table, lzma_check check) : UnitStream(std::move(table)), check_(check) {}
    std::unique_ptr<UnitDecoder> unit_decoder() const override { return std::make_unique<XzUnitDecoder>(check_); }

  private:
    lzma_check check_;
};

struct Stream {
    Index index;
    std::uint64_t offset = 0;
    lzma_stream_flags flags{};
};

Index decoded_index(std::span<std::byte> bytes) {
    lzma_index* index = nullptr;
    std::uint64_t memory = std::numeric_limits<std::uint64_t>::max();  // the bytes are there, 16 to each two of them
    std::size_t consumed = 0;
    const lzma_ret result = lzma_index_buffer_decode(&index, &memory, nullptr, raw(bytes), &consumed, bytes.size());
    if (result == LZMA_MEM_ERROR) throw std::bad_alloc();
    Index owned(result == LZMA_OK ? index : nullptr);
    return consumed == bytes.size() ? std::move(owned) : nullptr;
}

// The stream that ends at `end`.
std::optional<Stream> stream_before(const RandomSource& source, std::uint64_t end) {
    constexpr std::uint64_t frame = LZMA_STREAM_HEADER_SIZE;
    if (end < 2 * frame) return std::nullopt;
    Stream stream;
    std::vector<std::byte> footer = read_range(source, end - frame, frame);
    if (lzma_stream_footer_decode(&stream.flags, raw(footer)) != LZMA_OK) return std::nullopt;
    if (stream.flags.backward_size > end - 2 * frame) return std::nullopt;
    const std::uint64_t index_begin = end - frame - stream.flags.backward_size;
    std::vector<std::byte> index = read_range(source, index_begin, stream.flags.backward_size);
    stream.index = decoded_index(index);
    if (!stream.index || lzma_index_total_size(stream.index.get()) > index_begin - frame) return std::nullopt;
    stream.offset = index_begin - frame - lzma_index_total_size(stream.index.get());
    std::vector<std::byte> header = read_range(source, stream.offset, frame);
    lzma_stream_flags flags{};
    const bool fits = lzma_stream_header_decode(&flags, raw(header)) == LZMA_OK &&
                      lzma_stream_flags_compare(&flags, &stream.flags) == LZMA_OK;
    return fits ? std::optional(std::move(stream)) : std::nullopt;
}

void add_blocks(BlockTable& table, const Stream& stream) {
    lzma_index_iter block;
    lzma_index_iter_init(&block, stream.index.get());
    while (!lzma_index_iter_next(&block, LZMA_INDEX_ITER_BLOCK)) {
        table.add({stream.offset + block.block.compressed_file_offset, block.block.total_size},
                  block.block.uncompressed_size);
    }
}

}  // namespace

std::vector<std::byte> xz_stream_header() {
    std::vector<std::byte> header(LZMA_STREAM_HEADER_SIZE);
    const lzma_stream_flags flags = own_flags();
    require_lzma(lzma_stream_header_encode(&flags, raw(header)));
    return header;
}

std::vector<std::byte> xz_index_and_footer(std::span<const std::uint32_t> unpadded_sizes, std::uint64_t unit_bytes,
                                           std::uint64_t decoded) {
    const Index index(lzma_index_init(nullptr));
    if (!index) throw std::bad_alloc();
    for (const std::uint32_t size : unpadded_sizes) {
        const std::uint64_t content = std::min(decoded, unit_bytes);
        require_lzma(lzma_index_append(index.get(), nullptr, size, content));
        decoded -= content;
    }
    lzma_stream_flags flags = own_flags();
    flags.backward_size = lzma_index_size(index.get());
    std::vector<std::byte> bytes(static_cast<std::size_t>(flags.backward_size) + LZMA_STREAM_HEADER_SIZE);
    std::size_t size = 0;
    require_lzma(lzma_index_buffer_encode(index.get(), raw(bytes), &size, bytes.size()));
    require_lzma(lzma_stream_footer_encode(&flags, raw(bytes) + size));
    return bytes;
}

std::unique_ptr<UnitStream> find_xz_blocks(const RandomSource& source) {
    constexpr std::size_t most_streams = 65'536;  // each is held in memory, however short it is
    std::vector<Stream> streams;                  // the last one first
    for (std::uint64_t end = source.size(); end > 0; end = streams.back().offset) {
        std::optional<Stream> stream = stream_before(source, end);
        if (!stream || streams.size() == most_streams ||
            (!streams.empty() && stream->flags.check != streams.front().flags.check))
            return nullptr;
        streams.push_back(*std::move(stream));
    }
    if (streams.empty() || !lzma_check_is_supported(streams.front().flags.check)) return nullptr;
    BlockTable table;
    std::for_each(streams.rbegin(), streams.rend(), [&](const Stream& stream) { add_blocks(table, stream); });
    return std::make_unique<XzBlockStream>(std::move(table), streams.front().flags.check);
}

}  // namespace jl::detail

#endif
