// The .npy format of numpy: its header both ways.
//
//     NpyHeader h = parse_npy_header(bytes);   h.dtype   h.shape   h.order   h.payload   // where the items begin
//     std::string header = make_npy_header(dtype, {3, 4}, 'C');
//
// Versions 1 to 3 are read; 1 is written, 3 where a field's name is not ASCII. Errors are jl::Error{format} or
// {truncated} without the file's name.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <jl/dtype.hpp>

namespace jl::shell {

inline constexpr std::string_view npy_magic = "\x93NUMPY";
inline constexpr std::size_t npy_prefix = 12;  // bytes that tell the header's length

struct NpyHeader {
    DType dtype = {};
    std::vector<std::uint64_t> shape = {};
    char order = 'C';
    std::uint64_t payload = 0;  // offset of the items, from the first byte of the magic
    std::uint64_t nbytes = 0;   // of the items
};

// Offset of the items; `prefix` holds the first npy_prefix bytes (fewer only where the file ends).
std::uint64_t npy_payload_offset(std::string_view prefix);
// `bytes` begin with the magic and reach to the items at least.
NpyHeader parse_npy_header(std::string_view bytes);

// Error{unsupported} for structures that no list of fields describes (fields overlap or go back).
std::string make_npy_header(const DType& dtype, std::span<const std::uint64_t> shape, char order);

// Bytes of a shape's items; Error{range} beyond 64 bits.
std::uint64_t payload_size(std::span<const std::uint64_t> shape, std::uint64_t itemsize);
// "(3, 4)", "(3,)", "()"
std::string shape_text(std::span<const std::uint64_t> shape);

}  // namespace jl::shell
