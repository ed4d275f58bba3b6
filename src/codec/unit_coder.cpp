#include "codec/unit_coder.hpp"

#include <jl/error.hpp>

namespace jl::detail {

void decode_whole(Decoder& decoder, std::span<const std::byte> in, std::span<std::byte> out) {
    for (;;) {
        const CoderStep step = decoder.decode(in, out);
        in = in.subspan(step.consumed);
        out = out.subspan(step.produced);
        if (step.finished) break;
        if (step.consumed == 0 && step.produced == 0) fail_unit();
    }
    if (!in.empty() || !out.empty()) fail_unit();
}

void fail_unit() {
    throw Error(ErrorCode::format, "a unit of the compressed stream is not what the block table says of it");
}

}  // namespace jl::detail
