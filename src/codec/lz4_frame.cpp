#ifdef JL_HAS_LZ4

#include "codec/lz4_frame.hpp"

#include <algorithm>
#include <lz4.h>
#include <string>
#ifdef JL_HAS_XXHASH
#include <xxhash.h>
#endif

#include <jl/detail/byte_order.hpp>
#include <jl/error.hpp>

namespace jl::detail {

#ifdef JL_HAS_XXHASH

namespace {

constexpr unsigned version = 0x40;
constexpr unsigned version_mask = 0xC0;
constexpr unsigned is_independent = 0x20;
constexpr unsigned has_block_sums = 0x10;
constexpr unsigned has_content_size = 0x08;
constexpr unsigned has_content_sum = 0x04;
constexpr unsigned reserved_or_dictionary = 0x03;
constexpr std::uint32_t is_stored = std::uint32_t{1} << 31;

[[noreturn]] void fail(ErrorCode code, const char* what) {
    throw Error(code, "the lz4 frame is damaged: " + std::string(what));
}

// The bytes of a frame, taken from the front.
class Rest {
  public:
    explicit Rest(std::span<const std::byte> bytes) noexcept : bytes_(bytes) {}

    std::span<const std::byte> take(std::size_t count) {
        if (count > bytes_.size()) fail(ErrorCode::format, "it ends early");
        const auto taken = bytes_.first(count);
        bytes_ = bytes_.subspan(count);
        return taken;
    }
    std::uint32_t number() { return load_little<std::uint32_t>(take(4).data()); }
    bool empty() const noexcept { return bytes_.empty(); }

  private:
    std::span<const std::byte> bytes_;
};

std::uint32_t xxh32(std::span<const std::byte> bytes) { return XXH32(bytes.data(), bytes.size(), 0); }

// The bytes put out.
std::size_t decode_block(std::span<const std::byte> block, bool stored, std::span<std::byte> out) {
    if (stored) {
        if (block.size() > out.size()) fail(ErrorCode::format, "a block holds more than its frame");
        std::copy(block.begin(), block.end(), out.begin());
        return block.size();
    }
    const int size =
        LZ4_decompress_safe(reinterpret_cast<const char*>(block.data()), reinterpret_cast<char*>(out.data()),
                            static_cast<int>(block.size()), static_cast<int>(out.size()));
    if (size < 0) fail(ErrorCode::format, "a block cannot be decoded");
    return static_cast<std::size_t>(size);
}

}  // namespace

// LZ4 frame format 1.6: magic, flags, block size, content size, header checksum; blocks; checksum.
bool decode_lz4_frame(std::span<const std::byte> frame, std::span<std::byte> out) {
    constexpr std::size_t magic_bytes = 4;
    if (frame.size() < magic_bytes + 3 || load_little<std::uint32_t>(frame.data()) != 0x184D2204) return false;
    const auto flags = std::to_integer<unsigned>(frame[magic_bytes]);
    const auto block_code = std::to_integer<unsigned>(frame[magic_bytes + 1]);
    if ((flags & (version_mask | is_independent | reserved_or_dictionary)) != (version | is_independent) ||
        (block_code & 0x8F) != 0 || block_code >> 4 < 4)
        return false;
    const std::size_t most_in_block = std::size_t{1} << (8 + 2 * (block_code >> 4));  // 4: 64 KiB … 7: 4 MiB

    Rest rest(frame);
    rest.take(magic_bytes);
    const auto descriptor = rest.take((flags & has_content_size) != 0 ? 10 : 2);
    if (std::to_integer<std::uint32_t>(rest.take(1).front()) != (xxh32(descriptor) >> 8 & 0xFF))
        fail(ErrorCode::checksum, "its header differs from its checksum");
    if (descriptor.size() > 2 && load_little<std::uint64_t>(descriptor.data() + 2) != out.size())
        fail(ErrorCode::format, "it claims another size");
    std::size_t filled = 0;
    while (const std::uint32_t head = rest.number()) {
        const auto block = rest.take(head & ~is_stored);
        if (block.size() > most_in_block) fail(ErrorCode::format, "a block is longer than its frame allows");
        if ((flags & has_block_sums) != 0 && rest.number() != xxh32(block))
            fail(ErrorCode::checksum, "a block differs from its checksum");
        const auto room = out.subspan(filled, std::min(most_in_block, out.size() - filled));
        filled += decode_block(block, (head & is_stored) != 0, room);
    }
    if (filled != out.size()) fail(ErrorCode::format, "it holds another size than it claims");
    if ((flags & has_content_sum) != 0 && rest.number() != xxh32(out))
        fail(ErrorCode::checksum, "its content differs from its checksum");
    if (!rest.empty()) fail(ErrorCode::format, "bytes stand behind it");
    return true;
}

#else

bool decode_lz4_frame(std::span<const std::byte> /*frame*/, std::span<std::byte> /*out*/) { return false; }

#endif

}  // namespace jl::detail

#endif
