#ifdef JL_HAS_CURL

#include "io/remote/http_version.hpp"

#include <charconv>

#include <jl/error.hpp>

namespace jl::detail {
namespace {

std::optional<std::uint64_t> take_number(std::string_view& text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc()) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return number;
}

bool take_text(std::string_view& text, std::string_view expected) {
    if (!text.starts_with(expected)) return false;
    text.remove_prefix(expected.size());
    return true;
}

// What tells versions apart: the strong or weak tag, else the date of the last change.
std::string tag_of(const HttpHead& head) {
    const std::string_view tag = head.field("etag");
    return std::string(tag.empty() ? head.field("last-modified") : tag);
}

}  // namespace

std::optional<ContentRange> content_range(const HttpHead& head) {
    std::string_view text = head.field("content-range");
    if (!take_text(text, "bytes ")) return std::nullopt;
    const auto first = take_number(text);
    if (!first || !take_text(text, "-")) return std::nullopt;
    const auto last = take_number(text);
    if (!last || !take_text(text, "/")) return std::nullopt;
    const auto total = take_number(text);
    if (!total || !text.empty() || *first > *last || *last >= *total) return std::nullopt;
    return ContentRange{*first, *last, *total};
}

std::optional<std::uint64_t> unsatisfied_total(const HttpHead& head) {
    std::string_view text = head.field("content-range");
    if (!take_text(text, "bytes */")) return std::nullopt;
    const auto total = take_number(text);
    return total && text.empty() ? total : std::nullopt;
}

std::optional<std::uint64_t> content_length(const HttpHead& head) {
    std::string_view text = head.field("content-length");
    const auto length = take_number(text);
    return length && text.empty() ? length : std::nullopt;
}

std::optional<ContentRange> HttpVersion::see(const HttpHead& head, std::optional<std::uint64_t> first) {
    std::optional<ContentRange> range;
    std::optional<std::uint64_t> total;
    if (head.status == 206) {
        range = content_range(head);
        if (!range)
            throw Error(ErrorCode::io, "the server answers 206 with the Content-Range '" +
                                           std::string(head.field("content-range").substr(0, 80)) + "'");
        if (first && range->first != *first)
            throw Error(ErrorCode::io, "the server answers with the bytes from " + std::to_string(range->first) +
                                           " on, asked for were those from " + std::to_string(*first) + " on");
        total = range->total;
    } else {
        total = content_length(head);
        if (total) range = {0, *total == 0 ? 0 : *total - 1, *total};
    }
    if (tag_ && (*tag_ != tag_of(head) || total_ != total))
        throw Error(ErrorCode::io, "the file at the server changed while it was read");
    tag_ = tag_of(head);
    total_ = total;
    return range;
}

}  // namespace jl::detail

#endif
