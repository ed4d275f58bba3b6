#include "persist/load_forward.hpp"

#include "codec/decoded_objects.hpp"
#include "graph/loading.hpp"
#include "graph/value_access.hpp"
#include "persist/parse.hpp"
#include "persist/payloads.hpp"
#include "persist/stream_trailer.hpp"
#include "pickle/opcodes.hpp"

namespace jl::detail {

namespace {

LoadingOptions loading_options(const LoadOptions& options) {
    return {.refuse_unknown_fields = options.unknown_fields == UnknownFields::refuse,
            .items = options.limits.items,
            .depth = options.limits.depth,
            .leave_deferred = options.mmap_mode && options.mmap_fallback == Fallback::on_demand};
}

}  // namespace

void require_depth(const Cell& root, const Limits& limits) {
    if (limits.depth != Limits::none && depth_of(root, limits.depth + 1) > limits.depth)
        throw Error(ErrorCode::limit,
                    "values are nested more than " + std::to_string(limits.depth) + " deep (limit: depth)");
}

Cell parse_checked(Input& in, Document& document, PayloadLoader& loader, const Place& place) {
    const Cell root = parse_object(in, document, loader, place.companions);
    require_depth(root, place.options.limits);
    return root;
}

void convert(const Reading& reading, std::shared_ptr<Document> document, const Cell& root, const LoadOptions& options) {
    LoadingState state(std::move(document), root, loading_options(options));
    reading.read(Record(state, root));
}

// No more bytes are looked at than the shortest pickle has, where others follow.
std::optional<Version> begins_container(Input& in, Following following) {
    if (following == Following::nothing && in.lookahead() == Input::Lookahead::free)
        return parse_preamble(in.peek(preamble_bytes));
    constexpr std::size_t shortest_pickle = 4;  // of protocol 2 and later
    const std::span<const std::byte> first = in.peek(2);
    if (first.size() < 2 || first[0] != std::byte{op::proto}) return std::nullopt;
    const std::span<const std::byte> head = in.peek(shortest_pickle);
    const bool possible = head.size() == shortest_pickle && head[2] == std::byte{op::short_binbytes};
    return possible ? parse_preamble(in.peek(preamble_bytes)) : std::nullopt;
}

Loaded load_forward(const Reading& reading, Input& in, std::uint64_t believed, const Place& place,
                    Following following) {
    const LoadOptions& options = place.options;
    ArrayPlaces places;
    reading.places(places);
    auto document = std::make_shared<Document>(options.limits);
    StreamLoader loader(*document, places, believed, options.progress);
    const std::uint64_t begin = in.position();
    const auto version = begins_container(in, following);
    if (version) in.start_checksum();
    const Cell root = parse_checked(in, *document, loader, place);
    Loaded loaded{version.has_value()};
    if (version)
        loaded.has_trailer = read_trailer(in, begin, *version, {loader.arrays(), loader.checksums()}, options.limits);
    convert(reading, std::move(document), root, options);
    if (options.progress) options.progress({in.position(), in.position(), true});
    return loaded;
}

void refuse_map(const LoadOptions& options, const std::string& reason) {
    if (options.mmap_mode && options.mmap_fallback == Fallback::error)
        throw Error(ErrorCode::unsupported,
                    reason + " cannot be mapped; load it without mmap_mode, or set mmap_fallback to Fallback::load");
}

// PROTO begins no codec; other first bytes are followed as long as a codec may begin with them.
std::shared_ptr<const Codec> codec_at(Input& in) {
    const std::size_t most = magic_bytes();
    std::span<const std::byte> first = in.peek(1);
    while (!first.empty() && first.size() < most && may_begin_codec(first)) {
        const std::size_t known = first.size();
        first = in.peek(known + 1);
        if (first.size() == known) break;
    }
    return detect(first);
}

void load_object(const Reading& reading, Input& in, const LoadOptions& options) {
    const auto codec = codec_at(in);
    if (in.peek(1).empty()) throw Error(ErrorCode::truncated, "the stream is at its end: there is no object");
    if (!codec) {
        load_forward(reading, in, believed_from_streams, {options}, Following::others);
        return;
    }
    in.look_ahead_freely();
    DecodedObjects objects(in, codec, options.limits.ratio);
    Input content(objects);
    const Loaded loaded = load_forward(reading, content, believed_from_streams, {options}, Following::others);
    objects.finish_stream();
    if (loaded.is_container) objects.pass_table();
}

}  // namespace jl::detail
