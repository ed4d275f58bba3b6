// Payload rules: sizes, byte order, element order and exact conversions of n-d arrays, on spans, without I/O.
//
// "C" order: last index fastest; "F": first index fastest. Strides here count elements, may be negative.
// Functions are thread-safe; shapes come checked (checked_nbytes) before anything else uses them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <jl/dtype.hpp>

namespace jl {

using Shape = std::vector<std::uint64_t>;

// product of shape x itemsize; Error{range} on overflow. A shape of {} is one item.
std::uint64_t checked_nbytes(std::span<const std::uint64_t> shape, std::uint64_t itemsize);
std::string to_string(std::span<const std::uint64_t> shape);  // "(3, 4)", "(3,)", "()"

// Brings items from the file's byte order to this machine's, in place (structures field by field, sub-arrays, complex,
// U).
void make_native(std::span<std::byte> items, const DType& dtype);

// Copies part of a flat sequence of items into (gather: out of) a strided array. `items` are the positions [first,
// first + count) of the sequence "all elements of `shape` in `order`"; `to` is the address of element (0, …, 0),
// strides in items.
void scatter(std::span<const std::byte> items, std::uint64_t first, char order, std::span<const std::uint64_t> shape,
             std::byte* to, std::span<const std::ptrdiff_t> strides, std::size_t itemsize);
void gather(std::span<std::byte> items, std::uint64_t first, char order, std::span<const std::uint64_t> shape,
            const std::byte* from, std::span<const std::ptrdiff_t> strides, std::size_t itemsize);

// Converts native items of one plain kind (b i u f c) to another when each is represented exactly (i8 2^60 -> f8 yes,
// 2^60+1 no; 3.0 -> i4 yes; nan -> any f; f8 0.1 -> f4 no; complex -> real only with imaginary part 0; any -> bool only
// 0 and 1). Returns the index of the first item that is not, or -1. Error{type} if either dtype is not plain.
std::int64_t convert_exact(std::span<const std::byte> from, const DType& from_type, std::span<std::byte> to,
                           const DType& to_type);
bool is_convertible(const DType& from, const DType& to) noexcept;  // both plain kinds

// One item as text, as numpy would print it in a list: 1.5, -3, True, (1+2j), 'abc', b'abc', 2024-01-31T12:00:00,
// (1, 2.0).
std::string item_text(const std::byte* item, const DType& dtype);

}  // namespace jl
