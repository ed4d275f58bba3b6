#include "memory/entry_name.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace jl {
namespace {

constexpr std::size_t longest = 100;  // characters of the encoded name, before '+' and the hash
constexpr char digits[] = "0123456789ABCDEF";
// As Windows reserves them, with any ending.
constexpr std::array reserved{"con", "prn", "aux", "nul", "com", "lpt"};

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || is_upper(c) || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

bool is_reserved(std::string_view encoded) {
    std::string_view stem = encoded.substr(0, encoded.find('.'));
    if (stem.size() == 4 && stem[3] >= '0' && stem[3] <= '9') stem.remove_suffix(1);
    return std::ranges::find(reserved, stem) != reserved.end();
}

// FNV-1a, twice with different beginnings would be 128 bits; 64 keep names of one program apart.
std::string hash_text(std::string_view name) {
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    std::string text;
    for (int shift = 60; shift >= 0; shift -= 4) text += "0123456789abcdef"[(hash >> shift) & 15U];
    return text;
}

std::optional<unsigned> value_of(char digit) {
    const char* const found = std::ranges::find(digits, digit);
    return digit != 0 && found != std::ranges::end(digits) ? std::optional(static_cast<unsigned>(found - digits))
                                                           : std::nullopt;
}

}  // namespace

std::string folder_of_function(std::string_view name) {
    std::string folder;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const char c = name[i];
        const bool inner_point = c == '.' && i > 0 && i + 1 < name.size();
        if (is_plain(c) || inner_point) {
            folder += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        folder += '%', folder += digits[byte >> 4], folder += digits[byte & 15];
    }
    const bool says_all = std::ranges::none_of(name, is_upper) && folder.size() <= longest && !is_reserved(folder);
    if (says_all) return folder;
    folder.resize(std::min(folder.size(), longest));
    return folder + "+" + hash_text(name);
}

std::optional<std::string> function_of_folder(std::string_view folder) {
    std::string name;
    for (std::size_t i = 0; i < folder.size(); ++i) {
        if (folder[i] != '%') {
            name += folder[i];
            continue;
        }
        if (folder.size() - i < 3) return std::nullopt;
        const auto high = value_of(folder[i + 1]), low = value_of(folder[i + 2]);
        if (!high || !low) return std::nullopt;
        name += static_cast<char>(*high << 4 | *low);
        i += 2;
    }
    if (name.empty() || folder_of_function(name) != folder) return std::nullopt;
    return name;
}

bool is_entry_name(std::string_view name) noexcept {
    return name.size() >= 32 &&
           std::ranges::all_of(name, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

}  // namespace jl
