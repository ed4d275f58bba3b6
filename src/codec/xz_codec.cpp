#ifdef JL_HAS_LZMA

#include "codec/xz_codec.hpp"

#include <algorithm>
#include <array>
#include <new>

#include "codec/xz_index.hpp"
#include "codec/xz_kernel.hpp"

namespace jl::detail {
namespace {

constexpr std::size_t mebi = std::size_t{1} << 20;

class XzUnitEncoder final : public UnitEncoder {
  public:
    explicit XzUnitEncoder(int level) noexcept : level_(level) {}
    std::size_t encode(std::span<const std::byte> unit, std::span<std::byte> out) override {
        return xz_encode_block(unit, out, level_);
    }

  private:
    int level_;
};

class XzBlocks final : public BlockFraming {
  public:
    // A block begins with an empty dictionary: three times the dictionary, as of xz -T, keeps that loss below 2 %.
    std::size_t unit_bytes(int level) const override {
        return std::clamp(3 * dictionary_bytes(level), 12 * mebi, 64 * mebi);
    }
    std::size_t most_encoded(std::size_t unit) const override { return xz_most_encoded(unit); }
    std::unique_ptr<UnitEncoder> unit_encoder(int level) const override {
        return std::make_unique<XzUnitEncoder>(level);
    }
    std::size_t padded(std::size_t encoded) const override { return (encoded + 3) / 4 * 4; }
    std::vector<std::byte> beginning(int /*level*/) const override { return xz_stream_header(); }
    std::vector<std::byte> ending(const WrittenUnits& units) const override {
        return xz_index_and_footer(units.sizes, unit_bytes(units.level), units.decoded);
    }
    std::unique_ptr<UnitStream> find(const RandomSource& source, double /*ratio*/) const override {
        return find_xz_blocks(source);
    }
};

const XzBlocks& framing() {
    static const XzBlocks framing;
    return framing;
}

}  // namespace

BuiltInCodec xz_codec() {
    static const BuiltInCodec codec{
        std::make_shared<const Codec>(Codec{
            .name = "xz",
            .extension = ".xz",
            .magic = {std::byte{0xFD}, std::byte{'7'}, std::byte{'z'}, std::byte{'X'}, std::byte{'Z'}, std::byte{0}},
            .default_level = 6,
            .min_level = 1,
            .max_level = 9,
            .encoder = [](int level) { return block_encoder(framing(), level); },
            .decoder = [] { return std::make_unique<LzmaDecoder>(LzmaFormat::xz); },
        }),
        &framing()};
    return codec;
}

}  // namespace jl::detail

#endif
