// The built-in codec bz2: one stream per unit, and two small ones that hold the block table (spec: codecs).
#pragma once

#include "codec/built_in_codecs.hpp"

namespace jl::detail {

BuiltInCodec bz2_codec();

}  // namespace jl::detail
