#include "codec/deflate_decoder.hpp"

#include <algorithm>
#include <string>

#include <jl/error.hpp>

namespace jl::detail {

DeflateDecoder::DeflateDecoder(Framing framing, std::unique_ptr<RawInflater> inflater)
    : framing_(framing), header_(framing), inflater_(std::move(inflater)), check_(check_kind(framing)) {}

CoderStep DeflateDecoder::decode(std::span<const std::byte> in, std::span<std::byte> out) {
    CoderStep done;
    if (!header_.finished()) done.consumed = header_.take(in);
    if (header_.finished() && inflater_) {
        const CoderStep step = inflate(in.subspan(done.consumed), out);
        done.consumed += step.consumed;
        done.produced = step.produced;
    }
    if (!inflater_) done.consumed += take_trailer(in.subspan(done.consumed));
    done.finished = !inflater_ && trailer_size_ == trailer_bytes(framing_);
    consumed_ += done.consumed;
    return done;
}

CoderStep DeflateDecoder::inflate(std::span<const std::byte> in, std::span<std::byte> out) {
    try {
        const CoderStep step = inflater_->inflate(in, out);
        check_.update(out.first(step.produced));
        if (step.finished) inflater_.reset();
        return step;
    } catch (const Error& error) {
        throw Error(error.code(), "the " + std::string(name_of(framing_)) + " stream is damaged after " +
                                      std::to_string(consumed_) + " compressed bytes: " + error.detail());
    }
}

std::size_t DeflateDecoder::take_trailer(std::span<const std::byte> in) {
    const std::size_t count = std::min(in.size(), trailer_bytes(framing_) - trailer_size_);
    std::copy_n(in.begin(), count, trailer_.begin() + static_cast<std::ptrdiff_t>(trailer_size_));
    trailer_size_ += count;
    if (count > 0 && trailer_size_ == trailer_bytes(framing_)) {
        verify_trailer(framing_, std::span(trailer_).first(trailer_size_), check_);
    }
    return count;
}

}  // namespace jl::detail
