// Shapes as people and Python write them, and what they take.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace jl::shell {

// Bytes of a shape's items; Error{range} beyond 64 bits.
std::uint64_t payload_size(std::span<const std::uint64_t> shape, std::uint64_t itemsize);
// "(3, 4)", "(3,)", "()"
std::string shape_text(std::span<const std::uint64_t> shape);

}  // namespace jl::shell
