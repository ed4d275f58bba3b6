// Streams of independent frames with a seek table behind them: zstd and lz4.
//
//     static const FrameFraming framing({.unit_bytes = …, .most_encoded = …, .unit_encoder = …, .unit_decoder = …});
//
// Everything but the frames themselves is the same for both; a kernel makes and reads one frame.
#pragma once

#include "codec/block_framing.hpp"
#include "codec/frame_walk.hpp"

namespace jl::detail {

struct FrameKernel {
    std::size_t (*unit_bytes)(int level);
    std::size_t (*most_encoded)(std::size_t unit);
    std::unique_ptr<UnitEncoder> (*unit_encoder)(int level);
    std::unique_ptr<UnitDecoder> (*unit_decoder)();
    FrameAt frame_at;
};

class FrameFraming final : public BlockFraming {
  public:
    explicit FrameFraming(const FrameKernel& kernel) noexcept : kernel_(kernel) {}

    std::size_t unit_bytes(int level) const override { return kernel_.unit_bytes(level); }
    std::size_t most_encoded(std::size_t unit) const override { return kernel_.most_encoded(unit); }
    std::unique_ptr<UnitEncoder> unit_encoder(int level) const override { return kernel_.unit_encoder(level); }
    bool has_empty_unit() const override { return true; }
    bool has_skippable_frames() const override { return true; }
    std::vector<std::byte> ending(const WrittenUnits& units) const override;
    std::unique_ptr<UnitStream> find(const RandomSource& source, double ratio) const override;

  private:
    FrameKernel kernel_;
};

}  // namespace jl::detail
