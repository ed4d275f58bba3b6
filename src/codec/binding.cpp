#include "codec/binding.hpp"

#include <jl/error.hpp>

#include "codec/block_encoder.hpp"
#include "codec/built_in_codecs.hpp"
#include "codec/member_decoder.hpp"
#include "codec/parallel_decoded.hpp"
#include "codec/sequential_decoded.hpp"
#include "codec/step_encoder.hpp"

namespace jl {
namespace {

// Starting a thread takes as long as decoding this many compressed bytes.
constexpr std::uint64_t worth_a_thread = std::uint64_t{64} << 10;

std::unique_ptr<Source> decoded_in_order(std::unique_ptr<Source> from, detail::MemberDecoder decoder,
                                         unsigned n_threads) {
    const std::optional<std::uint64_t> size = from->remaining();
    const bool is_short = size && *size < worth_a_thread;
    if (n_threads == 1 || is_short) return detail::decoded_directly(std::move(from), std::move(decoder));
    return detail::decoded_ahead(std::move(from), std::move(decoder));
}

}  // namespace

std::unique_ptr<EncodedSink> encoded(Sink& to, const CodecChoice& choice, const CodingOptions& options) {
    if (const detail::BlockFraming* const framing = detail::block_framing_of(*choice.codec)) {
        const unsigned n_threads = effective_threads(options.n_threads);
        return std::make_unique<detail::BlockEncodedSink>(to, *framing, choice.level, n_threads);
    }
    return std::make_unique<detail::StepEncodedSink>(to, *choice.codec, choice.level);
}

std::unique_ptr<Source> decoded(std::unique_ptr<Source> from, const Codec& codec, const CodingOptions& options) {
    detail::MemberDecoder decoder(codec, options.limits.ratio);
    return decoded_in_order(std::move(from), std::move(decoder), effective_threads(options.n_threads));
}

std::unique_ptr<Source> decoded(const RandomSource& from, const Codec& codec, const CodingOptions& options) {
    const unsigned n_threads = effective_threads(options.n_threads);
    std::optional<Error> lie;
    if (const detail::BlockFraming* const framing = detail::block_framing_of(codec)) {
        try {
            std::unique_ptr<detail::UnitStream> units = framing->find(from, options.limits.ratio);
            if (units) return detail::decoded_in_parallel(from, std::move(units), n_threads);
        } catch (const Error& error) {
            // Reading in order tells whether these are several streams in one file, which is no fault.
            if (error.code() != ErrorCode::format && error.code() != ErrorCode::checksum) throw;
            lie = error;
        }
    }
    detail::MemberDecoder decoder(codec, options.limits.ratio, std::move(lie));
    return decoded_in_order(std::make_unique<SequentialSource>(from, 0, from.size()), std::move(decoder), n_threads);
}

}  // namespace jl
