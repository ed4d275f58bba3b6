#include "codec/registry.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <mutex>
#include <shared_mutex>

#include <jl/error.hpp>

#include "codec/binding.hpp"
#include "codec/built_in_codecs.hpp"
#include "codec/zfile.hpp"

namespace jl {
namespace detail {
namespace {

using CodecPointer = std::shared_ptr<const Codec>;
using namespace std::string_view_literals;

// With their names, a codec that this build lacks is asked for or found.
constexpr std::array known_codecs{
    KnownCodec{"bz2", ".bz2", "BZ"sv},
    KnownCodec{"lzma", ".lzma", "\x5D\x00"sv},
    KnownCodec{"xz", ".xz", "\xFD\x37\x7A\x58\x5A\x00"sv},
    KnownCodec{"lz4", ".lz4", "\x04\x22\x4D\x18"sv},
    KnownCodec{"zstd", ".zst", "\x28\xB5\x2F\xFD"sv},
};

struct Table {
    std::shared_mutex mutex;
    std::vector<CodecPointer> codecs;  // in order of registration

    Table() {
        for (const BuiltInCodec& each : built_in_codecs()) codecs.push_back(each.codec);
    }
};

Table& table() {
    static Table the_table;
    return the_table;
}

// The last one registered wins, as in joblib.
CodecPointer find_last(const std::function<bool(const Codec&)>& fits) {
    Table& all = table();
    const std::shared_lock lock(all.mutex);
    const auto found =
        std::find_if(all.codecs.rbegin(), all.codecs.rend(), [&](const auto& codec) { return fits(*codec); });
    return found != all.codecs.rend() ? *found : nullptr;
}

void refuse_known(const std::function<bool(const KnownCodec&)>& fits, const std::string& who) {
    const auto found = std::ranges::find_if(known_codecs, fits);
    if (found == known_codecs.end()) return;
    throw Error(ErrorCode::unsupported,
                who + " the codec " + std::string(found->name) + ", which is not built into this jl");
}

bool begins_with(std::span<const std::byte> bytes, std::span<const std::byte> beginning) {
    return bytes.size() >= beginning.size() && std::ranges::equal(bytes.first(beginning.size()), beginning);
}

std::span<const std::byte> magic_of(const KnownCodec& known) { return std::as_bytes(std::span(known.magic)); }

[[noreturn]] void refuse(const std::string& name, const std::string& why) {
    throw Error(ErrorCode::usage, "Compressor '" + name + "' " + why);
}

void require_complete(const Codec& codec) {
    constexpr std::byte pickle_begins{0x80};
    if (codec.name == "blosc") refuse(codec.name, "already registered.");
    if (codec.name.empty()) refuse("", "needs a name.");
    if (codec.extension.empty()) refuse(codec.name, "needs a file extension: an empty one would match every file.");
    if (codec.magic.empty()) refuse(codec.name, "needs a magic: an empty one would match every file.");
    if (codec.magic.front() == pickle_begins) refuse(codec.name, "has a magic that begins as uncompressed files do.");
    if (!codec.encoder || !codec.decoder) refuse(codec.name, "needs an encoder and a decoder.");
    if (codec.min_level > codec.max_level || codec.default_level < codec.min_level ||
        codec.default_level > codec.max_level) {
        refuse(codec.name, "has a default level outside of its levels.");
    }
}

void require_free(const Codec& codec, std::span<const CodecPointer> taken) {
    for (const CodecPointer& other : taken) {
        if (other->name == codec.name) refuse(codec.name, "already registered.");
        const std::string owner = " of compressor '" + other->name + "'.";
        if (other->extension == codec.extension) refuse(codec.name, "has the extension" + owner);
        if (begins_with(other->magic, codec.magic) || begins_with(codec.magic, other->magic)) {
            refuse(codec.name, "has a magic that cannot be told from that" + owner);
        }
    }
}

}  // namespace

CodecPointer codec_named(std::string_view name) {
    CodecPointer codec = find_last([&](const Codec& each) { return each.name == name; });
    if (!codec) refuse_known([&](const KnownCodec& each) { return each.name == name; }, "asked for");
    return codec;
}

CodecPointer codec_for_file(std::string_view file_name) {
    CodecPointer codec = find_last([&](const Codec& each) { return file_name.ends_with(each.extension); });
    if (!codec) {
        refuse_known([&](const KnownCodec& each) { return file_name.ends_with(each.extension); },
                     "the file's extension stands for");
    }
    return codec;
}

}  // namespace detail

void register_compressor(const std::string& name, Codec codec, Replace replace) {
    codec.name = name;
    detail::require_complete(codec);
    detail::Table& all = detail::table();
    const std::unique_lock lock(all.mutex);
    if (replace == Replace::no) detail::require_free(codec, all.codecs);
    const auto same = std::ranges::find_if(all.codecs, [&](const auto& other) { return other->name == name; });
    auto entry = std::make_shared<const Codec>(std::move(codec));
    if (same == all.codecs.end()) {
        all.codecs.push_back(std::move(entry));
    } else {
        *same = std::move(entry);
    }
}

std::vector<std::string> compressors() {
    detail::Table& all = detail::table();
    const std::shared_lock lock(all.mutex);
    std::vector<std::string> names;
    for (const auto& codec : all.codecs) names.push_back(codec->name);
    return names;
}

namespace {

// The magic of zlib is one byte, a letter: 'x'. Its header has a check of its own in the next one.
bool is_text(std::span<const std::byte> beginning, const Codec& codec) {
    if (codec.name != "zlib" || codec.magic.size() != 1 || beginning.size() < 2) return false;
    return (std::to_integer<unsigned>(beginning[0]) << 8 | std::to_integer<unsigned>(beginning[1])) % 31 != 0;
}

}  // namespace

std::shared_ptr<const Codec> detect(std::span<const std::byte> beginning) {
    auto codec = detail::find_last(
        [&](const Codec& each) { return detail::begins_with(beginning, each.magic) && !is_text(beginning, each); });
    if (!codec && detail::begins_zfile(beginning)) return detail::zfile_codec();
    if (!codec) {
        detail::refuse_known([&](const auto& each) { return detail::begins_with(beginning, detail::magic_of(each)); },
                             "compressed with");
    }
    return codec;
}

bool may_begin_codec(std::span<const std::byte> beginning) {
    const auto continues = [&](std::span<const std::byte> magic) {
        return magic.size() > beginning.size() && detail::begins_with(magic, beginning);
    };
    if (continues(detail::zfile_codec()->magic)) return true;
    if (std::ranges::any_of(detail::known_codecs, [&](const auto& each) { return continues(detail::magic_of(each)); }))
        return true;
    return detail::find_last([&](const Codec& each) { return continues(each.magic); }) != nullptr;
}

std::size_t magic_bytes() {
    std::size_t most = 0;
    for (const auto& known : detail::known_codecs) most = std::max(most, known.magic.size());
    detail::Table& all = detail::table();
    const std::shared_lock lock(all.mutex);
    for (const auto& codec : all.codecs) most = std::max(most, codec->magic.size());
    return most;
}

}  // namespace jl
