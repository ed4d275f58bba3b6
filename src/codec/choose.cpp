#include <string>

#include <jl/error.hpp>

#include "codec/binding.hpp"
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

void require_level(const Codec& codec, int level) {
    if (level == 0 || (level >= codec.min_level && level <= codec.max_level)) return;
    std::vector<std::string> possible;
    for (int each = std::min(0, codec.min_level); each <= codec.max_level; ++each) {
        if (each == 0 || each >= codec.min_level) possible.push_back(std::to_string(each));
    }
    throw Error(ErrorCode::usage, "Non valid compress level given: \"" + std::to_string(level) +
                                      "\". Possible values are " + listed(possible, "") + ".");
}

std::shared_ptr<const Codec> require_method(const std::string& name) {
    auto codec = detail::codec_named(name);
    if (codec) return codec;
    throw Error(ErrorCode::usage, "Non valid compression method given: \"" + name + "\". Possible values are " +
                                      listed(compressors(), "'") + ".");
}

CodecChoice at_default_level(std::shared_ptr<const Codec> codec) {
    const int level = codec->default_level;
    return {std::move(codec), level};
}

// Level 0 of a named method is no compression; of an extension, its default level.
std::optional<CodecChoice> by_method(const Compress& compress) {
    auto codec = require_method(compress.method());
    if (compress.kind() == Compress::Kind::method) return at_default_level(std::move(codec));
    require_level(*codec, compress.level());
    if (compress.level() == 0) return std::nullopt;
    return CodecChoice{std::move(codec), compress.level()};
}

}  // namespace

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
