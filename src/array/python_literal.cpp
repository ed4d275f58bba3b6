#include "array/python_literal.hpp"

#include <algorithm>
#include <charconv>

#include <jl/error.hpp>

namespace jl::detail {
namespace {

constexpr int deepest = 64;

void append_utf8(std::string& out, std::uint32_t code) {
    const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
    if (code < 0x80) return put(code);
    if (code < 0x800) {
        put(0xC0 | code >> 6);
    } else if (code < 0x10000) {
        put(0xE0 | code >> 12), put(0x80 | (code >> 6 & 0x3F));
    } else {
        put(0xF0 | code >> 18), put(0x80 | (code >> 12 & 0x3F)), put(0x80 | (code >> 6 & 0x3F));
    }
    put(0x80 | (code & 0x3F));
}

// Bytes of the character at the beginning of a non-empty text; 0 where it is not UTF-8, or half of a surrogate pair.
std::size_t character_bytes(std::string_view text) {
    const auto byte = [text](std::size_t i) { return std::uint32_t{static_cast<unsigned char>(text[i])}; };
    const std::uint32_t lead = byte(0);
    if (lead < 0x80) return 1;
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
    std::uint32_t code = lead & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0U) != 0x80) return 0;
        code = code << 6 | (byte(i) & 0x3FU);
    }
    const bool surrogate = code >= 0xD800 && code < 0xE000;
    const bool too_long = (length == 3 && code < 0x800) || (length == 4 && (code < 0x10000 || code > 0x10FFFF));
    return surrogate || too_long ? 0 : length;
}

class Parser {
  public:
    explicit Parser(std::string_view text) : text_(text) {}

    Literal whole() {
        Literal result = value(0);
        skip_space();
        if (at_ != text_.size()) fail("something follows the value");
        return result;
    }

  private:
    [[noreturn]] void fail(const char* what) const {
        throw Error(ErrorCode::format, "character " + std::to_string(at_) + " of the header: " + what);
    }
    char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    void skip_space() {
        while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) ++at_;
    }
    bool take(std::string_view word) {
        if (!text_.substr(at_).starts_with(word)) return false;
        at_ += word.size();
        return true;
    }

    Literal value(int depth) {
        if (depth > deepest) fail("nested too deeply");
        skip_space();
        const char c = peek();
        if (c == '\'' || c == '"' || ((c == 'u' || c == 'b') && at_ + 1 < text_.size())) return string();
        if (c == '-' || (c >= '0' && c <= '9')) return integer();
        if (take("True")) return {.kind = Literal::Kind::boolean, .boolean = true};
        if (take("False")) return {.kind = Literal::Kind::boolean};
        if (take("None")) return {};
        if (take("[")) return sequence(Literal::Kind::list, "]", depth);
        if (take("(")) return sequence(Literal::Kind::tuple, ")", depth);
        if (take("{")) return dict(depth);
        fail("a Python literal is expected");
    }

    Literal integer() {
        Literal result{.kind = Literal::Kind::integer};
        const auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), result.integer);
        if (error != std::errc()) fail("this integer has more than 64 bits");
        at_ = static_cast<std::size_t>(end - text_.data());
        take("L");  // Python 2
        return result;
    }

    // (1) is its item, (1,) a tuple.
    Literal sequence(Literal::Kind kind, std::string_view end, int depth) {
        Literal result{.kind = kind};
        bool comma = false;
        for (skip_space(); !take(end); skip_space()) {
            if (!result.items.empty() && !comma) fail("a comma is expected");
            result.items.push_back(value(depth + 1));
            skip_space();
            comma = take(",");
        }
        if (kind == Literal::Kind::tuple && result.items.size() == 1 && !comma) {
            Literal item = std::move(result.items[0]);
            return item;
        }
        return result;
    }

    Literal dict(int depth) {
        Literal result{.kind = Literal::Kind::dict};
        bool comma = true;
        for (skip_space(); !take("}"); skip_space()) {
            if (!comma) fail("a comma is expected");
            result.items.push_back(value(depth + 1));
            skip_space();
            if (!take(":")) fail("a colon is expected");
            result.items.push_back(value(depth + 1));
            skip_space();
            comma = take(",");
        }
        return result;
    }

    Literal string() {
        if (peek() == 'u' || peek() == 'b') ++at_;
        const char quote = peek();
        if (quote != '\'' && quote != '"') fail("a Python literal is expected");
        Literal result{.kind = Literal::Kind::text};
        for (++at_; peek() != quote; ++at_) {
            if (at_ >= text_.size()) fail("the string has no end");
            if (peek() == '\\')
                escape(result.text);
            else
                result.text += peek();
        }
        ++at_;
        return result;
    }

    void escape(std::string& out) {
        static constexpr std::string_view names = "nrt\\'\"", meant = "\n\r\t\\'\"";
        ++at_;
        const char c = peek();
        if (const std::size_t found = names.find(c); c != '\0' && found != std::string_view::npos) {
            out += meant[found];
            return;
        }
        const std::size_t digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
        std::uint32_t code = 0;
        const std::string_view number = text_.substr(std::min(at_ + 1, text_.size()), digits);
        const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), code, 16);
        const bool read =
            digits > 0 && number.size() == digits && error == std::errc() && end == number.data() + digits;
        if (!read || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) fail("this escape is not known");
        append_utf8(out, code);
        at_ += digits;
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

}  // namespace

const Literal* Literal::find(std::string_view key) const noexcept {
    const Literal* found = nullptr;
    for (std::size_t i = 0; kind == Kind::dict && i + 1 < items.size(); i += 2)
        if (items[i].is(Kind::text) && items[i].text == key) found = &items[i + 1];
    return found;
}

bool is_utf8(std::string_view text) noexcept {
    while (!text.empty()) {
        const std::size_t length = character_bytes(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

std::string utf8_from_latin1(std::string_view text) {
    std::string out;
    for (const char c : text) append_utf8(out, static_cast<unsigned char>(c));
    return out;
}

Literal parse_literal(std::string_view text) { return Parser(text).whole(); }

std::string python_text(std::string_view text) {
    static constexpr char digits[] = "0123456789abcdef";
    const bool single = text.find('\'') != std::string_view::npos && text.find('"') == std::string_view::npos;
    const char quote = single ? '"' : '\'';
    std::string out(1, quote);
    while (!text.empty()) {
        const std::size_t length = character_bytes(text);
        const auto lead = static_cast<unsigned char>(text[0]);
        if (length == 0 || lead < 0x20 || lead == 0x7F) {
            out += {'\\', 'x', digits[lead >> 4], digits[lead & 15]};
        } else {
            if (lead == '\\' || text[0] == quote) out += '\\';
            out += text.substr(0, length);
        }
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return out + quote;
}

}  // namespace jl::detail
