// The header of numpy's .npy format, both ways.
//
//     jl::NpyHeader h = jl::parse_npy_header(bytes);                       // h.payload: where the items begin
//     std::string header = jl::make_npy_header(dtype, {3, 4}, 'C');
//
// Whole files load by jl::load. Versions 1 to 3 are read; 1 is written, 2 where the header is too long for it, 3 where
// a field's name is not ASCII. A header is a Python literal of a small grammar; nothing is evaluated, every length in
// it is bounded. Errors are jl::Error{format} or {truncated} without the file's name. Thread-safe.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <jl/dtype.hpp>

namespace jl {

inline constexpr std::string_view npy_magic = "\x93NUMPY";
inline constexpr std::size_t npy_prefix = 12;  // bytes that tell the header's length

struct NpyHeader {
    DType dtype = {};
    std::vector<std::uint64_t> shape = {};
    char order = 'C';
    std::uint64_t payload = 0;  // offset of the items, from the first byte of the magic
    std::uint64_t nbytes = 0;   // of the items; arrays of objects are pickled instead
};

// Offset of the items; `prefix` holds the first npy_prefix bytes (fewer only where the file ends).
std::uint64_t npy_payload_offset(std::string_view prefix);
// `bytes` begin with the magic and reach to the items at least.
NpyHeader parse_npy_header(std::string_view bytes);

// Error{unsupported} for structures that no list of fields describes (fields overlap or go back).
std::string make_npy_header(const DType& dtype, std::span<const std::uint64_t> shape, char order);

}  // namespace jl
