#include <algorithm>
#include <string>

#include <jl/error.hpp>

#include "codec/binding.hpp"
#include "codec/packed_units.hpp"
#include "codec/registry.hpp"

namespace jl {
namespace {

// Python prints lists and strings so.
std::string listed(const std::vector<std::string>& items, std::string_view quote) {
    std::string text = "[";
    for (const std::string& item : items) {
        if (text.size() > 1) text += ", ";
        text.append(quote).append(item).append(quote);
    }
    return text + "]";
}

void require_level(int least, int most, int level) {
    if (level == 0 || (level >= least && level <= most)) return;
    std::vector<std::string> possible;
    for (int each = std::min(0, least); each <= most; ++each) {
        if (each == 0 || each >= least) possible.push_back(std::to_string(each));
    }
    throw Error(ErrorCode::usage, "Non valid compress level given: \"" + std::to_string(level) +
                                      "\". Possible values are " + listed(possible, "") + ".");
}

void require_level(const Codec& codec, int level) { require_level(codec.min_level, codec.max_level, level); }

constexpr std::string_view blosc = "blosc";

bool is_blosc(std::string_view method) {
    return method == blosc || (method.starts_with(blosc) && method.substr(blosc.size()).starts_with(':'));
}

[[noreturn]] void refuse_method(const std::string& name) {
    std::vector<std::string> possible = compressors();
    const std::vector<std::string> inside = detail::blosc_compressors();
    if (!inside.empty()) possible.emplace_back(blosc);
    for (const std::string& each : inside) possible.push_back(std::string(blosc) + ":" + each);
    throw Error(ErrorCode::usage, "Non valid compression method given: \"" + name + "\". Possible values are " +
                                      listed(possible, "'") + ".");
}

std::shared_ptr<const Codec> require_method(const std::string& name) {
    auto codec = detail::codec_named(name);
    if (!codec) refuse_method(name);
    return codec;
}

CodecChoice at_default_level(std::shared_ptr<const Codec> codec) {
    const int level = codec->default_level;
    return {std::move(codec), level};
}

// Level 0 of a named method is no compression; of an extension, its default level.
std::optional<CodecChoice> by_method(const Compress& compress) {
    if (is_blosc(compress.method())) return std::nullopt;
    auto codec = require_method(compress.method());
    if (compress.kind() == Compress::Kind::method) return at_default_level(std::move(codec));
    require_level(*codec, compress.level());
    if (compress.level() == 0) return std::nullopt;
    return CodecChoice{std::move(codec), compress.level()};
}

}  // namespace

std::optional<BloscChoice> choose_blosc(const Compress& compress) {
    constexpr int default_level = 5;
    constexpr int most_level = 9;
    if (!is_blosc(compress.method())) return std::nullopt;
    const std::vector<std::string> known = detail::blosc_compressors();
    if (known.empty())
        throw Error(ErrorCode::unsupported, "asked for the codec blosc, which is not built into this jl");
    std::string compressor = compress.method().substr(std::min(compress.method().size(), blosc.size() + 1));
    if (compressor.empty() && compress.method() == blosc) compressor = "lz4";
    if (std::ranges::find(known, compressor) == known.end()) refuse_method(compress.method());
    const int level = compress.kind() == Compress::Kind::method ? default_level : compress.level();
    require_level(0, most_level, level);
    if (level == 0) return std::nullopt;
    return BloscChoice{std::move(compressor), level};
}

std::optional<CodecChoice> choose(const Compress& compress, std::string_view file_name) {
    using Kind = Compress::Kind;
    if (compress.kind() == Kind::method || compress.kind() == Kind::method_and_level) return by_method(compress);
    auto codec = detail::codec_for_file(file_name);
    const bool is_level = compress.kind() == Kind::level && compress.level() != 0;
    if (!codec && !is_level && compress.kind() != Kind::on) return std::nullopt;
    if (!codec) codec = require_method("zlib");
    if (!is_level) return at_default_level(std::move(codec));
    require_level(*codec, compress.level());
    return CodecChoice{std::move(codec), compress.level()};
}

}  // namespace jl
