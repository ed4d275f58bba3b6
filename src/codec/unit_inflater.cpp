#include "codec/unit_inflater.hpp"

#include <algorithm>
#include <array>

#include <jl/error.hpp>

#include "codec/raw_inflater.hpp"

namespace jl::detail {
namespace {

// Units end on a byte's boundary, so a reader that is not told of the end just waits for more.
class StreamingUnitInflater final : public UnitInflater {
  public:
    void inflate(std::span<std::byte> unit, std::span<std::byte> out) override {
        std::span<const std::byte> in = unit.first(unit.size() - spare_bytes);
        require_full_flush(in);
        const std::unique_ptr<RawInflater> inflater = raw_inflater();
        while (!in.empty() && !out.empty()) {
            const CoderStep step = inflater->inflate(in, out);
            if (step.finished || (step.consumed == 0 && step.produced == 0)) fail_unit();
            in = in.subspan(step.consumed);
            out = out.subspan(step.produced);
        }
        // Nothing may be left but empty blocks.
        std::byte beyond{};
        const CoderStep step = inflater->inflate(in, {&beyond, 1});
        if (!out.empty() || step.finished || step.produced > 0 || step.consumed != in.size()) fail_unit();
    }
};

}  // namespace

void require_full_flush(std::span<const std::byte> unit) {
    constexpr std::array flush{std::byte{0}, std::byte{0}, std::byte{0xFF}, std::byte{0xFF}};
    if (unit.size() <= flush.size() || !std::ranges::equal(unit.last(flush.size()), flush)) fail_unit();
}

void fail_unit() {
    throw Error(ErrorCode::format, "a unit of the compressed stream is not what the block table says of it");
}

std::unique_ptr<UnitInflater> streaming_unit_inflater() { return std::make_unique<StreamingUnitInflater>(); }

std::unique_ptr<UnitInflater> unit_inflater() {
#ifdef JL_HAS_LIBDEFLATE
    return libdeflate_unit_inflater();
#else
    return streaming_unit_inflater();
#endif
}

}  // namespace jl::detail
