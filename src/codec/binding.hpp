// The one binding between coders and streams: choice, detection, buffering, threads, block tables.
//
//     auto choice = choose(compress, "x.pkl.gz");                      // codec and level, or none
//     auto out = encoded(file_sink, *choice, {.n_threads = 2});        // a Sink; out->finish() ends the stream
//     auto in = decoded(file_source, *detect(first_bytes), options);   // a Source of decoded bytes
//
// Memory is bounded by (threads + 2) x 2 x the codec's unit in both directions, and what its library takes a thread
// (docs/codecs.md). Output does not depend on the number of
// threads.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <jl/codec.hpp>
#include <jl/limits.hpp>
#include <jl/sink.hpp>
#include <jl/source.hpp>

namespace jl {

struct CodecChoice {
    std::shared_ptr<const Codec> codec;
    int level = 0;
};

// Resolves joblib's grammar (spec: compress argument wins over the extension; level 0 or false with a method: no
// compression). nullopt: write uncompressed. Error{usage} names the bad level or method and the possible ones;
// {unsupported} names a codec that is known but not built in.
std::optional<CodecChoice> choose(const Compress& compress, std::string_view file_name);

// Blosc packs arrays one by one inside an uncompressed container: compress = "blosc" (Blosc's lz4) or "blosc:NAME",
// level 0 to 9, 5 by default. nullopt: another method, or level 0. Errors as above; choose() gives nullopt for these
// methods.
struct BloscChoice {
    std::string compressor;
    int level = 0;
};
std::optional<BloscChoice> choose_blosc(const Compress& compress);

// The codec whose magic the first bytes carry; null for none (a plain pickle). `beginning` holds up to magic_bytes()
// bytes.
std::shared_ptr<const Codec> detect(std::span<const std::byte> beginning);
std::size_t magic_bytes();
// Whether some codec's magic begins so, which is then not complete; a look at one more byte tells more.
bool may_begin_codec(std::span<const std::byte> beginning);

struct CodingOptions {
    unsigned n_threads = 0;  // 0: the cores available to this process (affinity and cgroup)
    Limits limits = {};      // decoding: ratio
};
unsigned effective_threads(unsigned n_threads);
// Cores by affinity and control group, at least 1.
unsigned available_cores();

// Compresses what is written to it into `to`, which must outlive it. Destruction without finish() abandons the stream.
class EncodedSink : public Sink {
  public:
    virtual void finish() = 0;
};
std::unique_ptr<EncodedSink> encoded(Sink& to, const CodecChoice& choice, const CodingOptions& options);

// The decoded bytes of `from`, which must outlive the result. A stream that ends early is Error{truncated}; a wrong
// checksum Error{checksum}; bytes behind a finished stream that are no further one: Error{format}.
// remaining() of the result is unknown until the end.
std::unique_ptr<Source> decoded(std::unique_ptr<Source> from, const Codec& codec, const CodingOptions& options);
// As above, for input with random access: in parallel where its parts can be found, with a read-ahead
// otherwise.
std::unique_ptr<Source> decoded(const RandomSource& from, const Codec& codec, const CodingOptions& options);

// Random access to the decoded bytes of a stream with a block table (spec: codec framing); null where it has none.
// size() excludes the table's own records. read_at decodes whole blocks straight into the caller's memory, in parallel
// when the range is long, and keeps the last partial block, so that short reads nearby are cheap.
std::unique_ptr<RandomSource> block_source(std::shared_ptr<const RandomSource> from, const Codec& codec,
                                           const CodingOptions& options);

}  // namespace jl
