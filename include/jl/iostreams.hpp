// Boost.Iostreams: every codec as a filter, and filters as a codec. Including this header needs Boost.Iostreams.
//
//     boost::iostreams::filtering_ostream out;
//     out.push(jl::Compressor({"zstd", 9}));
//     out.push(boost::iostreams::file_sink("log.zst", std::ios::binary));
//     out << "text";
//     boost::iostreams::close(out);       // ends the stream; what goes wrong here is thrown
//
//     jl::register_compressor("own", jl::filter_codec({.extension = ".own", .magic = magic}, make_compressor,
//                                                     make_decompressor));
//
// A filter belongs to one chain and one thread; its copies share one stream, as those of Boost's own filters do.
// Failures are jl::Error. Standard streams swallow exceptions unless asked, when the chain is complete:
// in.exceptions(std::ios::badbit); the destructor of a chain swallows them always.
#pragma once

#include <boost/iostreams/pipeline.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <jl/codec.hpp>
#include <jl/detail/boost_filter.hpp>
#include <jl/detail/filter_stream.hpp>
#include <jl/limits.hpp>

namespace jl {

// For input and for output; reading compresses what comes from below. `compress` names a codec and its level in
// joblib's words: "gzip", {"zstd", 9}. Error{usage}: no such codec or level; {unsupported}: it is not built in.
class Compressor final : public detail::CodecFilter {
  public:
    explicit Compressor(const Compress& compress, const CompressorOptions& options = {})
        : CodecFilter(detail::filter_compressor(compress, options)) {}
};
BOOST_IOSTREAMS_PIPABLE(Compressor, 0)

// For input and for output. Takes whatever the codec's files may be, several streams one after the other included; the
// empty name leaves the choice to the stream's first bytes. An end that comes early is Error{truncated}: from the read
// that meets it, or from close().
class Decompressor final : public detail::CodecFilter {
  public:
    explicit Decompressor(const std::string& codec = {}, const Limits& limits = {})
        : CodecFilter(detail::filter_decompressor(codec, limits)) {}
};
BOOST_IOSTREAMS_PIPABLE(Decompressor, 0)

// Who writes the magic by which the codec is found again: the filters, as gzip's do, or this adapter, in front of what
// they write.
enum class MagicFrom : std::uint8_t { filters, adapter };

// A codec of two filters for output or for both directions (not for input alone): `make_compressor(level)` and
// `make_decompressor()` give a fresh one for each stream. `codec` brings extension, magic and levels. A decompressor
// that stops before the end of what it is given has found the end of its stream; others end with the file. What a
// filter throws becomes a jl::Error: {format} from a decompressor, {truncated} when that happens at the end of its
// input, {io} from a compressor. Each filter is made and used by one thread, which need not be the caller's.
template <class MakeCompressor, class MakeDecompressor>
Codec filter_codec(Codec codec, MakeCompressor make_compressor, MakeDecompressor make_decompressor,
                   MagicFrom magic_from = MagicFrom::filters) {
    using Compressing = decltype(make_compressor(codec.default_level));
    using Decompressing = decltype(make_decompressor());
    const auto added = magic_from == MagicFrom::adapter ? codec.magic : std::vector<std::byte>{};
    codec.encoder = [make_compressor, added](int level) -> std::unique_ptr<Encoder> {
        return std::make_unique<detail::FilterEncoder<Compressing>>(make_compressor(level), added);
    };
    codec.decoder = [make_decompressor, added]() -> std::unique_ptr<Decoder> {
        return std::make_unique<detail::FilterDecoder<Decompressing>>(make_decompressor(), added.size());
    };
    return codec;
}

}  // namespace jl
