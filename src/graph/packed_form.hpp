// The pickle that stands where a packed array's payload would: Python rebuilds the array from it, with numpy alone or
// with blosc; jl compares every byte that is not the units' own (spec: packed arrays).
//
//     head | shuffled blocks | tail                  head | (unit_head(size) | Blosc chunk | unit_tail)… | tail
//
// Writer and reader make the form of the same function, so what differs from it is damaged.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <jl/dtype.hpp>

#include "array/packing.hpp"

namespace jl {

// What the form depends on. A view: what it names must outlive it.
struct PackedArray {
    Packing packing;  // not none
    const DType& dtype;
    std::span<const std::uint64_t> shape;
    char order;
    std::uint64_t nbytes;  // of all items, above 0

    std::uint64_t unit() const { return unit_bytes(packing, dtype.itemsize(), nbytes); }
    std::uint64_t units() const { return unit_count(packing, dtype.itemsize(), nbytes); }
};

struct PackedForm {
    std::vector<std::byte> head;
    std::vector<std::byte> tail;
    // Where the dtype stands in the head. A directory does not tell whether structures are aligned, so who comes by it
    // cannot know these bytes, nor how many they are.
    std::size_t dtype_begin = 0;
    std::size_t dtype_end = 0;

    std::span<const std::byte> before_dtype() const { return std::span(head).first(dtype_begin); }
    std::span<const std::byte> behind_dtype() const { return std::span(head).subspan(dtype_end); }
};
// Error{range} for more bytes than may be packed in one array.
void require_packable(std::uint64_t nbytes);
PackedForm packed_form(const PackedArray& array);

// Around each chunk of blosc.
inline constexpr std::size_t unit_head_bytes = 11;
inline constexpr std::size_t unit_tail_bytes = 2;
std::array<std::byte, unit_head_bytes> unit_head(std::uint64_t chunk_bytes);
std::array<std::byte, unit_tail_bytes> unit_tail();

}  // namespace jl
