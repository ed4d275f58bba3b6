#include "codec/bz2_scanner.hpp"

#include <algorithm>
#include <bit>

#include <jl/error.hpp>

namespace jl::detail {
namespace {

constexpr std::uint64_t block_magic = 0x314159265359;
constexpr std::uint64_t end_magic = 0x177245385090;
constexpr unsigned magic_bits = 48;
constexpr std::uint64_t magic_mask = (std::uint64_t{1} << magic_bits) - 1;
constexpr unsigned crc_bits = 32;
constexpr std::uint64_t head_bits = 32;  // "BZh" and the level
// The longest block takes less: 900 000 symbols of up to 20 bits are not to be had, but more than 8 bits each are not
// worth a magic number by chance.
constexpr std::uint64_t most_block_bits = std::uint64_t{1'200'000} * 8;

[[noreturn]] void fail() { throw Error(ErrorCode::format, "the bz2 file is not what its blocks say"); }

// Puts bits behind whole bytes.
class BitWriter {
  public:
    explicit BitWriter(std::vector<std::byte>& to) : to_(&to) {}
    void put(std::uint64_t value, unsigned count) {
        while (count > 0) {
            --count;
            if (used_ == 0) to_->push_back(std::byte{0});
            if ((value >> count & 1) != 0) to_->back() |= static_cast<std::byte>(0x80U >> used_);
            used_ = (used_ + 1) % 8;
        }
    }

  private:
    std::vector<std::byte>* to_;
    unsigned used_ = 0;
};

}  // namespace

std::optional<Bz2Block> Bz2Scanner::next() {
    for (;;) {
        if (!in_stream_ && !begin_stream()) return std::nullopt;
        const std::uint64_t magic = bits_at(at_, magic_bits);
        const auto crc = static_cast<std::uint32_t>(bits_at(at_ + magic_bits, crc_bits));
        if (magic == block_magic) {
            combined_crc_ = std::rotl(combined_crc_, 1) ^ crc;
            Bz2Block block = cut(next_marker(at_ + magic_bits + crc_bits));
            block.crc = crc;
            return block;
        }
        if (magic != end_magic || crc != combined_crc_) fail();
        end_stream();
    }
}

bool Bz2Scanner::begin_stream() {
    if (at_ / 8 == source_->size()) return false;
    const std::uint64_t head = bits_at(at_, head_bits);
    level_ = static_cast<std::byte>(head & 0xFF);
    constexpr std::uint64_t bzh = 0x425A68;
    if (head >> 8 != bzh || level_ < std::byte{'1'} || level_ > std::byte{'9'}) fail();
    at_ += head_bits;
    combined_crc_ = 0;
    in_stream_ = true;
    return true;
}

void Bz2Scanner::end_stream() {
    at_ = (at_ + magic_bits + crc_bits + 7) / 8 * 8;
    in_stream_ = false;
}

// Makes the window reach behind that byte of the file; false: the file ends before.
bool Bz2Scanner::hold(std::uint64_t byte) {
    constexpr std::uint64_t at_once = std::uint64_t{256} << 10;
    while (window_begin_ + window_.size() <= byte) {
        const std::uint64_t end = window_begin_ + window_.size();
        if (end == source_->size()) return false;
        const auto count = static_cast<std::size_t>(std::min(at_once, source_->size() - end));
        window_.resize(window_.size() + count);
        source_->read_at(end, std::span(window_).last(count));
    }
    return true;
}

std::uint64_t Bz2Scanner::bits_at(std::uint64_t bit, unsigned count) {
    if (!hold((bit + count - 1) / 8)) fail();
    std::uint64_t value = 0;
    for (std::uint64_t end = bit + count; bit < end; ++bit) {
        const std::byte byte = window_[static_cast<std::size_t>(bit / 8 - window_begin_)];
        value = value << 1 | (std::to_integer<std::uint64_t>(byte) >> (7 - bit % 8) & 1);
    }
    return value;
}

// The first bit of the next magic number.
std::uint64_t Bz2Scanner::next_marker(std::uint64_t from) {
    std::uint64_t last = 0;  // 64 bits
    for (std::uint64_t byte = from / 8; byte * 8 < from + most_block_bits && hold(byte); ++byte) {
        last = last << 8 | std::to_integer<std::uint64_t>(window_[static_cast<std::size_t>(byte - window_begin_)]);
        bool found = false;
        for (unsigned shift = 0; shift < 8; ++shift) {
            const std::uint64_t bits = last >> shift & magic_mask;
            found |= (bits == block_magic) | (bits == end_magic);
        }
        if (!found) continue;
        for (unsigned shift = 8; shift-- > 0;) {
            const std::uint64_t bits = last >> shift & magic_mask;
            const std::uint64_t begin = (byte + 1) * 8 - shift - magic_bits;
            if ((bits == block_magic || bits == end_magic) && begin >= from) return begin;
        }
    }
    fail();
}

// The bits up to `end`, which are then behind.
Bz2Block Bz2Scanner::cut(std::uint64_t end) {
    Bz2Block block;
    block.level = level_;
    block.first_bit = static_cast<unsigned>(at_ % 8);
    block.bits = end - at_;
    const auto first = window_.begin() + static_cast<std::ptrdiff_t>(at_ / 8 - window_begin_);
    const auto behind = window_.begin() + static_cast<std::ptrdiff_t>((end + 7) / 8 - window_begin_);
    block.bytes.assign(first, behind);
    at_ = end;
    window_.erase(window_.begin(), window_.begin() + static_cast<std::ptrdiff_t>(end / 8 - window_begin_));
    window_begin_ = end / 8;
    return block;
}

std::vector<std::byte> bz2_stream_of(const Bz2Block& block) {
    std::vector<std::byte> stream{std::byte{'B'}, std::byte{'Z'}, std::byte{'h'}, block.level};
    stream.reserve(block.bytes.size() + 20);
    const auto whole = static_cast<std::size_t>(block.bits / 8);
    const unsigned shift = block.first_bit;
    const auto byte = [&](std::size_t i) {
        return i < block.bytes.size() ? std::to_integer<unsigned>(block.bytes[i]) : 0U;
    };
    for (std::size_t i = 0; i < whole; ++i) {
        stream.push_back(static_cast<std::byte>((byte(i) << 8 | byte(i + 1)) >> (8 - shift) & 0xFF));
    }
    BitWriter rest(stream);
    const auto left = static_cast<unsigned>(block.bits % 8);
    rest.put(((byte(whole) << 8 | byte(whole + 1)) >> (8 - shift) & 0xFF) >> (8 - left), left);
    rest.put(end_magic, magic_bits);
    rest.put(block.crc, crc_bits);
    return stream;
}

}  // namespace jl::detail
