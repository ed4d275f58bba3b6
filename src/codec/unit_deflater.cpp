#include "codec/unit_deflater.hpp"

#include <algorithm>

#include <jl/detail/byte_order.hpp>

namespace jl::detail {
namespace {

// Where samples are taken from a unit, and how long each is: longer than deflate's window, so that repeats show.
constexpr std::size_t sample_bytes = std::size_t{48} << 10;

std::unique_ptr<DeflateKernel> kernel_for(int level) {
#ifdef JL_HAS_ISAL
    if (level <= 3) return isal_kernel(level);
#endif
    return zlib_kernel(level);
}

// A level that tells quickly whether anything can be gained; null where the kernel is as quick itself.
std::unique_ptr<DeflateKernel> sampler_for(int level) {
#ifdef JL_HAS_ISAL
    return level <= 3 ? nullptr : isal_kernel(3);
#else
    return level <= 1 ? nullptr : zlib_kernel(1);
#endif
}

}  // namespace

std::size_t store(std::span<const std::byte> unit, std::span<std::byte> out) {
    constexpr std::size_t per_block = 65535;
    std::byte* to = out.data();
    const auto begin_block = [&](std::size_t size) {
        *to = std::byte{0};
        store_little(to + 1, static_cast<std::uint16_t>(size));
        store_little(to + 3, static_cast<std::uint16_t>(~size));
        to += 5;
    };
    for (std::span<const std::byte> rest = unit; !rest.empty();) {
        const auto part = rest.first(std::min(rest.size(), per_block));
        begin_block(part.size());
        to = std::ranges::copy(part, to).out;
        rest = rest.subspan(part.size());
    }
    begin_block(0);
    return static_cast<std::size_t>(to - out.data());
}

UnitDeflater::UnitDeflater(int level) : kernel_(kernel_for(level)), sampler_(sampler_for(level)) {}

std::size_t UnitDeflater::deflate(std::span<const std::byte> unit, std::span<std::byte> out) {
    const std::size_t stored = stored_bytes(unit.size());
    if (is_incompressible(unit, out)) return store(unit, out);
    const std::size_t size = kernel_->deflate(unit, out.first(stored));
    return size == 0 || size >= stored ? store(unit, out) : size;
}

// Two samples that both shrink by less than 1 in 256.
bool UnitDeflater::is_incompressible(std::span<const std::byte> unit, std::span<std::byte> scratch) {
    if (!sampler_ || unit.size() < 4 * sample_bytes) return false;
    for (const std::size_t offset : {unit.size() / 8, unit.size() / 8 * 5}) {
        const auto sample = unit.subspan(offset, sample_bytes);
        const std::size_t size = sampler_->deflate(sample, scratch.first(stored_bytes(sample_bytes)));
        if (size != 0 && size < sample_bytes - sample_bytes / 256) return false;
    }
    return true;
}

}  // namespace jl::detail
