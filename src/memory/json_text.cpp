#include "memory/json_text.hpp"

#include <algorithm>
#include <cstdint>
#include <stdexcept>

namespace jl {
namespace {

constexpr int deepest = 16;

struct NoJson {};

void append_utf8(std::string& text, std::uint32_t code) {
    const auto put = [&](std::uint32_t byte) { text += static_cast<char>(byte); };
    if (code < 0x80) return put(code);
    if (code < 0x800) return put(0xC0U | code >> 6), put(0x80U | (code & 63U));
    if (code < 0x10000) return put(0xE0U | code >> 12), put(0x80U | (code >> 6 & 63U)), put(0x80U | (code & 63U));
    put(0xF0U | code >> 18), put(0x80U | (code >> 12 & 63U)), put(0x80U | (code >> 6 & 63U)), put(0x80U | (code & 63U));
}

class Parser {
  public:
    // Paths are told again for each scalar below them: what honest metadata never comes near bounds their sum.
    explicit Parser(std::string_view text) : text_(text), paths_left_(4096 + 16 * text.size()) {}

    std::vector<JsonScalar> run() {
        skip_spaces();
        if (peek() != '{') throw NoJson{};
        value("", 0);
        skip_spaces();
        if (at_ != text_.size()) throw NoJson{};
        return std::move(found_);
    }

  private:
    char peek() const {
        if (at_ >= text_.size()) throw NoJson{};
        return text_[at_];
    }
    char take() {
        const char c = peek();
        ++at_;
        return c;
    }
    void expect(char c) {
        if (take() != c) throw NoJson{};
    }
    void skip_spaces() {
        while (at_ < text_.size() &&
               (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t' || text_[at_] == '\r'))
            ++at_;
    }

    void value(const std::string& path, int depth) {
        if (depth > deepest) throw NoJson{};
        skip_spaces();
        switch (peek()) {
            case '{':
                return members('}', path, depth);
            case '[':
                return members(']', path, depth);
            case '"':
                return found_.push_back({path, string(), JsonScalar::Kind::text});
            default:
                return word(path);
        }
    }
    void members(char last, const std::string& path, int depth) {
        ++at_;
        skip_spaces();
        if (peek() == last) return static_cast<void>(++at_);
        for (;;) {
            std::string below = path;
            if (last == '}') {
                skip_spaces();
                below += (path.empty() ? "" : "/") + string();
                skip_spaces();
                expect(':');
            }
            if (below.size() > paths_left_) throw NoJson{};
            paths_left_ -= below.size();
            value(below, depth + 1);
            skip_spaces();
            const char c = take();
            if (c == last) return;
            if (c != ',') throw NoJson{};
        }
    }
    void word(const std::string& path) {
        const std::size_t begin = at_;
        while (at_ < text_.size() && std::string_view(",]} \n\t\r").find(text_[at_]) == std::string_view::npos) ++at_;
        const std::string_view word = text_.substr(begin, at_ - begin);
        if (word.empty()) throw NoJson{};
        const bool number = word[0] == '-' || (word[0] >= '0' && word[0] <= '9');
        found_.push_back({path, std::string(word), number ? JsonScalar::Kind::number : JsonScalar::Kind::other});
    }
    std::uint32_t unit() {
        std::uint32_t code = 0;
        for (int i = 0; i < 4; ++i) {
            const char c = take();
            const auto digit = std::string_view("0123456789abcdefABCDEF").find(c);
            if (digit == std::string_view::npos) throw NoJson{};
            code = code << 4 | static_cast<std::uint32_t>(digit < 16 ? digit : digit - 6);
        }
        return code;
    }
    std::uint32_t escaped_code() {
        const std::uint32_t high = unit();
        if (high < 0xD800 || high > 0xDFFF) return high;
        if (high > 0xDBFF || !text_.substr(at_).starts_with("\\u")) return 0xFFFD;
        at_ += 2;
        const std::uint32_t low = unit();
        return low < 0xDC00 || low > 0xDFFF ? 0xFFFD : 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
    }
    std::string string() {
        expect('"');
        std::string text;
        for (char c = take(); c != '"'; c = take()) {
            if (c != '\\') {
                text += c;
                continue;
            }
            const char kind = take();
            const auto known = std::string_view("\"\\/bfnrt").find(kind);
            if (kind == 'u')
                append_utf8(text, escaped_code());
            else if (known != std::string_view::npos)
                text += "\"\\/\b\f\n\r\t"[known];
            else
                throw NoJson{};
        }
        return text;
    }

    std::string_view text_;
    std::size_t paths_left_;
    std::size_t at_ = 0;
    std::vector<JsonScalar> found_;
};

// Bytes of the character at the beginning; 0: it is none.
std::size_t character_length(std::string_view text) {
    const auto lead = static_cast<unsigned char>(text[0]);
    const std::size_t length = lead < 0x80   ? 1
                               : lead < 0xC2 ? 0
                               : lead < 0xE0 ? 2
                               : lead < 0xF0 ? 3
                               : lead < 0xF5 ? 4
                                             : 0;
    if (length > text.size()) return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U) return 0;
    // Longer than it need be, half of a pair of UTF-16, beyond Unicode.
    const auto second = static_cast<unsigned char>(length > 1 ? text[1] : '\0');
    const bool wrong = (lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ||
                       (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F);
    return wrong ? 0 : length;
}

}  // namespace

std::string quoted_json(std::string_view utf8) {
    static constexpr char hex[] = "0123456789abcdef";
    std::string text = "\"";
    while (!utf8.empty()) {
        const std::size_t length = character_length(utf8);
        const char c = utf8[0];
        if (length == 0)
            text += "\xEF\xBF\xBD";
        else if (c == '"' || c == '\\')
            text += '\\', text += c;
        else if (c == '\n')
            text += "\\n";
        else if (static_cast<unsigned char>(c) < 0x20)
            text += "\\u00", text += hex[c >> 4], text += hex[c & 15];
        else
            text += utf8.substr(0, length);
        utf8.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return text + '"';
}

std::optional<std::vector<JsonScalar>> parse_json(std::string_view text) {
    try {
        return Parser(text).run();
    } catch (const NoJson&) {
        return std::nullopt;
    }
}

}  // namespace jl
