#include "codec/frame_walk.hpp"

#include <array>

#include <jl/detail/byte_order.hpp>

namespace jl::detail {
namespace {

// Reads fields one after the other; behind the end of the file there are none.
class Fields {
  public:
    Fields(const RandomSource& source, std::uint64_t offset) : source_(&source), begin_(offset), at_(offset) {}

    template <class T>
    T take() {
        std::array<std::byte, sizeof(T)> bytes{};
        if (!has(sizeof(T))) return T{};
        source_->read_at(at_, bytes);
        at_ += sizeof(T);
        return load_little<T>(bytes.data());
    }
    std::uint32_t take3() {
        const std::uint32_t low = take<std::uint16_t>();
        return low | std::uint32_t{take<std::uint8_t>()} << 16;
    }
    void skip(std::uint64_t count) {
        if (has(count)) at_ += count;
    }
    std::uint64_t taken() const noexcept { return at_ - begin_; }
    bool within() const noexcept { return within_; }

  private:
    bool has(std::uint64_t count) {
        within_ = within_ && count <= source_->size() - at_;
        return within_;
    }

    const RandomSource* source_;
    std::uint64_t begin_;
    std::uint64_t at_;
    bool within_ = true;
};

std::optional<FrameSizes> sizes(const Fields& fields, std::uint64_t decoded) {
    if (!fields.within()) return std::nullopt;
    return FrameSizes{fields.taken(), decoded};
}

std::optional<FrameSizes> skippable_at(const RandomSource& source, std::uint64_t offset) {
    constexpr std::uint32_t magic = 0x184D2A50;
    Fields fields(source, offset);
    if ((fields.take<std::uint32_t>() & ~std::uint32_t{15}) != magic) return std::nullopt;
    fields.skip(fields.take<std::uint32_t>());
    return sizes(fields, 0);
}

std::uint64_t zstd_content_size(Fields& fields, unsigned width_code) {
    switch (width_code) {
        case 0:
            return fields.take<std::uint8_t>();
        case 1:
            return fields.take<std::uint16_t>() + std::uint64_t{256};
        case 2:
            return fields.take<std::uint32_t>();
        default:
            return fields.take<std::uint64_t>();
    }
}

}  // namespace

// RFC 8878, 3.1.1: descriptor, window, dictionary, content size; blocks; checksum.
std::optional<FrameSizes> zstd_frame_at(const RandomSource& source, std::uint64_t offset) {
    constexpr std::uint32_t magic = 0xFD2FB528;
    constexpr std::array<std::uint64_t, 4> dictionary_bytes{0, 1, 2, 4};
    constexpr unsigned is_run = 1;
    Fields fields(source, offset);
    if (fields.take<std::uint32_t>() != magic) return std::nullopt;
    const unsigned descriptor = fields.take<std::uint8_t>();
    const bool has_window = (descriptor & 0x20) == 0;
    if (has_window && descriptor >> 6 == 0) return std::nullopt;
    fields.skip((has_window ? 1 : 0) + dictionary_bytes[descriptor & 3]);
    const std::uint64_t decoded = zstd_content_size(fields, descriptor >> 6);
    if (decoded > most_unit_bytes) return std::nullopt;
    for (bool is_last = false; !is_last && fields.within();) {
        const std::uint32_t header = fields.take3();
        is_last = (header & 1) != 0;
        fields.skip((header >> 1 & 3) == is_run ? 1 : header >> 3);
    }
    fields.skip((descriptor & 4) != 0 ? 4 : 0);
    return sizes(fields, decoded);
}

// LZ4 frame format 1.6: flags, block size, content size, dictionary, header checksum; blocks; checksum.
std::optional<FrameSizes> lz4_frame_at(const RandomSource& source, std::uint64_t offset) {
    constexpr std::uint32_t magic = 0x184D2204;
    constexpr std::uint32_t is_stored = std::uint32_t{1} << 31;
    Fields fields(source, offset);
    if (fields.take<std::uint32_t>() != magic) return std::nullopt;
    const unsigned flags = fields.take<std::uint8_t>();
    if ((flags & 8) == 0) return std::nullopt;  // no content size
    fields.skip(1);
    const auto decoded = fields.take<std::uint64_t>();
    if (decoded > most_unit_bytes) return std::nullopt;
    fields.skip((flags & 1) != 0 ? 5 : 1);
    const std::uint32_t block_checksum = (flags & 16) != 0 ? 4 : 0;
    for (;;) {
        const std::uint32_t block = fields.take<std::uint32_t>() & ~is_stored;
        if (block == 0) break;
        fields.skip(std::uint64_t{block} + block_checksum);
    }
    fields.skip((flags & 4) != 0 ? 4 : 0);
    return sizes(fields, decoded);
}

std::optional<BlockTable> walk_frames(const RandomSource& source, FrameAt frame_at) {
    BlockTable table;
    for (std::uint64_t at = 0; at < source.size();) {
        if (const std::optional<FrameSizes> frame = frame_at(source, at)) {
            table.add({at, frame->compressed}, frame->decoded);
            at += frame->compressed;
            continue;
        }
        const std::optional<FrameSizes> skipped = at > 0 ? skippable_at(source, at) : std::nullopt;
        if (!skipped) return std::nullopt;
        at += skipped->compressed;
    }
    return table;
}

}  // namespace jl::detail
