// What is inside single values, and single items of arrays, as texts and numbers.
//
//     characters(str)          its UTF-8            scalar_text(numpy.str_)      time_count(numpy.datetime64)
//     item_text(dtype, item)   as numpy prints it
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <jl/value.hpp>

namespace jl::shell {

// Bytes of a str, bytes, bytearray or numpy scalar; they live as long as the document.
std::string_view characters(const Value& value);
// Scalars of kind U, and of kind S as Latin-1; in UTF-8, without the padding.
std::string scalar_text(const Value& scalar);
// Scalars of kind M and m: how many of their unit.
std::int64_t time_count(const Value& scalar);
std::string item_text(const DType& dtype, std::span<const std::byte> item);

}  // namespace jl::shell
