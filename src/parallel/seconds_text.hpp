// A time for people: "2.5 s".
#pragma once

#include <chrono>
#include <cstdio>
#include <string>

namespace jl {

inline std::string seconds_text(std::chrono::duration<double> time) {
    char text[32];
    std::snprintf(text, sizeof text, "%g s", time.count());
    return text;
}

}  // namespace jl
