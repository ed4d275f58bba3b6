// Numbers of every spelling (int, bool, float, complex, numpy scalars, 0-d arrays) brought to few C++ types, exactly.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "graph/array_node.hpp"

namespace jl {

struct HugeInteger {};  // beyond 64 bits and not exactly a double

// monostate: not a number. uint64_t only above INT64_MAX; an integer beyond 64 bits that is exactly a double is that
// double.
using Number = std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, ComplexPair, HugeInteger>;

Number number_of(const Cell& cell);
// False when the number is not exactly an int64 (double).
bool to_integer(const Number& number, std::int64_t& value) noexcept;
bool to_real(const Number& number, double& value) noexcept;

std::string number_text(const Cell& cell);               // any integer in decimal, floats as Python's repr
std::string decimal(std::span<const std::byte> digits);  // two's complement, least significant byte first
std::string real_text(double value);                     // 1.0, 1e+20, nan, inf
std::string complex_text(double real, double imag);      // (1+2j), 2j
std::string utf8_of(const ScalarNode& text);             // kind U, trailing zeros dropped

}  // namespace jl
