// The built-in codec zstd: independent frames with checksums, and a seek table (spec: codecs).
#pragma once

#include "codec/built_in_codecs.hpp"

namespace jl::detail {

BuiltInCodec zstd_codec();

}  // namespace jl::detail
