// Python literals as they stand in .npy headers: strings, integers, True, False, None, lists, tuples, dicts.
//
//     Literal header = parse_literal("{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }");
//
// Error{format} with the place in the text; nothing is evaluated.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace jl::detail {

struct Literal {
    enum class Kind : std::uint8_t { none, boolean, integer, text, list, tuple, dict };
    Kind kind = Kind::none;
    bool boolean = false;
    std::int64_t integer = 0;
    std::string text = {};
    std::vector<Literal> items = {};  // dict: key, value, key, …

    bool is(Kind wanted) const noexcept { return kind == wanted; }
    // The value of a dict's key; null where there is none.
    const Literal* find(std::string_view key) const noexcept;
};

// `text` is UTF-8.
Literal parse_literal(std::string_view text);
// 'text' with Python's escapes for controls, quotes, and what is no UTF-8.
std::string python_text(std::string_view text);

bool is_utf8(std::string_view text) noexcept;  // halves of surrogate pairs are not
std::string utf8_from_latin1(std::string_view text);

}  // namespace jl::detail
