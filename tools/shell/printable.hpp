// Texts from files on their way to people and programs: nothing a terminal would obey, valid JSON whatever the bytes.
//
//     printable("a\x1b[2J") == "a\\x1b[2J"        quoted("it's", 60) == "\"it's\""
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace jl::shell {

// The character at the beginning of a non-empty text: UTF-8, where lone surrogates are tolerated as Python does.
struct Character {
    std::uint32_t code = 0;  // the byte itself where !valid
    std::size_t length = 1;  // bytes
    bool valid = false;
};
Character first_character(std::string_view text) noexcept;
void append_utf8(std::string& out, std::uint32_t code);

// Controls, invisible and direction-changing characters, and bytes that are no UTF-8 become \xNN, \uNNNN, \UNNNNNNNN.
std::string printable(std::string_view text);
// The same in Python's quotes, at most about `longest` characters of it.
std::string quoted(std::string_view text, std::size_t longest);
std::string quoted_bytes(std::string_view bytes, std::size_t longest);

// A JSON string with its quotes. Lone surrogates are written \udXXX, bytes that are no UTF-8 \udcXX as Python's
// surrogateescape.
void append_json(std::string& out, std::string_view text);
// JSON whose strings may hold such bytes, made valid.
std::string valid_json(std::string_view json);

std::string hex(std::string_view bytes);
// "96 B", "1.2 kB", "3.4 GB"
std::string size_text(std::uint64_t bytes);

}  // namespace jl::shell
