// 32 hexadecimal digits that nobody else has.
#pragma once

#include <random>
#include <string>

namespace jl {

inline std::string random_name() {
    std::random_device random;
    static constexpr char digits[] = "0123456789abcdef";
    std::string name;
    for (int i = 0; i < 4; ++i)
        for (unsigned bits = random(), k = 0; k < 8; ++k, bits >>= 4) name += digits[bits & 15U];
    return name;
}

}  // namespace jl
