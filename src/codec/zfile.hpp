// The framing in which joblib before 0.10 compressed: "ZF", the decoded length in hexadecimal, one zlib stream.
//
//     ZF0x1b                 <zlib>      19 characters for the length, a 20th in files of Python 2
//
// Only read, never written: not in the table that dump consults, but found by detect().
#pragma once

#include <memory>
#include <span>

#include <jl/codec.hpp>

namespace jl::detail {

bool begins_zfile(std::span<const std::byte> beginning) noexcept;

// Its decoder compares the decoded length with the header's claim; its name is "zlib", as people are told. No encoder.
std::shared_ptr<const Codec> zfile_codec();

}  // namespace jl::detail
