// Numbers of the command line, and what is made of them: exact, or an Error{usage} that says what was given.
//
//     parse_codec("gzip:9")   parse_shape("3,-1")
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <jl/codec.hpp>
#include <jl/error.hpp>

namespace jl::shell {

// "gzip", "gzip:9", "9", "none", and "" for the file name's own choice.
Compress parse_codec(const std::string& text);

// Extents separated by ',' or 'x'; one of them may be -1: whatever the size gives.
struct Shape {
    std::vector<std::uint64_t> extents = {};
    std::optional<std::size_t> open = {};  // where -1 stood
};
Shape parse_shape(const std::string& text);

// The whole text as an integer; nullopt when it is none.
std::optional<std::int64_t> parse_integer(std::string_view text);
// The whole text as a float: digits, "1e5", "nan", "inf", a sign. nullopt otherwise.
std::optional<double> parse_real(std::string_view text);

}  // namespace jl::shell
