// When a wait ends. Waits of more than ten years are as good as for ever, and no sum overflows.
#pragma once

#include <algorithm>
#include <chrono>

namespace jl {

inline std::chrono::steady_clock::time_point deadline_after(std::chrono::milliseconds patience) {
    constexpr std::chrono::milliseconds longest = std::chrono::hours(24 * 3650);
    return std::chrono::steady_clock::now() + std::min(patience, longest);
}

}  // namespace jl
