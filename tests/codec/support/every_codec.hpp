// The codecs of this build as the parameter of a suite: what holds for one has to hold for all.
//
//     class Contract : public test::EveryCodec {};
//     INSTANTIATE_TEST_SUITE_P(, Contract, test::every_codec(), test::codec_name);
#pragma once

#include <algorithm>
#include <gtest/gtest.h>

#include "codec/built_in_codecs.hpp"
#include "codec/support/samples.hpp"

namespace jl::test {

// Arrays whose parts repeat: quick for the slow codecs, too.
inline Bytes repeating(std::size_t count) {
    const Bytes part = image_like(100'000);
    Bytes bytes(count);
    for (std::size_t at = 0; at < count; at += part.size()) {
        std::copy_n(part.begin(), std::min(part.size(), count - at), bytes.begin() + static_cast<std::ptrdiff_t>(at));
    }
    return bytes;
}

class EveryCodec : public testing::TestWithParam<detail::BuiltInCodec> {
  protected:
    const Codec& codec() const { return *GetParam().codec; }
    const detail::BlockFraming* framing() const { return GetParam().framing; }
    // The quickest level, with the smallest units.
    CodecChoice quick() const { return {GetParam().codec, std::max(1, codec().min_level)}; }
    CodecChoice usual() const { return {GetParam().codec, codec().default_level}; }
    std::size_t unit_bytes() const { return framing() != nullptr ? framing()->unit_bytes(quick().level) : unit; }
    // Of some length, quick for this codec.
    Bytes sample(std::size_t count) const { return is("bz2") ? image_like(count) : repeating(count); }
    bool is(std::string_view name) const { return codec().name == name; }
    bool has_blocks() const { return framing() != nullptr; }
    // One stream or member; the others write several, and a file cut between two is a shorter file of the format.
    bool is_one_stream() const { return is("zlib") || is("gzip") || is("xz") || is("lzma"); }
    // Decoded bytes behind the content.
    std::size_t records(std::size_t content) const {
        if (!is("zlib") && !is("gzip") && !is("bz2")) return 0;
        const std::size_t units = (content + unit_bytes() - 1) / unit_bytes();
        return units * 4 + 10 + 59;
    }
};

inline auto every_codec() {
    const auto all = detail::built_in_codecs();
    return testing::ValuesIn(all.begin(), all.end());
}

inline std::string codec_name(const testing::TestParamInfo<detail::BuiltInCodec>& info) {
    return info.param.codec->name;
}

}  // namespace jl::test

namespace jl::detail {

inline void PrintTo(const BuiltInCodec& codec, std::ostream* out) { *out << codec.codec->name; }

}  // namespace jl::detail
