// One object in order from an input: what loads from streams, from pipes and of whole files share.
//
//     load_forward(reading, in, believed_from_streams, place);     // `in` then stands right behind the object
#pragma once

#include <jl/load.hpp>

#include "codec/binding.hpp"
#include "graph/builder.hpp"
#include "graph/companions.hpp"
#include "persist/trailer.hpp"

namespace jl::detail {

// What a load is asked for, and the files beside the one it reads; null for streams and memory.
struct Place {
    const LoadOptions& options;
    Companions* companions = nullptr;
};

// What an object was, apart from its value.
struct Loaded {
    bool is_container = false;  // of jl
    bool has_trailer = false;
};

// Runs the machine over one object and checks what the whole graph may cost.
Cell parse_checked(Input& in, Document& document, PayloadLoader& loader, const Place& place);
void require_depth(const Cell& root, const Limits& limits);
void convert(const Reading& reading, std::shared_ptr<Document> document, const Cell& root, const LoadOptions& options);

// Whether bytes behind the object belong to others, which must not be waited for.
enum class Following : std::uint8_t { nothing, others };
std::optional<Version> begins_container(Input& in, Following following);

// `believed`: payloads of up to this many bytes get their memory before the bytes arrive.
Loaded load_forward(const Reading& reading, Input& in, std::uint64_t believed, const Place& place,
                    Following following = Following::nothing);

void refuse_map(const LoadOptions& options, const std::string& reason);

// The codec that begins here; no byte is looked at that may belong to what follows the shortest pickle.
std::shared_ptr<const Codec> codec_at(Input& in);

// One object, compressed or not, with all that belongs to it: `in` then stands right behind.
void load_object(const Reading& reading, Input& in, const LoadOptions& options);

}  // namespace jl::detail
