#include "codec/stream_check.hpp"

#include <algorithm>
#include <zlib.h>

#if defined(JL_HAS_LIBDEFLATE)
#include <libdeflate.h>
#elif defined(JL_HAS_ISAL)
#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
#endif

namespace jl::detail {
namespace {

#if defined(JL_HAS_LIBDEFLATE)

std::uint32_t crc32_of(std::uint32_t so_far, std::span<const std::byte> bytes) noexcept {
    return libdeflate_crc32(so_far, bytes.data(), bytes.size());
}

std::uint32_t adler32_of(std::uint32_t so_far, std::span<const std::byte> bytes) noexcept {
    return libdeflate_adler32(so_far, bytes.data(), bytes.size());
}

#elif defined(JL_HAS_ISAL)

std::uint32_t crc32_of(std::uint32_t so_far, std::span<const std::byte> bytes) noexcept {
    return crc32_gzip_refl(so_far, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
}

// ISA-L's sums are not reduced when they reach 65521 in a short input; zlib's are.
std::uint32_t adler32_of(std::uint32_t so_far, std::span<const std::byte> bytes) noexcept {
    constexpr std::uint32_t base = 65521;
    const std::uint32_t sums = isal_adler32(so_far, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    return ((sums >> 16) % base) << 16 | (sums & 0xFFFFU) % base;
}

#else

std::uint32_t crc32_of(std::uint32_t so_far, std::span<const std::byte> bytes) noexcept {
    return static_cast<std::uint32_t>(crc32_z(so_far, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

std::uint32_t adler32_of(std::uint32_t so_far, std::span<const std::byte> bytes) noexcept {
    return static_cast<std::uint32_t>(adler32_z(so_far, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

#endif

}  // namespace

void StreamCheck::update(std::span<const std::byte> bytes) noexcept {
    constexpr std::size_t at_once = std::size_t{1} << 30;  // some of the libraries count in 32 bits
    for (std::span<const std::byte> rest = bytes; !rest.empty();) {
        const auto part = rest.first(std::min(rest.size(), at_once));
        value_ = kind_ == Kind::crc32 ? crc32_of(value_, part) : adler32_of(value_, part);
        rest = rest.subspan(part.size());
    }
    bytes_ += bytes.size();
}

void StreamCheck::join(const StreamCheck& next) noexcept {
    const auto length = static_cast<z_off_t>(next.bytes_);
    const uLong joined = kind_ == Kind::crc32 ? crc32_combine(value_, next.value_, length)
                                              : adler32_combine(value_, next.value_, length);
    value_ = static_cast<std::uint32_t>(joined);
    bytes_ += next.bytes_;
}

}  // namespace jl::detail
