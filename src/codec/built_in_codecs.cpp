#include "codec/built_in_codecs.hpp"

#include <algorithm>
#include <vector>

#include <jl/sink.hpp>

#include "codec/block_encoder.hpp"
#include "codec/bz2_codec.hpp"
#include "codec/deflate_codec.hpp"
#include "codec/lz4_codec.hpp"
#include "codec/lzma_codec.hpp"
#include "codec/xz_codec.hpp"
#include "codec/zstd_codec.hpp"

namespace jl::detail {
namespace {

// The block encoder as an Encoder: what it puts out waits here until it is fetched.
class BlockEncoder final : public Encoder {
  public:
    BlockEncoder(const BlockFraming& framing, int level, unsigned n_threads, TableUse table)
        : sink_(waiting_, framing, level, n_threads, table) {}

    CoderStep encode(std::span<const std::byte> in, std::span<std::byte> out, Input input) override {
        const std::size_t consumed = fetched_ == pending_.size() ? give(in, input) : 0;
        const std::size_t produced = std::min(out.size(), pending_.size() - fetched_);
        std::copy_n(pending_.begin() + static_cast<std::ptrdiff_t>(fetched_), produced, out.begin());
        fetched_ += produced;
        return {consumed, produced, ended_ && fetched_ == pending_.size()};
    }

  private:
    std::size_t give(std::span<const std::byte> in, Input input) {
        const std::size_t count = std::min(in.size(), std::size_t{1} << 20);
        if (!ended_) sink_.write(in.first(count));
        if (!ended_ && input == Input::last && count == in.size()) {
            sink_.finish();
            ended_ = true;
        }
        pending_ = waiting_.take();
        fetched_ = 0;
        return count;
    }

    MemorySink waiting_;
    BlockEncodedSink sink_;
    std::vector<std::byte> pending_;
    std::size_t fetched_ = 0;
    bool ended_ = false;
};

}  // namespace

std::span<const BuiltInCodec> built_in_codecs() {
    static const std::vector<BuiltInCodec> codecs{
        zlib_codec(), gzip_codec(),
#ifdef JL_HAS_BZIP2
        bz2_codec(),
#endif
#ifdef JL_HAS_LZMA
        lzma_codec(), xz_codec(),
#endif
#ifdef JL_HAS_LZ4
        lz4_codec(),
#endif
#ifdef JL_HAS_ZSTD
        zstd_codec(),
#endif
    };
    return codecs;
}

const BlockFraming* block_framing_of(const Codec& codec) {
    const auto found =
        std::ranges::find_if(built_in_codecs(), [&](const BuiltInCodec& each) { return each.codec.get() == &codec; });
    return found != built_in_codecs().end() ? found->framing : nullptr;
}

std::unique_ptr<Encoder> block_encoder(const BlockFraming& framing, int level, unsigned n_threads, TableUse table) {
    return std::make_unique<BlockEncoder>(framing, level, n_threads, table);
}

}  // namespace jl::detail
