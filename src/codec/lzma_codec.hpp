// The built-in codec lzma: one stream, coded in one piece (spec: codecs).
#pragma once

#include "codec/built_in_codecs.hpp"

namespace jl::detail {

BuiltInCodec lzma_codec();

}  // namespace jl::detail
