#include "shell/python_literal.hpp"

#include <charconv>

#include <jl/error.hpp>

#include "shell/printable.hpp"

namespace jl::shell {
namespace {

constexpr int deepest = 64;

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
        if (!read || code > 0x10FFFF) fail("this escape is not known");
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

Literal parse_literal(std::string_view text) { return Parser(text).whole(); }

std::string python_text(std::string_view text) { return quoted(text, text.size()); }

}  // namespace jl::shell
