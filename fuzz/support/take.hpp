// A fuzzer's input as a source of decisions.
//
//     Take take(bytes);   offset += take.lie();
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace jl::fuzz {

// Takes the input apart; zeros behind its end.
class Take {
  public:
    explicit Take(std::span<const std::byte> bytes) : rest_(bytes) {}
    std::uint8_t byte() {
        if (rest_.empty()) return 0;
        const auto value = std::to_integer<std::uint8_t>(rest_.front());
        rest_ = rest_.subspan(1);
        return value;
    }
    // Mostly 0, then small, then anything.
    std::uint64_t lie() {
        const std::uint8_t kind = byte();
        if (kind < 200) return 0;
        if (kind < 240) return static_cast<std::uint64_t>(std::int64_t{byte()} - 128);
        std::uint64_t value = 0;
        for (int i = 0; i < 8; ++i) value = value << 8 | byte();
        return value;
    }
    std::vector<std::byte> content(std::size_t size) {
        std::vector<std::byte> bytes(size);
        const std::uint8_t step = byte();
        for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>(i / 64 * step);
        for (std::size_t i = 0; i < std::min<std::size_t>(size, 64); ++i) bytes[i] = static_cast<std::byte>(byte());
        return bytes;
    }

  private:
    std::span<const std::byte> rest_;
};

}  // namespace jl::fuzz
