// Deflates the units of a block-cut stream: each independent of the others and ended by a full flush.
//
//     auto deflater = unit_deflater(3);  std::size_t size = deflater->deflate(unit, out);
//
// Units that do not shrink are stored (a sample tells early). Levels 1 to 9; the same unit gives the same bytes.
// One thread at a time; several deflaters may work at once.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>

namespace jl::detail {

inline constexpr std::size_t unit_bytes = std::size_t{1} << 20;  // spec: codecs, deflate framing

// One way to deflate; what UnitDeflater chooses from.
class DeflateKernel {
  public:
    virtual ~DeflateKernel() = default;
    // Bytes written to `out`, the full flush included; 0 when they do not fit.
    virtual std::size_t deflate(std::span<const std::byte> unit, std::span<std::byte> out) = 0;
};

std::unique_ptr<DeflateKernel> zlib_kernel(int level);
// For arrays of numbers, each of 4 or 8 bytes; the deep one looks at up to `tries` places for each.
std::unique_ptr<DeflateKernel> elements_kernel(std::size_t width);
std::unique_ptr<DeflateKernel> deep_elements_kernel(std::size_t width, unsigned tries);
#ifdef JL_HAS_ISAL
std::unique_ptr<DeflateKernel> isal_kernel(int isal_level);  // 1 to 3, ISA-L's own scale
#endif

// The size of a unit's stored form, and so the largest that any unit takes.
constexpr std::size_t stored_bytes(std::size_t unit_size) noexcept {
    constexpr std::size_t per_block = 65535;
    constexpr std::size_t block_header = 5;
    return unit_size + (unit_size + per_block - 1) / per_block * block_header + block_header;
}
// Writes the stored form. Precondition: `out` holds stored_bytes(unit.size()).
std::size_t store(std::span<const std::byte> unit, std::span<std::byte> out);

// Chooses a kernel for each unit, by its bytes alone.
class UnitDeflater final {
  public:
    explicit UnitDeflater(int level) noexcept : level_(level) {}
    // Precondition: `out` holds stored_bytes(unit.size()).
    std::size_t deflate(std::span<const std::byte> unit, std::span<std::byte> out);

  private:
    enum Kernel : std::size_t { general, numbers4, numbers8, sampler, none };

    DeflateKernel& kernel(Kernel which);
    std::size_t sample(Kernel which, std::span<const std::byte> bytes, std::span<std::byte> scratch);
    bool shrinks_elsewhere(Kernel which, std::span<const std::byte> unit, std::span<std::byte> scratch);
    Kernel choose(std::span<const std::byte> unit, std::span<std::byte> scratch);

    int level_;
    std::array<std::unique_ptr<DeflateKernel>, none> kernels_;  // made when first needed
};

}  // namespace jl::detail
