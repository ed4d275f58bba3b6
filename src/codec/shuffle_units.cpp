#include "codec/packed_units.hpp"
#include "codec/shuffle.hpp"

namespace jl::detail {
namespace {

class Shuffler final : public UnitEncoder {
  public:
    explicit Shuffler(ShuffledBlocks blocks) noexcept : blocks_(blocks) {}
    std::size_t encode(std::span<const std::byte> unit, std::span<std::byte> out) override {
        const std::size_t size = blocks_.item * blocks_.block;
        shuffle(unit, blocks_.item, out.first(size), blocks_.block);
        return size;
    }

  private:
    ShuffledBlocks blocks_;
};

class Unshuffler final : public UnitDecoder {
  public:
    explicit Unshuffler(ShuffledBlocks blocks) noexcept : blocks_(blocks) {}
    void decode(std::span<std::byte> unit, std::span<std::byte> out) override {
        if (unit.size() != blocks_.item * blocks_.block + spare_bytes) fail_unit();
        unshuffle(unit, blocks_.block, blocks_.item, out);
    }

  private:
    ShuffledBlocks blocks_;
};

class ShuffleFraming final : public BlockFraming {
  public:
    explicit ShuffleFraming(ShuffledBlocks blocks) noexcept : blocks_(blocks) {}
    std::size_t unit_bytes(int /*level*/) const override { return blocks_.item * blocks_.block; }
    std::size_t most_encoded(std::size_t /*unit*/) const override { return blocks_.item * blocks_.block; }
    std::unique_ptr<UnitEncoder> unit_encoder(int /*level*/) const override {
        return std::make_unique<Shuffler>(blocks_);
    }
    std::vector<std::byte> ending(const WrittenUnits& /*units*/) const override { return {}; }
    std::unique_ptr<UnitStream> find(const RandomSource& /*source*/, double /*ratio*/) const override {
        return nullptr;
    }

  private:
    ShuffledBlocks blocks_;
};

}  // namespace

std::unique_ptr<BlockFraming> shuffle_framing(ShuffledBlocks blocks) {
    return std::make_unique<ShuffleFraming>(blocks);
}

std::unique_ptr<UnitDecoder> unshuffler(ShuffledBlocks blocks) { return std::make_unique<Unshuffler>(blocks); }

}  // namespace jl::detail
