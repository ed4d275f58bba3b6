#include "codec/deflate_codec.hpp"

#include <algorithm>

#include <jl/sink.hpp>

#include "codec/block_encoder.hpp"
#include "codec/deflate_decoder.hpp"

namespace jl::detail {
namespace {

// The block encoder as an Encoder: what it puts out waits here until it is fetched.
class DeflateEncoder final : public Encoder {
  public:
    DeflateEncoder(Framing framing, int level) : sink_(waiting_, framing, level, 1) {}

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

std::shared_ptr<const Codec> make_codec(Framing framing, const char* extension, std::vector<std::byte> magic) {
    return std::make_shared<const Codec>(Codec{
        .name = std::string(name_of(framing)),
        .extension = extension,
        .magic = std::move(magic),
        .default_level = 3,
        .min_level = 1,
        .max_level = 9,
        .encoder = [framing](int level) { return std::make_unique<DeflateEncoder>(framing, level); },
        .decoder = [framing] { return std::make_unique<DeflateDecoder>(framing); },
    });
}

}  // namespace

std::shared_ptr<const Codec> zlib_codec() {
    static const std::shared_ptr<const Codec> codec = make_codec(Framing::zlib, ".z", {std::byte{0x78}});
    return codec;
}

std::shared_ptr<const Codec> gzip_codec() {
    static const std::shared_ptr<const Codec> codec =
        make_codec(Framing::gzip, ".gz", {std::byte{0x1F}, std::byte{0x8B}});
    return codec;
}

std::optional<Framing> framing_of(const Codec& codec) {
    if (&codec == zlib_codec().get()) return Framing::zlib;
    if (&codec == gzip_codec().get()) return Framing::gzip;
    return std::nullopt;
}

}  // namespace jl::detail
