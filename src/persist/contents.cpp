#include <jl/contents.hpp>

#include "codec/decoded_objects.hpp"
#include "codec/zfile.hpp"
#include "io/part.hpp"
#include "persist/objects.hpp"
#include "persist/opened.hpp"
#include "persist/parse.hpp"
#include "persist/pass_object.hpp"
#include "persist/payloads.hpp"

namespace jl {

namespace {

using detail::Loaded;
using detail::Objects;

constexpr std::size_t piece_bytes = std::size_t{1} << 20;

Contents objects_of(const RandomSource& file, const Limits& limits) {
    Contents contents;
    Objects objects(Input(file, 0, file.size()), limits.ratio);
    try {
        std::string format;
        while (objects.next([&](Input& in) {
            PassedObject passed = pass_object(in, limits);
            format = std::move(passed.format);
            return passed.loaded;
        }))
            contents.objects.push_back({objects.number(), objects.offset(), objects.begin(), objects.nbytes(), format,
                                        objects.codec() ? objects.codec()->name : "none"});
    } catch (const Error& error) {
        std::vector<ObjectInfo>& known = contents.objects;
        while (!known.empty() && known.back().codec != "none" && known.back().offset == objects.offset())
            known.pop_back();
        if (!known.empty() && detail::begins_nothing(file, objects.offset())) return contents;
        contents.torn = error;
    }
    return contents;
}

Contents contents_of_file(const std::string& name, const InspectOptions& options) {
    const OpenedBytes opened = open_bytes(name);
    const std::uint64_t size = opened.bytes->size();
    if (size == 0) return {{}, Error(ErrorCode::truncated, "the file is empty")};
    const bool is_zfile = opened.codec == detail::zfile_codec();
    if (is_zfile || (!opened.codec && is_archive(*opened.bytes)))
        return {{{.nbytes = size, .format = is_zfile ? "joblib-0.9" : "npz", .codec = is_zfile ? "zlib" : "none"}}};
    if (!opened.codec)
        if (const FileInfo info = inspect(name, options); info.format == "joblib-0.9")
            return {{{.nbytes = size, .format = info.format, .codec = info.codec}}};
    return objects_of(*opened.bytes, options.limits);
}

// The decoded bytes of one object, at their first one.
class Decoded {
  public:
    Decoded(const RandomSource& file, std::shared_ptr<const Codec> codec, const ObjectInfo& object, double ratio)
        : in_(file, object.offset, file.size()), objects_(in_, std::move(codec), ratio), content_(objects_) {
        content_.skip(object.begin);
    }
    Input& content() noexcept { return content_; }
    // What is left of its stream.
    void finish() {
        objects_.stay_in_stream();
        while (!content_.peek(1).empty()) content_.skip(content_.at_hand().size());
        objects_.finish_stream();
    }

  private:
    Input in_;
    DecodedObjects objects_;
    Input content_;
};

// Error{usage} where the file is not what the list was made of.
struct Found {
    std::shared_ptr<const RandomSource> file;
    std::shared_ptr<const Codec> codec;
};

Found find_object(const std::string& name, const ObjectInfo& object) {
    Found found{open_bytes(name).bytes, nullptr};
    detail::require_range(object.offset, 1, found.file->size());
    Input in(*found.file, object.offset, found.file->size());
    found.codec = detail::codec_at(in);
    const std::string codec = found.codec ? found.codec->name : "none";
    if (codec != object.codec)
        throw Error(ErrorCode::usage, "object " + std::to_string(object.number) + " was listed with the codec " +
                                          object.codec + ", at its place is " + codec)
            .at_byte(object.offset);
    return found;
}

std::shared_ptr<const RandomSource> part_of(const Found& found, const ObjectInfo& object) {
    return std::make_shared<Part>(found.file, object.offset, object.nbytes);
}

}  // namespace

Contents contents_of(const std::filesystem::path& path, const InspectOptions& options) {
    const std::string name = path.string();
    Contents contents = in_file(name, [&] { return contents_of_file(name, options); });
    if (contents.torn) contents.torn->in_file(shown_url(name));
    return contents;
}

void decode(const std::filesystem::path& path, const ObjectInfo& object, Sink& to, const DecodeOptions& options) {
    const std::string name = path.string();
    in_file(name, [&] {
        const Found found = find_object(name, object);
        std::optional<Decoded> decoded;
        if (found.codec) decoded.emplace(*found.file, found.codec, object, options.limits.ratio);
        Input plain(*found.file, object.offset, found.file->size());
        Input& in = decoded ? decoded->content() : plain;
        std::vector<std::byte> piece(piece_bytes);
        for (std::uint64_t done = 0; done < object.nbytes;) {
            const auto part = std::span(piece).first(
                static_cast<std::size_t>(std::min<std::uint64_t>(piece_bytes, object.nbytes - done)));
            in.read(part);
            to.write(part);
            done += part.size();
            if (options.progress) options.progress({done, object.nbytes, false});
        }
        if (decoded) decoded->finish();
        if (options.progress) options.progress({object.nbytes, object.nbytes, true});
    });
}

namespace detail {

void load_object(const Reading& reading, const std::filesystem::path& path, const ObjectInfo& object,
                 const LoadOptions& options) {
    const std::string name = path.string();
    in_file(name, [&] {
        const Found found = find_object(name, object);
        if (!found.codec) return load_from_random(reading, part_of(found, object), options);
        refuse_map(options, "a compressed object");
        Decoded decoded(*found.file, found.codec, object, options.limits.ratio);
        const Loaded loaded =
            load_forward(reading, decoded.content(), believed_from_streams, {options}, Following::others);
        if (loaded.is_container && !loaded.has_trailer)
            throw Error(ErrorCode::truncated, "the container's trailer is missing");
        decoded.finish();
    });
}

}  // namespace detail

}  // namespace jl
