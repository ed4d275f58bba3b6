// One compressed stream after another, as concatenated gzip members are: what every sequential decoder reads through.
//
//     MemberDecoder decoder(codec, ratio);  CoderStep step = decoder.decode(in, out);  …  decoder.end();
//
// A skippable frame, where the format knows such, counts as a stream without content. Bytes behind a stream that do not
// begin another one are Error{format}; an input that ends within one is {truncated},
// found by end(). Errors carry the decoded position. One thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include <jl/codec.hpp>
#include <jl/error.hpp>

namespace jl::detail {

class MemberDecoder final {
  public:
    // ratio: Limits::ratio. `lie`: what was wrong with the block table, forgiven when the input turns out to be several
    // streams.
    MemberDecoder(const Codec& codec, double ratio, std::optional<Error> lie = {});

    // Never finished: only the input's end tells. Some progress unless `in` is empty or `out` is.
    CoderStep decode(std::span<const std::byte> in, std::span<std::byte> out);
    // As above, up to the end of one stream, where it is finished.
    CoderStep decode_stream(std::span<const std::byte> in, std::span<std::byte> out);
    bool inside_stream() const noexcept { return decoder_ != nullptr; }
    // At the input's end, when decode({}, out) produces nothing more: bytes that the end sets free, 0 when there are no
    // more.
    std::size_t end_of_input(std::span<std::byte> out);
    // To be called when end_of_input() produces nothing more.
    void end() const;

  private:
    CoderStep step(std::span<const std::byte> in, std::span<std::byte> out);
    void check_magic(std::span<const std::byte> in);
    void end_stream();

    std::string name_;
    std::vector<std::byte> stream_magic_;
    bool may_skip_;                 // skippable frames may follow a stream
    std::vector<std::byte> magic_;  // of the current stream or frame
    std::function<std::unique_ptr<Decoder>()> make_;
    double ratio_;
    std::optional<Error> lie_;
    std::unique_ptr<Decoder> decoder_;  // null between two streams
    std::uint64_t streams_ = 0;         // finished
    std::size_t matched_ = 0;           // bytes of magic_ that the current stream has consumed
    std::uint64_t consumed_ = 0;
    std::uint64_t produced_ = 0;
};

}  // namespace jl::detail
