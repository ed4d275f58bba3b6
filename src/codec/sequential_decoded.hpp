// Decoded bytes of a source that is read in order, on the caller's thread or with a thread that decodes ahead.
//
//     auto decoded = decoded_ahead(std::move(from), MemberDecoder(codec, ratio));
//
// The source is read by the caller's thread only, so the decoding thread never waits for anything but the caller, and
// destruction is prompt whatever the source does. After a failure every read() fails in the same way.
#pragma once

#include <memory>

#include <jl/source.hpp>

#include "codec/member_decoder.hpp"

namespace jl::detail {

std::unique_ptr<Source> decoded_directly(std::unique_ptr<Source> from, MemberDecoder decoder);
std::unique_ptr<Source> decoded_ahead(std::unique_ptr<Source> from, MemberDecoder decoder);

}  // namespace jl::detail
