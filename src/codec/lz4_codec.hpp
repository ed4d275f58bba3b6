// The built-in codec lz4: independent frames with checksums, and a seek table in a skippable frame (spec: codecs).
#pragma once

#include "codec/built_in_codecs.hpp"

namespace jl::detail {

BuiltInCodec lz4_codec();

}  // namespace jl::detail
