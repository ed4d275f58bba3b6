#include "shell/printable.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace jl::shell {
namespace {

unsigned byte_at(std::string_view text, std::size_t i) { return static_cast<unsigned char>(text[i]); }

bool is_printable(std::uint32_t code) {
    static constexpr std::array<std::pair<std::uint32_t, std::uint32_t>, 11> hidden = {{{0x00, 0x1F},
                                                                                        {0x7F, 0x9F},
                                                                                        {0xAD, 0xAD},
                                                                                        {0x61C, 0x61C},
                                                                                        {0x200B, 0x200F},
                                                                                        {0x2028, 0x202E},
                                                                                        {0x2060, 0x206F},
                                                                                        {0xD800, 0xDFFF},
                                                                                        {0xFEFF, 0xFEFF},
                                                                                        {0xFFF0, 0xFFFB},
                                                                                        {0xE0000, 0xE0FFF}}};
    return std::ranges::none_of(hidden,
                                [code](const auto& range) { return range.first <= code && code <= range.second; });
}

std::string formatted(const char* format, std::uint32_t code) {
    char text[16];
    std::snprintf(text, sizeof text, format, code);
    return text;
}

std::string escape_of(const Character& c) {
    if (c.code < 0x100) return formatted("\\x%02x", c.code);
    return formatted(c.code < 0x10000 ? "\\u%04x" : "\\U%08x", c.code);
}

void append_shown(std::string& out, std::string_view text, const Character& c) {
    if (c.valid && is_printable(c.code))
        out += text.substr(0, c.length);
    else if (c.code == '\n' || c.code == '\t' || c.code == '\r')
        out += c.code == '\n' ? "\\n" : c.code == '\t' ? "\\t" : "\\r";
    else
        out += escape_of(c);
}

void append_surrogate(std::string& out, std::uint32_t code) { out += formatted("\\u%04x", code); }

// One character inside a JSON string, after escapes of its own were dealt with.
void append_json_character(std::string& out, std::string_view text, const Character& c) {
    if (!c.valid)
        append_surrogate(out, 0xDC00 + c.code);
    else if (c.code >= 0xD800 && c.code <= 0xDFFF)
        append_surrogate(out, c.code);
    else
        out += text.substr(0, c.length);
}

// Python prefers ' and takes " for texts that hold the one and not the other.
char quote_for(std::string_view text) {
    const bool single = text.find('\'') != std::string_view::npos;
    return single && text.find('"') == std::string_view::npos ? '"' : '\'';
}

}  // namespace

Character first_character(std::string_view text) noexcept {
    const unsigned lead = byte_at(text, 0);
    if (lead < 0x80) return {lead, 1, true};
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return {lead, 1, false};
    std::uint32_t code = lead & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte_at(text, i) & 0xC0U) != 0x80) return {lead, 1, false};
        code = code << 6 | (byte_at(text, i) & 0x3FU);
    }
    const bool too_long = (length == 3 && code < 0x800) || (length == 4 && (code < 0x10000 || code > 0x10FFFF));
    if (too_long) return {lead, 1, false};
    return {code, length, true};
}

void append_utf8(std::string& out, std::uint32_t code) {
    const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
    if (code < 0x80) return put(code);
    if (code < 0x800) {
        put(0xC0 | code >> 6);
    } else if (code < 0x10000) {
        put(0xE0 | code >> 12), put(0x80 | (code >> 6 & 0x3F));
    } else {
        put(0xF0 | (code >> 18 & 7)), put(0x80 | (code >> 12 & 0x3F)), put(0x80 | (code >> 6 & 0x3F));
    }
    put(0x80 | (code & 0x3F));
}

std::string printable(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const Character c = first_character(text);
        append_shown(out, text, c);
        text.remove_prefix(c.length);
    }
    return out;
}

std::string quoted(std::string_view text, std::size_t longest) {
    const char quote = quote_for(text.substr(0, 4 * longest));
    std::string out(1, quote);
    for (std::size_t count = 0; !text.empty(); ++count) {
        if (count == longest) return out + "…";
        const Character c = first_character(text);
        if (c.code == '\\' || c.code == static_cast<unsigned char>(quote)) out += '\\';
        append_shown(out, text, c);
        text.remove_prefix(c.length);
    }
    return out + quote;
}

std::string quoted_bytes(std::string_view bytes, std::size_t longest) {
    std::string out = "b'";
    for (const char byte : bytes.substr(0, longest)) {
        const Character c{static_cast<unsigned char>(byte), 1, true};
        if (byte == '\\' || byte == '\'') out += '\\';
        if (c.code < 0x80)
            append_shown(out, {&byte, 1}, c);
        else
            out += escape_of(c);
    }
    return out + (bytes.size() > longest ? "…" : "'");
}

void append_json(std::string& out, std::string_view text) {
    out += '"';
    while (!text.empty()) {
        const Character c = first_character(text);
        if (c.code == '"' || c.code == '\\')
            out += '\\', out += text.front();
        else if (c.code == '\n' || c.code == '\t')
            out += c.code == '\n' ? "\\n" : "\\t";
        else if (c.code < 0x20 || c.code == 0x7F)
            out += formatted("\\u%04x", c.code);
        else
            append_json_character(out, text, c);
        text.remove_prefix(c.length);
    }
    out += '"';
}

std::string valid_json(std::string_view json) {
    std::string out;
    while (!json.empty()) {
        const Character c = first_character(json);
        append_json_character(out, json, c);
        json.remove_prefix(c.length);
    }
    return out;
}

std::string hex(std::string_view bytes) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string out;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
    return out;
}

std::string size_text(std::uint64_t bytes) {
    if (bytes < 1000) return std::to_string(bytes) + " B";
    static constexpr std::array<const char*, 6> units = {"kB", "MB", "GB", "TB", "PB", "EB"};
    double value = static_cast<double>(bytes) / 1000;
    std::size_t unit = 0;
    for (; value >= 999.95 && unit + 1 < units.size(); ++unit) value /= 1000;
    char text[32];
    std::snprintf(text, sizeof text, "%.1f %s", value, units[unit]);
    return text;
}

}  // namespace jl::shell
