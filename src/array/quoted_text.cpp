#include "array/quoted_text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string_view>

namespace jl::detail {
namespace {

struct CodeRange {
    std::uint32_t first;
    std::uint32_t last;
};

// Controls, separators other than the space, invisible and direction-changing characters, surrogates, private use, no
// characters.
constexpr std::array<CodeRange, 16> unprintable = {{{0x00, 0x1F},
                                                    {0x7F, 0xA0},
                                                    {0xAD, 0xAD},
                                                    {0x061C, 0x061C},
                                                    {0x1680, 0x1680},
                                                    {0x180E, 0x180E},
                                                    {0x2000, 0x200F},
                                                    {0x2028, 0x202F},
                                                    {0x205F, 0x206F},
                                                    {0x3000, 0x3000},
                                                    {0xD800, 0xF8FF},
                                                    {0xFDD0, 0xFDEF},
                                                    {0xFEFF, 0xFEFF},
                                                    {0xFFF0, 0xFFFB},
                                                    {0xFFFE, 0xFFFF},
                                                    {0xE0000, 0xFFFFFFFF}}};

bool is_printable(std::uint32_t code) {
    return std::ranges::none_of(unprintable, [&](const CodeRange& r) { return r.first <= code && code <= r.last; });
}

std::string escaped(std::uint32_t code) {
    const char* const format = code < 0x100 ? "\\x%02x" : code < 0x10000 ? "\\u%04x" : "\\U%08x";
    char text[16];
    std::snprintf(text, sizeof text, format, code);
    return text;
}

void put_utf8(std::string& out, std::uint32_t code) {
    const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
    const auto follow = [&](unsigned shift) { put(0x80U | ((code >> shift) & 0x3FU)); };
    if (code < 0x80) return put(code);
    if (code < 0x800) {
        put(0xC0U | (code >> 6));
    } else if (code < 0x10000) {
        put(0xE0U | (code >> 12));
        follow(6);
    } else {
        put(0xF0U | (code >> 18));
        follow(12);
        follow(6);
    }
    follow(0);
}

// Quotes the characters 0, ..., count - 1: Python's choice of quotes, its short escapes, and `put` for the others.
template <class CodeAt, class Put>
std::string quoted(std::string_view prefix, std::size_t count, std::size_t longest, CodeAt code_at, Put put) {
    const auto has = [&](std::uint32_t wanted) {
        for (std::size_t i = 0; i < count; ++i) {
            if (code_at(i) == wanted) return true;
        }
        return false;
    };
    const char quote = has('\'') && !has('"') ? '"' : '\'';
    std::string out(prefix);
    out += quote;
    for (std::size_t i = 0; i < count; ++i) {
        if (out.size() >= longest) return out + "...";
        const std::uint32_t code = code_at(i);
        if (code == static_cast<unsigned char>(quote) || code == '\\')
            out.append({'\\', static_cast<char>(code)});
        else if (code == '\n')
            out += "\\n";
        else if (code == '\r')
            out += "\\r";
        else if (code == '\t')
            out += "\\t";
        else
            put(out, code);
    }
    return out + quote;
}

std::uint32_t byte_at(std::span<const std::byte> bytes, std::size_t i) {
    return std::to_integer<std::uint32_t>(bytes[i]);
}

}  // namespace

std::string quoted_text(std::span<const std::byte> ucs4, std::size_t longest) {
    const auto code_at = [&](std::size_t i) {
        std::uint32_t code = 0;
        std::memcpy(&code, ucs4.data() + 4 * i, sizeof code);
        return code;
    };
    std::size_t count = ucs4.size() / 4;
    while (count != 0 && code_at(count - 1) == 0) --count;
    return quoted("", std::min(count, longest), longest, code_at, [](std::string& out, std::uint32_t code) {
        if (is_printable(code))
            put_utf8(out, code);
        else
            out += escaped(code);
    });
}

std::string quoted_bytes(std::span<const std::byte> bytes, std::size_t longest) {
    while (!bytes.empty() && bytes.back() == std::byte{0}) bytes = bytes.first(bytes.size() - 1);
    const auto code_at = [&](std::size_t i) { return byte_at(bytes, i); };
    return quoted("b", std::min(bytes.size(), longest), longest, code_at, [](std::string& out, std::uint32_t code) {
        if (code >= 0x20 && code < 0x7F)
            out += static_cast<char>(code);
        else
            out += escaped(code);
    });
}

std::string quoted_hex(std::span<const std::byte> bytes, std::size_t longest) {
    std::string out = "b'";
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (out.size() >= longest) return out + "...";
        char text[8];
        std::snprintf(text, sizeof text, "\\x%02X", byte_at(bytes, i));
        out += text;
    }
    return out + "'";
}

}  // namespace jl::detail
