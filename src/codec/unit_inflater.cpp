#include "codec/unit_inflater.hpp"

#include <algorithm>
#include <array>

#include <jl/error.hpp>

#include "codec/raw_inflater.hpp"

namespace jl::detail {
namespace {

// Units end on a byte's boundary, so a reader that is not told of the end just waits for more.
class StreamingUnitInflater final : public UnitDecoder {
  public:
    void decode(std::span<std::byte> unit, std::span<std::byte> out) override {
        std::span<const std::byte> in = unit.first(unit.size() - spare_bytes);
        require_full_flush(in);
        const std::unique_ptr<RawInflater> inflater = raw_inflater();
        while (!in.empty() && !out.empty()) {
            const CoderStep step = step_of(*inflater, in, out);
            if (step.finished || (step.consumed == 0 && step.produced == 0)) fail_unit();
            in = in.subspan(step.consumed);
            out = out.subspan(step.produced);
        }
        // Nothing may be left but empty blocks.
        std::byte beyond{};
        const CoderStep step = step_of(*inflater, in, {&beyond, 1});
        if (!out.empty() || step.finished || step.produced > 0 || step.consumed != in.size()) fail_unit();
    }

  private:
    static CoderStep step_of(RawInflater& inflater, std::span<const std::byte> in, std::span<std::byte> out) {
        try {
            return inflater.inflate(in, out);
        } catch (const Error&) {
            fail_unit();
        }
    }
};

}  // namespace

void require_full_flush(std::span<const std::byte> unit) {
    constexpr std::array flush{std::byte{0}, std::byte{0}, std::byte{0xFF}, std::byte{0xFF}};
    if (unit.size() <= flush.size() || !std::ranges::equal(unit.last(flush.size()), flush)) fail_unit();
}

std::unique_ptr<UnitDecoder> streaming_unit_inflater() { return std::make_unique<StreamingUnitInflater>(); }

std::unique_ptr<UnitDecoder> unit_inflater() {
#ifdef JL_HAS_LIBDEFLATE
    return libdeflate_unit_inflater();
#else
    return streaming_unit_inflater();
#endif
}

}  // namespace jl::detail
