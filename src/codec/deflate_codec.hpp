// The built-in codecs zlib and gzip, and how the binding knows that it may cut their streams in units.
#pragma once

#include <memory>
#include <optional>

#include <jl/codec.hpp>

#include "codec/deflate_framing.hpp"

namespace jl::detail {

std::shared_ptr<const Codec> zlib_codec();
std::shared_ptr<const Codec> gzip_codec();

// nullopt: not one of the two objects above (a user's codec of the same name is not).
std::optional<Framing> framing_of(const Codec& codec);

}  // namespace jl::detail
