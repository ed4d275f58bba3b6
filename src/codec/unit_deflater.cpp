#include "codec/unit_deflater.hpp"

#include <algorithm>
#include <array>

#include <jl/detail/byte_order.hpp>

namespace jl::detail {
namespace {

// ISA-L's levels 1 and 2 lose sight of what repeats often, so only the fastest level is left to them.
std::unique_ptr<DeflateKernel> general_kernel(int level) {
#ifdef JL_HAS_ISAL
    if (level <= 3) return isal_kernel(level == 1 ? 1 : 3);
#endif
    return zlib_kernel(level);
}

std::unique_ptr<DeflateKernel> numbers_kernel(int level, std::size_t width) {
    constexpr std::array<unsigned, 10> tries{0, 0, 0, 0, 32, 48, 64, 128, 256, 512};
    if (level <= 3) return elements_kernel(width);
    return deep_elements_kernel(width, tries[static_cast<std::size_t>(std::min(level, 9))]);
}

// Tells quickly whether anything can be gained.
std::unique_ptr<DeflateKernel> sampling_kernel() {
#ifdef JL_HAS_ISAL
    return isal_kernel(3);
#else
    return zlib_kernel(1);
#endif
}

// Whether `general_kernel` is itself as quick as that.
constexpr bool is_quick([[maybe_unused]] int level) {
#ifdef JL_HAS_ISAL
    return level <= 3;
#else
    return level <= 1;
#endif
}

// The size of the numbers that an array in these bytes may have, 4 or 8: the distance at which bytes are most often the
// same, as the signs and exponents of neighbours are. 0: no such distance.
std::size_t likely_width(std::span<const std::byte> bytes) {
    constexpr std::size_t pieces = 4;
    constexpr std::size_t piece_bytes = 1024;
    constexpr std::size_t farthest = 8;
    std::array<std::size_t, farthest + 1> same{};
    for (std::size_t piece = 0; piece < pieces; ++piece) {
        const std::byte* at = bytes.data() + (bytes.size() - piece_bytes - farthest) / pieces * piece;
        for (std::size_t distance = 1; distance <= farthest; ++distance) {
            for (std::size_t i = 0; i < piece_bytes; ++i) same[distance] += at[i] == at[i + distance] ? 1 : 0;
        }
    }
    const std::size_t between = std::max({same[1], same[2], same[3], same[5], same[6], same[7]});
    if (std::max(same[4], same[8]) <= between) return 0;
    return same[4] * 5 >= same[8] * 4 ? 4 : 8;
}

constexpr bool has_shrunk(std::size_t compressed, std::size_t size) { return compressed < size - size / 256; }

// Beginning at a whole element of any array that begins at the unit.
std::span<const std::byte> middle(std::span<const std::byte> unit, std::size_t size) {
    constexpr std::size_t widest = 8;
    return unit.subspan((unit.size() - size) / 2 / widest * widest, size);
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

std::size_t UnitDeflater::deflate(std::span<const std::byte> unit, std::span<std::byte> out) {
    const std::size_t stored = stored_bytes(unit.size());
    const Kernel chosen = choose(unit, out);
    const std::size_t size = chosen == none ? 0 : kernel(chosen).deflate(unit, out.first(stored));
    return size == 0 || size >= stored ? store(unit, out) : size;
}

DeflateKernel& UnitDeflater::kernel(Kernel which) {
    std::unique_ptr<DeflateKernel>& made = kernels_[which];
    if (!made && which == general) made = general_kernel(level_);
    if (!made && which == sampler) made = sampling_kernel();
    if (!made) made = numbers_kernel(level_, which == numbers4 ? 4 : 8);
    return *made;
}

// The compressed size of some bytes from the middle of the unit, or from elsewhere.
std::size_t UnitDeflater::sample(Kernel which, std::span<const std::byte> bytes, std::span<std::byte> scratch) {
    const std::size_t stored = stored_bytes(bytes.size());
    const std::size_t size = kernel(which).deflate(bytes, scratch.first(stored));
    return size == 0 ? stored : size;
}

// Two more samples, longer than deflate's window so that repeats show.
bool UnitDeflater::shrinks_elsewhere(Kernel which, std::span<const std::byte> unit, std::span<std::byte> scratch) {
    constexpr std::size_t sample_bytes = std::size_t{48} << 10;
    if (unit.size() < 4 * sample_bytes) return true;
    return std::ranges::any_of(std::array{unit.size() / 8, unit.size() / 8 * 5}, [&](std::size_t offset) {
        const auto bytes = unit.subspan(offset, sample_bytes);
        return has_shrunk(sample(which, bytes, scratch), bytes.size());
    });
}

UnitDeflater::Kernel UnitDeflater::choose(std::span<const std::byte> unit, std::span<std::byte> scratch) {
    constexpr std::size_t short_bytes = std::size_t{16} << 10;
    constexpr std::size_t long_bytes = std::size_t{128} << 10;
    if (unit.size() < short_bytes) return general;
    const bool quick = is_quick(level_);
    const Kernel probe = quick ? general : sampler;
    const auto bytes = middle(unit, short_bytes);
    const std::size_t size = sample(probe, bytes, scratch);
    if (!has_shrunk(size, bytes.size()) && !shrinks_elsewhere(probe, unit, scratch)) return none;

    const std::size_t width = likely_width(unit);
    if (width == 0) return general;
    const Kernel numbers = width == 4 ? numbers4 : numbers8;
    if (quick) return sample(numbers, bytes, scratch) <= size ? numbers : general;
    // Where the kernels take long, choosing well is worth a longer look.
    const auto more = middle(unit, std::min(unit.size(), long_bytes));
    return sample(numbers, more, scratch) <= sample(general, more, scratch) ? numbers : general;
}

}  // namespace jl::detail
