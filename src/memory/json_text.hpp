// As much of JSON as metadata needs: texts quoted, and objects read into a flat list of their scalars.
//
//     parse_json(R"({"a": 1, "b": {"c": "x"}})") == {{"a", "1", number}, {"b/c", "x", text}}
//
// Files are not believed: nesting and length are bounded, what is no JSON is nullopt.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jl {

std::string quoted_json(std::string_view utf8);  // what is not UTF-8 becomes U+FFFD

struct JsonScalar {
    enum class Kind : std::uint8_t { number, text, other };
    std::string path;  // keys with '/' between them, as they are; items of lists have no path of their own
    std::string value;
    Kind kind;
};

// nullopt unless the text is one object.
std::optional<std::vector<JsonScalar>> parse_json(std::string_view text);

}  // namespace jl
