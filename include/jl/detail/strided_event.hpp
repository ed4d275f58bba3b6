// An n-d array of any strides as one array event: straight from memory where its items lie without gaps, gathered piece
// by piece elsewhere, so that nothing but a piece is ever copied.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <jl/emitter.hpp>

namespace jl::detail {

// `origin`: address of item (0, ..., 0); `strides` count items, may be negative or 0, and mean nothing for an axis of
// one item. Written in C order, or in F order where the items lie so (and of two that fit, C).
void emit_strided(Emitter& out, const DType& dtype, std::span<const std::uint64_t> shape,
                  std::span<const std::ptrdiff_t> strides, const std::byte* origin);

}  // namespace jl::detail
