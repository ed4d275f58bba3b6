#include "codec/binding.hpp"

#include "codec/block_encoder.hpp"
#include "codec/built_in_codecs.hpp"
#include "codec/find_units.hpp"
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
    detail::FoundUnits found = detail::find_units(from, codec, options.limits.ratio);
    if (found.units) return detail::decoded_in_parallel(from, std::move(found.units), n_threads);
    const auto in_order = [&from, &codec, ratio = options.limits.ratio, lie = std::move(found.lie), n_threads] {
        return decoded_in_order(std::make_unique<SequentialSource>(from, 0, from.size()),
                                detail::MemberDecoder(codec, ratio, lie), n_threads);
    };
    const detail::BlockFraming* const framing = detail::block_framing_of(codec);
    if (framing != nullptr && n_threads > 1 && from.size() >= worth_a_thread) {
        auto apart = framing->decoded_apart(from, options.limits.ratio, n_threads, in_order);
        if (apart) return apart;
    }
    return in_order();
}

}  // namespace jl
