// Protocol 0 and 1 opcodes, whose arguments are lines of text.
#include <charconv>
#include <cmath>
#include <limits>

#include "pickle/machine.hpp"
#include "pickle/opcodes.hpp"

namespace jl {

namespace {

constexpr std::size_t longest_number = 4300;  // Python's own limit for digits of an integer in text

int hex_value(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// `count` hexadecimal digits at `at`, or -1.
std::int64_t hex_digits(std::string_view text, std::size_t at, std::size_t count) noexcept {
    if (at + count > text.size()) return -1;
    std::int64_t value = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const int digit = hex_value(text[at + i]);
        if (digit < 0) return -1;
        value = value * 16 + digit;
    }
    return value;
}

void append_utf8(std::string& out, std::uint32_t c) {
    const auto put = [&](std::uint32_t byte) { out.push_back(static_cast<char>(static_cast<unsigned char>(byte))); };
    if (c < 0x80) return put(c);
    if (c < 0x800) return put(0xc0 | c >> 6), put(0x80 | (c & 0x3f));
    if (c < 0x10000) return put(0xe0 | c >> 12), put(0x80 | (c >> 6 & 0x3f)), put(0x80 | (c & 0x3f));
    put(0xf0 | c >> 18), put(0x80 | (c >> 12 & 0x3f)), put(0x80 | (c >> 6 & 0x3f)), put(0x80 | (c & 0x3f));
}

// Multiplies two's complement magnitude digits by 10 and adds `digit`.
void times_ten_plus(std::vector<std::byte>& magnitude, unsigned digit) {
    unsigned carry = digit;
    for (std::byte& b : magnitude) {
        const unsigned value = std::to_integer<unsigned>(b) * 10 + carry;
        b = static_cast<std::byte>(value & 0xff);
        carry = value >> 8;
    }
    if (carry != 0) magnitude.push_back(static_cast<std::byte>(carry));
}

void negate(std::vector<std::byte>& digits) {
    unsigned carry = 1;
    for (std::byte& b : digits) {
        const unsigned value = (~std::to_integer<unsigned>(b) & 0xff) + carry;
        b = static_cast<std::byte>(value & 0xff);
        carry = value >> 8;
    }
}

}  // namespace

std::string Machine::line() {
    constexpr std::size_t longest_line = std::size_t{1} << 30;
    std::string text;
    for (;;) {
        const std::span<const std::byte> window = in_.peek(
            in_.unread() > 0 ? static_cast<std::size_t>(std::min<std::uint64_t>(in_.unread(), Input::max_need)) : 1);
        if (window.empty()) fail(ErrorCode::truncated, "the line has no end");
        const auto* begin = reinterpret_cast<const char*>(window.data());
        const std::string_view piece(begin, window.size());
        const std::size_t end = piece.find('\n');
        text.append(piece.substr(0, end));
        in_.advance(end == std::string_view::npos ? piece.size() : end + 1);
        if (end != std::string_view::npos) return text;
        if (text.size() > longest_line) fail(ErrorCode::limit, "the line is longer than 1 GiB");
    }
}

void Machine::step_text(std::uint8_t opcode) {
    switch (opcode) {
        case op::int_text:
            return int_line();
        case op::long_text:
            return long_line();
        case op::float_text:
            return float_line();
        case op::string_text:
            return string_line();
        case op::unicode_text:
            return unicode_line();
        case op::get:
            return recall(line_index());
        case op::put:
            return memoize(line_index());
        default:
            break;
    }
    const std::string module = line();
    const std::string name = line();
    if (!is_python_utf8(module) || !is_python_utf8(name)) fail(ErrorCode::format, "the class name is not UTF-8");
    if (opcode == op::global) return make_global(module, name);
    const Cell args = doc_.sequence(CellKind::tuple, pop_to_mark());
    make_global(module, name);
    apply(Construct::reduce, pop(), args, {});
}

std::uint64_t Machine::line_index() {
    const std::string text = line();
    std::uint64_t index = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
    if (error != std::errc() || end != text.data() + text.size())
        fail(ErrorCode::format, "'" + text.substr(0, 40) + "' is not a memo index");
    return index;
}

void Machine::int_line() {
    const std::string text = line();
    if (text == "00" || text == "01") return push(Cell::of(text == "01"));
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
        fail(ErrorCode::format, "'" + text.substr(0, 40) + "' is not an integer");
    push(Cell::of(value));
}

void Machine::long_line() {
    std::string text = line();
    if (!text.empty() && text.back() == 'L') text.pop_back();
    const bool negative = !text.empty() && text.front() == '-';
    const std::string_view digits = std::string_view(text).substr(negative ? 1 : 0);
    if (digits.empty() || digits.size() > longest_number ||
        digits.find_first_not_of("0123456789") != std::string_view::npos)
        fail(ErrorCode::format, "'" + text.substr(0, 40) + "' is not an integer of at most 4300 digits");
    std::vector<std::byte> magnitude;
    for (const char c : digits) times_ten_plus(magnitude, static_cast<unsigned>(c - '0'));
    magnitude.push_back(std::byte{0});  // room for the sign
    if (negative) negate(magnitude);
    push(integer_from_bytes(doc_, magnitude));
}

void Machine::float_line() {
    const std::string text = line();
    if (text == "nan") return push(Cell::of(std::numeric_limits<double>::quiet_NaN()));
    if (text == "inf" || text == "-inf") return push(Cell::of(text == "inf" ? HUGE_VAL : -HUGE_VAL));
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
        fail(ErrorCode::format, "'" + text.substr(0, 40) + "' is not a number");
    push(Cell::of(value));
}

// A Python string literal with quotes and backslash escapes, as repr() of Python 2 wrote it.
void Machine::string_line() {
    const std::string text = line();
    const bool quoted =
        text.size() >= 2 && (text.front() == '\'' || text.front() == '"') && text.back() == text.front();
    if (!quoted) fail(ErrorCode::format, "the string is not in quotes");
    std::string raw;
    for (std::size_t i = 1; i + 1 < text.size(); ++i) {
        if (text[i] != '\\') {
            raw.push_back(text[i]);
            continue;
        }
        const char escape = text[++i];
        static constexpr std::string_view from = "\\'\"nrtabfv0", to = std::string_view("\\'\"\n\r\t\a\b\f\v\0", 11);
        if (escape == 'x') {
            const std::int64_t value = hex_digits(text, i + 1, 2);
            if (value < 0) fail(ErrorCode::format, "\\x is not followed by two hexadecimal digits");
            raw.push_back(static_cast<char>(static_cast<unsigned char>(value)));
            i += 2;
        } else if (const std::size_t known = from.find(escape); known != std::string_view::npos) {
            raw.push_back(to[known]);
        } else {
            raw += {'\\', escape};
        }
    }
    push_string(raw);
}

// Python's raw-unicode-escape: latin-1, with \uXXXX and \UXXXXXXXX.
void Machine::unicode_line() {
    const std::string text = line();
    std::string utf8;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool escape = text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == 'u' || text[i + 1] == 'U');
        if (!escape) {
            append_utf8(utf8, static_cast<unsigned char>(text[i]));
            continue;
        }
        const std::size_t count = text[i + 1] == 'u' ? 4 : 8;
        const std::int64_t value = hex_digits(text, i + 2, count);
        if (value < 0 || value > 0x10ffff) fail(ErrorCode::format, "the text has a damaged \\u escape");
        append_utf8(utf8, static_cast<std::uint32_t>(value));
        i += 1 + count;
    }
    push(doc_.text(utf8));
}

bool is_python_utf8(std::string_view text) noexcept {
    const auto* p = reinterpret_cast<const unsigned char*>(text.data());
    const auto* end = p + text.size();
    const auto continues = [&](std::ptrdiff_t count) {
        if (end - p <= count) return false;
        for (std::ptrdiff_t i = 1; i <= count; ++i)
            if ((p[i] & 0xc0) != 0x80) return false;
        return true;
    };
    while (p < end) {
        if (*p < 0x80) {
            ++p;
        } else if (*p >= 0xc2 && *p <= 0xdf && continues(1)) {
            p += 2;
        } else if ((*p & 0xf0) == 0xe0 && continues(2) && (*p != 0xe0 || p[1] >= 0xa0)) {
            p += 3;
        } else if (*p >= 0xf0 && *p <= 0xf4 && continues(3) && (*p != 0xf0 || p[1] >= 0x90) &&
                   (*p != 0xf4 || p[1] < 0x90)) {
            p += 4;
        } else {
            return false;
        }
    }
    return true;
}

}  // namespace jl
