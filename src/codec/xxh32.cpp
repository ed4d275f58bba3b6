#include "codec/xxh32.hpp"

#include <bit>

#include <jl/detail/byte_order.hpp>

namespace jl::detail {
namespace {

// The primes of the published algorithm.
constexpr std::uint32_t prime1 = 0x9E3779B1;
constexpr std::uint32_t prime2 = 0x85EBCA77;
constexpr std::uint32_t prime3 = 0xC2B2AE3D;
constexpr std::uint32_t prime4 = 0x27D4EB2F;
constexpr std::uint32_t prime5 = 0x165667B1;

std::uint32_t mixed(std::uint32_t lane, std::uint32_t word) noexcept {
    return std::rotl(lane + word * prime2, 13) * prime1;
}

// Four lanes that do not wait for one another; takes whole stripes of 16 bytes off the front.
std::uint32_t stripes(std::span<const std::byte>& bytes) noexcept {
    std::uint32_t a = prime1 + prime2;
    std::uint32_t b = prime2;
    std::uint32_t c = 0;
    std::uint32_t d = 0 - prime1;
    while (bytes.size() >= 16) {
        const std::byte* const at = bytes.data();
        a = mixed(a, load_little<std::uint32_t>(at));
        b = mixed(b, load_little<std::uint32_t>(at + 4));
        c = mixed(c, load_little<std::uint32_t>(at + 8));
        d = mixed(d, load_little<std::uint32_t>(at + 12));
        bytes = bytes.subspan(16);
    }
    return std::rotl(a, 1) + std::rotl(b, 7) + std::rotl(c, 12) + std::rotl(d, 18);
}

}  // namespace

std::uint32_t xxh32(std::span<const std::byte> bytes) noexcept {
    const auto length = static_cast<std::uint32_t>(bytes.size());
    std::uint32_t sum = (bytes.size() >= 16 ? stripes(bytes) : prime5) + length;
    for (; bytes.size() >= 4; bytes = bytes.subspan(4))
        sum = std::rotl(sum + load_little<std::uint32_t>(bytes.data()) * prime3, 17) * prime4;
    for (const std::byte byte : bytes)
        sum = std::rotl(sum + std::to_integer<std::uint32_t>(byte) * prime5, 11) * prime1;
    sum = (sum ^ sum >> 15) * prime2;
    sum = (sum ^ sum >> 13) * prime3;
    return sum ^ sum >> 16;
}

}  // namespace jl::detail
