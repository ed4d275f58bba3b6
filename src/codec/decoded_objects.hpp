// Compressed objects that stand among others in one input: decoded up to where they end, and no further.
//
//     DecodedObjects decoded(in, codec, ratio);      // `in` stands at a stream's first byte
//     … an object is read from `decoded` …
//     decoded.finish_stream();  decoded.pass_table();    // `in` stands behind all that belongs to it
//
// One read gives bytes of one stream (member, frame); the next read goes on with the stream that follows. So an object
// that was cut into several is read as a whole, and where one ends with its stream nothing behind is looked at. Bytes
// are taken from `in` as they are used: what stands there afterwards is somebody else's. On the caller's thread.
#pragma once

#include <memory>

#include "codec/member_decoder.hpp"
#include "io/input.hpp"

namespace jl {

class DecodedObjects final : public Source {
  public:
    DecodedObjects(Input& in, std::shared_ptr<const Codec> codec, double ratio)
        : in_(in), codec_(std::move(codec)), decoder_(*codec_, ratio) {}

    std::size_t read(std::span<std::byte> into) override;
    // From now on a read ends where the stream does.
    void stay_in_stream() noexcept { stays_ = true; }
    void leave_stream_freely() noexcept { stays_ = false; }
    bool inside_stream() const noexcept { return decoder_.inside_stream(); }
    // Passes over what the stream still holds, its checksum included, which is compared.
    void finish_stream();
    // Between streams: passes over the table of units that jl writes behind an object's last one (spec: codecs), where
    // it is there. Takes a look at the byte that follows.
    void pass_table();

  private:
    CoderStep step(std::span<std::byte> into);
    bool record_follows(std::byte first_byte);
    void pass_skippable_frame();

    Input& in_;
    std::shared_ptr<const Codec> codec_;
    detail::MemberDecoder decoder_;
    bool stays_ = false;
    bool may_hold_output_ = false;
    bool ended_ = false;
};

}  // namespace jl
