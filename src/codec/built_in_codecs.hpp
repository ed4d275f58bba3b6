// The codecs of this build, in joblib's order.
//
//     for (const BuiltInCodec& each : built_in_codecs()) …
//
// One object per codec lives as long as the program; a user's codec of the same name is another object.
#pragma once

#include <memory>
#include <span>

#include <jl/codec.hpp>

#include "codec/block_framing.hpp"

namespace jl::detail {

struct BuiltInCodec {
    std::shared_ptr<const Codec> codec;
    const BlockFraming* framing = nullptr;  // null: coded in one piece
};

std::span<const BuiltInCodec> built_in_codecs();
// Null: a codec that is coded in one piece, or a user's.
const BlockFraming* block_framing_of(const Codec& codec);

// The codec's encoder where its streams are cut in units: the same bytes as the binding writes.
std::unique_ptr<Encoder> block_encoder(const BlockFraming& framing, int level, unsigned n_threads = 1,
                                       TableUse table = TableUse::written);

}  // namespace jl::detail
