#include "persist/parse.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include <jl/npy.hpp>

#include "codec/zip.hpp"
#include "graph/npy_array.hpp"

namespace jl {

namespace {
constexpr std::size_t zip_magic_bytes = 4;
constexpr std::byte zip_begins{'P'};
constexpr std::byte npy_begins{0x93};

// What an empty stack allows at the beginning: PROTO, and before protocol 2 what pushes a value. Not the opcodes that
// later protocols brought, which no pickle without PROTO has.
bool may_begin_pickle(std::byte first) {
    constexpr std::string_view before_protocol_2 = "(]})cdlFGIJKLMNSTUVX";
    return (first & std::byte{0x80}) != std::byte{0} ||
           before_protocol_2.find(static_cast<char>(first)) != std::string_view::npos;
}

bool is_text(std::span<const std::byte> bytes) {
    return std::ranges::all_of(bytes, [](std::byte each) {
        return (each >= std::byte{' '} && each < std::byte{0x7f}) || each == std::byte{'\n'} ||
               each == std::byte{'\r'} || each == std::byte{'\t'};
    });
}

std::string shown(std::span<const std::byte> bytes) {
    constexpr char digits[] = "0123456789abcdef";
    std::string text;
    for (const std::byte each : bytes) {
        const auto code = std::to_integer<unsigned>(each);
        if (code >= ' ' && code < 0x7f)
            text += static_cast<char>(code);
        else
            text += std::string("\\x") + digits[code >> 4] + digits[code & 15];
    }
    return text;
}

constexpr std::size_t shown_bytes = 12;

}  // namespace

// No pickle begins with either first byte; no more bytes are looked at than these forms have at least.
Cell parse_object(Input& in, Document& document, PayloadLoader& loader, Companions* companions) {
    const std::span<const std::byte> first = in.peek(1);
    if (!first.empty() && first[0] == npy_begins && begins_npy(in.peek(npy_magic.size())))
        return read_npy(in, document, loader);
    if (!first.empty() && first[0] == zip_begins && detail::begins_zip(in.peek(zip_magic_bytes)))
        throw Error(ErrorCode::unsupported,
                    "a zip archive (.npz) is read from its end: load it uncompressed, from a file or from memory");
    const std::uint64_t begin = in.position();
    if (!first.empty() && !may_begin_pickle(first[0]))
        throw Error(ErrorCode::format,
                    "no joblib, pickle or numpy file: it begins with '" + shown(in.peek(shown_bytes)) + "'")
            .at_byte(begin);
    // Words may begin as a pickle without PROTO does: they fail at once, with a message that helps nobody.
    std::string words;
    if (in.lookahead() == Input::Lookahead::free && !first.empty() && first[0] < std::byte{0x80})
        if (const auto head = in.peek(shown_bytes); is_text(head)) words = shown(head);
    GraphBuilder builder(loader, companions);
    try {
        return Machine(in, document, builder).run();
    } catch (const Error& error) {
        if (words.empty() || error.code() == ErrorCode::limit || in.position() - begin > shown_bytes) throw;
        throw Error(error.code(),
                    "no joblib, pickle or numpy file: it begins with '" + words + "' (" + error.detail() + ")")
            .at_byte(error.offset().value_or(begin));
    }
}

bool is_archive(const RandomSource& file) {
    std::byte beginning[zip_magic_bytes];
    if (file.size() < sizeof beginning) return false;
    file.read_at(0, beginning);
    return detail::begins_zip(beginning);
}

}  // namespace jl
