#include "codec/frame_framing.hpp"

#include "codec/seek_table.hpp"

namespace jl::detail {
namespace {

class Frames final : public UnitStream {
  public:
    Frames(BlockTable table, std::unique_ptr<UnitDecoder> (*make)()) : UnitStream(std::move(table)), make_(make) {}

    std::unique_ptr<UnitDecoder> unit_decoder() const override { return make_(); }

  private:
    std::unique_ptr<UnitDecoder> (*make_)();
};

}  // namespace

std::vector<std::byte> FrameFraming::ending(const WrittenUnits& units) const {
    if (units.table == TableUse::left_out) return {};
    return seek_table(units.sizes, unit_bytes(units.level), units.decoded);
}

std::unique_ptr<UnitStream> FrameFraming::find(const RandomSource& source, double /*ratio*/) const {
    std::optional<BlockTable> table = find_seek_table(source);
    if (!table) table = walk_frames(source, kernel_.frame_at);
    if (!table || table->unit_count() == 0) return nullptr;
    return std::make_unique<Frames>(*std::move(table), kernel_.unit_decoder);
}

}  // namespace jl::detail
