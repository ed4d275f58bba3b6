// Strings and bytes as Python's repr writes them: 'abc', "it's", b'a\x00'. What is not printable is escaped, so that no
// terminal obeys it.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace jl::detail {

// Native UCS-4, numpy's U; trailing NULs are padding. Stops after `longest` characters of text with "...".
std::string quoted_text(std::span<const std::byte> ucs4, std::size_t longest);
// numpy's S: trailing NULs are padding.
std::string quoted_bytes(std::span<const std::byte> bytes, std::size_t longest);
// numpy's V: every byte in hexadecimal.
std::string quoted_hex(std::span<const std::byte> bytes, std::size_t longest);

}  // namespace jl::detail
