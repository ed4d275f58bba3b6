// Bytes inside long double items that hold no value: cleared on the way out, so that equal values give equal files and
// no stray memory leaves the program.
#pragma once

#include <cstddef>
#include <span>

#include <jl/dtype.hpp>

namespace jl {

bool has_padding(
    const DType& dtype);  // a part of kind f16 or c32, on machines where a long double has ten bytes of value
void clear_padding(std::span<std::byte> items, const DType& dtype);

}  // namespace jl
