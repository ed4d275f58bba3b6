#include "shell/number.hpp"

#include <charconv>

namespace jl::shell {

namespace {

template <class T>
std::optional<T> parse(std::string_view text) {
    if (text.starts_with('+') && text.size() > 1 && text[1] != '-') text.remove_prefix(1);
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace

std::optional<std::int64_t> parse_integer(std::string_view text) { return parse<std::int64_t>(text); }
std::optional<double> parse_real(std::string_view text) { return parse<double>(text); }

Compress parse_codec(const std::string& text) {
    if (text.empty()) return {};
    const std::size_t colon = text.rfind(':');
    const std::string name = text.substr(0, colon);
    if (colon == std::string::npos) {
        if (name == "none") return Compress("zlib", 0);
        if (const auto level = parse_integer(name)) return Compress(static_cast<int>(*level));
        return Compress(name);
    }
    const auto level = parse_integer(text.substr(colon + 1));
    if (!level && name == "blosc") return Compress(text);
    if (!level || *level < 0 || *level > 99)
        throw Error(ErrorCode::usage, "-c " + text + ": a level is a number, as in gzip:6");
    return Compress(name, static_cast<int>(*level));
}

Shape parse_shape(const std::string& text) {
    Shape shape;
    std::size_t begin = 0;
    while (begin <= text.size() && !text.empty()) {
        const std::size_t end = std::min(text.find_first_of(",x", begin), text.size());
        const auto extent = parse_integer(text.substr(begin, end - begin));
        if (!extent || *extent < -1 || (*extent == -1 && shape.open))
            throw Error(ErrorCode::usage, "--shape " + text + ": sizes are needed, as in 100,200; one may be -1");
        if (*extent == -1) shape.open = shape.extents.size();
        shape.extents.push_back(*extent == -1 ? 1 : static_cast<std::uint64_t>(*extent));
        begin = end + 1;
    }
    if (shape.extents.size() > 64) throw Error(ErrorCode::usage, "--shape " + text + ": at most 64 dimensions");
    return shape;
}

}  // namespace jl::shell
