// The built-in codecs zlib and gzip: one stream or member, in units of 1 MiB (spec: codecs, deflate framing).
#pragma once

#include "codec/built_in_codecs.hpp"

namespace jl::detail {

BuiltInCodec zlib_codec();
BuiltInCodec gzip_codec();

}  // namespace jl::detail
