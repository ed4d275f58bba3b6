#include "codec/step_encoder.hpp"

#include <jl/error.hpp>

namespace jl::detail {

namespace {
constexpr std::size_t out_bytes = std::size_t{256} << 10;
}

StepEncodedSink::StepEncodedSink(Sink& to, const Codec& codec, int level)
    : to_(to), name_(codec.name), encoder_(codec.encoder(level)), out_(out_bytes) {}

// Open again only when the work below has succeeded.
void StepEncodedSink::require_open() {
    if (!open_) throw Error(ErrorCode::usage, "the " + name_ + " stream is finished or was given up after a failure");
    open_ = false;
}

void StepEncodedSink::write(std::span<const std::byte> bytes) {
    require_open();
    decoded_ += bytes.size();
    while (!bytes.empty()) {
        const CoderStep done = step(bytes, Encoder::Input::more);
        if (done.consumed == 0 && done.produced == 0) {
            throw Error(ErrorCode::usage, "the " + name_ + " encoder takes no more input and gives no output");
        }
        bytes = bytes.subspan(done.consumed);
    }
    open_ = true;
}

void StepEncodedSink::finish() {
    require_open();
    while (true) {
        const CoderStep done = step({}, Encoder::Input::last);
        if (done.finished) return;
        if (done.produced == 0) throw Error(ErrorCode::usage, "the " + name_ + " encoder does not finish its stream");
    }
}

CoderStep StepEncodedSink::step(std::span<const std::byte> in, Encoder::Input input) {
    const CoderStep done = encoder_->encode(in, out_.bytes(), input);
    if (done.produced > 0) to_.write(out_.bytes().first(done.produced));
    return done;
}

}  // namespace jl::detail
