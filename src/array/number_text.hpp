// Floating-point numbers as Python writes them: the shortest digits that read back as the same number of the same type.
//
//     number_text(1.0) == "1.0"    number_text(1e20) == "1e+20"    number_text(0.1F) == "0.1"
#pragma once

#include <cstdint>
#include <string>

namespace jl::detail {

enum class Point { always, when_needed };  // "1.0" or "1"

std::string number_text(float number, Point point = Point::always);
std::string number_text(double number, Point point = Point::always);
std::string number_text(long double number, Point point = Point::always);
std::string half_text(std::uint16_t half);

}  // namespace jl::detail
