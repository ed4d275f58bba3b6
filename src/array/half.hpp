// IEEE 754 half precision, numpy's f2: bits to float, and float to the nearest bits.
#pragma once

#include <bit>
#include <cstdint>

namespace jl::detail {

inline float float_of_half(std::uint16_t half) noexcept {
    const std::uint32_t sign = static_cast<std::uint32_t>(half & 0x8000U) << 16;
    const std::uint32_t magnitude = half & 0x7FFFU;
    // Below the first normal number: a multiple of 2^-24, which float has.
    if (magnitude < 0x0400) {
        const float value = static_cast<float>(magnitude) * 0x1p-24F;
        return std::bit_cast<float>(std::bit_cast<std::uint32_t>(value) | sign);
    }
    const std::uint32_t rebias = magnitude < 0x7C00 ? (127U - 15U) << 23 : (255U - 31U) << 23;
    return std::bit_cast<float>(((magnitude << 13) + rebias) | sign);
}

// Rounds to nearest, ties to even; too big becomes infinite; nan stays nan.
inline std::uint16_t half_of_float(float value) noexcept {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const auto sign = static_cast<std::uint16_t>((bits >> 16) & 0x8000U);
    const std::uint32_t magnitude = bits & 0x7FFFFFFFU;
    std::uint32_t half = 0;
    if (magnitude > 0x7F800000U) {
        half = 0x7E00U | ((magnitude >> 13) & 0x3FFU);
    } else if (magnitude >= 0x47800000U) {  // 2^16 and above
        half = 0x7C00U;
    } else if (magnitude < 0x38800000U) {  // below 2^-14: the addition rounds to a multiple of 2^-24 at the right bit
        half = std::bit_cast<std::uint32_t>(std::bit_cast<float>(magnitude) + 0.5F) - 0x3F000000U;
    } else {
        const std::uint32_t odd = (magnitude >> 13) & 1U;
        half = (magnitude - ((127U - 15U) << 23) + 0xFFFU + odd) >> 13;
    }
    return static_cast<std::uint16_t>(half | sign);
}

}  // namespace jl::detail
