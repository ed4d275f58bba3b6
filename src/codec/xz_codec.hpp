// The built-in codec xz: one stream of independent blocks, and its index (spec: codecs).
#pragma once

#include "codec/built_in_codecs.hpp"

namespace jl::detail {

BuiltInCodec xz_codec();

}  // namespace jl::detail
