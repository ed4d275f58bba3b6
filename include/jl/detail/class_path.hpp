// The path of a Python class: "module.Name", or "module:Outer.Inner" where a class stands inside another.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace jl::detail {

struct ClassPath {
    std::string_view module;
    std::string_view name;  // qualified: "Name", "Outer.Inner"
};

// Python's identifiers; which letters beyond ASCII it takes is left to Python.
constexpr bool is_identifier(std::string_view text) noexcept {
    if (text.empty() || (text[0] >= '0' && text[0] <= '9')) return false;
    return std::all_of(text.begin(), text.end(), [](char c) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        return letter || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
    });
}

constexpr bool are_identifiers(std::string_view dotted) noexcept {
    for (;;) {
        const std::size_t dot = dotted.find('.');
        if (!is_identifier(dotted.substr(0, dot))) return false;
        if (dot == std::string_view::npos) return true;
        dotted.remove_prefix(dot + 1);
    }
}

// The last dot stands before the name, unless a colon does. Both parts are empty where the path is none.
constexpr ClassPath split_class_path(std::string_view path) noexcept {
    const std::size_t colon = path.find(':');
    const std::size_t cut = colon != std::string_view::npos ? colon : path.rfind('.');
    if (cut == std::string_view::npos) return {};
    const ClassPath parts{path.substr(0, cut), path.substr(cut + 1)};
    return are_identifiers(parts.module) && are_identifiers(parts.name) ? parts : ClassPath{};
}

constexpr bool is_class_path(std::string_view path) noexcept { return !split_class_path(path).name.empty(); }

// Error{usage} that quotes the path where it is none.
ClassPath class_path_of(std::string_view path);

}  // namespace jl::detail
