// The one door for byte order: fixed-size little- and big-endian numbers in byte buffers.
// Preconditions: the buffer holds at least sizeof(T) bytes.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace jl::detail {

template <class T>
constexpr T byteswapped(T value) noexcept {
    if constexpr (sizeof(T) == 1)
        return value;
    else if constexpr (sizeof(T) == 2)
        return std::bit_cast<T>(__builtin_bswap16(std::bit_cast<std::uint16_t>(value)));
    else if constexpr (sizeof(T) == 4)
        return std::bit_cast<T>(__builtin_bswap32(std::bit_cast<std::uint32_t>(value)));
    else
        return std::bit_cast<T>(__builtin_bswap64(std::bit_cast<std::uint64_t>(value)));
}

template <class T>
T load_little(const std::byte* from) noexcept {
    T value;
    std::memcpy(&value, from, sizeof value);
    if constexpr (std::endian::native == std::endian::big) value = byteswapped(value);
    return value;
}

template <class T>
T load_big(const std::byte* from) noexcept {
    T value;
    std::memcpy(&value, from, sizeof value);
    if constexpr (std::endian::native == std::endian::little) value = byteswapped(value);
    return value;
}

template <class T>
void store_little(std::byte* to, T value) noexcept {
    if constexpr (std::endian::native == std::endian::big) value = byteswapped(value);
    std::memcpy(to, &value, sizeof value);
}

template <class T>
void store_big(std::byte* to, T value) noexcept {
    if constexpr (std::endian::native == std::endian::little) value = byteswapped(value);
    std::memcpy(to, &value, sizeof value);
}

}  // namespace jl::detail
