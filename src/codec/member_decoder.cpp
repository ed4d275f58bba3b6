#include "codec/member_decoder.hpp"

#include <algorithm>
#include <string>

#include "codec/built_in_codecs.hpp"
#include "codec/ratio.hpp"

namespace jl::detail {

namespace {

bool has_skippable_frames(const Codec& codec) {
    const BlockFraming* const framing = block_framing_of(codec);
    return framing != nullptr && framing->has_skippable_frames();
}

// The magic of a skippable frame with this first byte, of which the low four bits are free.
std::vector<std::byte> skippable(std::byte first) { return {first, std::byte{0x2A}, std::byte{0x4D}, std::byte{0x18}}; }

}  // namespace

MemberDecoder::MemberDecoder(const Codec& codec, double ratio, std::optional<Error> lie)
    : name_(codec.name),
      stream_magic_(codec.magic),
      may_skip_(has_skippable_frames(codec)),
      magic_(codec.magic),
      make_(codec.decoder),
      ratio_(ratio),
      lie_(std::move(lie)) {}

CoderStep MemberDecoder::decode(std::span<const std::byte> in, std::span<std::byte> out) {
    try {
        CoderStep sum;
        while (sum.consumed < in.size() || sum.consumed == 0) {
            const CoderStep done = step(in.subspan(sum.consumed), out.subspan(sum.produced));
            sum.consumed += done.consumed;
            sum.produced += done.produced;
            // Only the end of a stream is a reason to go on here: the next one may begin.
            if (!done.finished) break;
        }
        return sum;
    } catch (Error& error) {
        error.at_byte(produced_);
        throw;
    }
}

CoderStep MemberDecoder::decode_stream(std::span<const std::byte> in, std::span<std::byte> out) {
    try {
        return step(in, out);
    } catch (Error& error) {
        error.at_byte(produced_);
        throw;
    }
}

CoderStep MemberDecoder::step(std::span<const std::byte> in, std::span<std::byte> out) {
    if (!decoder_ && in.empty()) return {};
    if (matched_ < magic_.size()) check_magic(in);
    if (!decoder_) decoder_ = make_();
    const CoderStep done = decoder_->decode(in, out);
    consumed_ += done.consumed;
    produced_ += done.produced;
    matched_ = std::min(magic_.size(), matched_ + done.consumed);
    if (done.finished) {
        if (matched_ < magic_.size()) throw Error(ErrorCode::format, "the " + name_ + " decoder ends before it begins");
        end_stream();
    } else if (done.consumed == 0 && done.produced == 0 && !in.empty() && !out.empty()) {
        throw Error(ErrorCode::format,
                    "the " + name_ + " decoder cannot go on after " + std::to_string(consumed_) + " compressed bytes");
    }
    require_ratio(produced_, consumed_, ratio_);
    return done;
}

void MemberDecoder::check_magic(std::span<const std::byte> in) {
    if (matched_ == 0 && !in.empty())
        magic_ = may_skip_ && streams_ > 0 && (in.front() & std::byte{0xF0}) == std::byte{0x50} ? skippable(in.front())
                                                                                                : stream_magic_;
    const std::size_t count = std::min(in.size(), magic_.size() - matched_);
    if (std::ranges::equal(in.first(count), std::span(magic_).subspan(matched_, count))) return;
    if (streams_ == 0) throw Error(ErrorCode::format, "not a " + name_ + " stream: it does not begin as one");
    const std::string what = in.front() == std::byte{0} ? "zero padding" : "bytes that begin no further stream";
    throw Error(ErrorCode::format,
                what + " behind the end of the " + name_ + " stream, at compressed byte " + std::to_string(consumed_));
}

std::size_t MemberDecoder::end_of_input(std::span<std::byte> out) {
    if (!decoder_ || matched_ < magic_.size()) return 0;
    try {
        const CoderStep done = decoder_->end_of_input(out);
        produced_ += done.produced;
        if (done.finished) end_stream();
        require_ratio(produced_, consumed_, ratio_);
        return done.produced;
    } catch (Error& error) {
        error.at_byte(produced_);
        throw;
    }
}

void MemberDecoder::end_stream() {
    decoder_.reset();
    matched_ = 0;
    ++streams_;
}

void MemberDecoder::end() const {
    if (decoder_ || streams_ == 0) {
        throw Error(ErrorCode::truncated,
                    "the " + name_ + " stream ends early, after " + std::to_string(consumed_) + " compressed bytes")
            .at_byte(produced_);
    }
    if (lie_ && streams_ == 1) throw *lie_;
}

}  // namespace jl::detail
