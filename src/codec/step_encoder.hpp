// Binds an Encoder, of a registered codec, to a sink: buffers what it puts out and ends the stream.
//
//     StepEncodedSink sink(file, codec, level);  sink.write(bytes);  sink.finish();
//
// Runs on the caller's thread. After a failure, and after finish(), the sink refuses to work: Error{usage}.
#pragma once

#include <memory>
#include <string>

#include <jl/buffer.hpp>

#include "codec/binding.hpp"

namespace jl::detail {

class StepEncodedSink final : public EncodedSink {
  public:
    StepEncodedSink(Sink& to, const Codec& codec, int level);

    void write(std::span<const std::byte> bytes) override;
    std::optional<std::uint64_t> position() override { return decoded_; }
    void finish() override;

  private:
    CoderStep step(std::span<const std::byte> in, Encoder::Input input);
    void require_open();

    Sink& to_;
    std::string name_;
    std::unique_ptr<Encoder> encoder_;
    Buffer out_;
    std::uint64_t decoded_ = 0;
    bool open_ = true;
};

}  // namespace jl::detail
