#include "codec/decoded_objects.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <jl/detail/byte_order.hpp>

#include "codec/block_framing.hpp"
#include "codec/built_in_codecs.hpp"

namespace jl {

std::size_t DecodedObjects::read(std::span<std::byte> into) {
    if (into.empty()) return 0;
    while (!ended_ && (decoder_.inside_stream() || !stays_)) {
        const CoderStep done = step(into);
        if (done.produced > 0) return done.produced;
    }
    return 0;
}

// Input is waited for only when the decoder holds nothing back.
CoderStep DecodedObjects::step(std::span<std::byte> into) {
    if (may_hold_output_ && decoder_.inside_stream()) {
        const CoderStep held = decoder_.decode_stream({}, into);
        may_hold_output_ = held.produced > 0;
        if (held.produced > 0 || held.finished) return held;
    }
    const std::span<const std::byte> bytes = in_.at_hand();
    if (bytes.empty()) {
        CoderStep last;
        last.produced = decoder_.end_of_input(into);
        ended_ = last.produced == 0;
        if (ended_) decoder_.end();
        return last;
    }
    const CoderStep done = decoder_.decode_stream(bytes, into);
    in_.advance(done.consumed);
    may_hold_output_ = done.produced > 0;
    return done;
}

void DecodedObjects::finish_stream() {
    std::vector<std::byte> rest(Input::max_need);
    while (decoder_.inside_stream() && !ended_) (void)step(rest);
    if (ended_) decoder_.end();  // who only looked for another object may have been told of an end that is none
}

void DecodedObjects::pass_table() {
    const detail::BlockFraming* const framing = detail::block_framing_of(*codec_);
    if (framing == nullptr) return;
    if (framing->has_skippable_frames()) return pass_skippable_frame();
    if (codec_->name != "bz2") return;
    for (const std::byte first_of_record : {std::byte{0x8e}, std::byte{0x43}}) {
        if (!record_follows(first_of_record)) return;
        std::vector<std::byte> rest(Input::max_need);
        do (void)step(rest);
        while (decoder_.inside_stream() && !ended_);
    }
}

// One, as jl writes: a look for another would wait for whoever is at the other end.
void DecodedObjects::pass_skippable_frame() {
    constexpr std::array magic{std::byte{0x2A}, std::byte{0x4D}, std::byte{0x18}};
    const std::span<const std::byte> first = in_.peek(1);
    if (first.empty() || (first[0] & std::byte{0xF0}) != std::byte{0x50}) return;
    const std::span<const std::byte> head = in_.peek(8);
    if (head.size() < 8 || !std::ranges::equal(head.subspan(1, 3), magic)) return;
    const auto content = detail::load_little<std::uint32_t>(head.data() + 4);
    in_.expect(std::uint64_t{8} + content, [] { return "a skippable frame"; });
    in_.skip(std::uint64_t{8} + content);
}

// Whether the stream that begins here decodes to something with this first byte. A table is short: where so much input
// makes no byte it is none.
bool DecodedObjects::record_follows(std::byte first_byte) {
    const auto decoder = codec_->decoder();
    std::byte byte{};
    for (std::size_t fed = 0; fed < Input::max_need;) {
        if (fed == 0 && in_.at_hand().empty()) return false;
        const std::size_t ready = std::min(std::max(in_.at_hand().size(), fed + 1), Input::max_need);
        const std::span<const std::byte> bytes = in_.peek(ready);
        if (bytes.size() <= fed) return false;
        if (fed < codec_->magic.size()) {
            const std::size_t known = std::min(bytes.size(), codec_->magic.size());
            if (!std::ranges::equal(bytes.first(known), std::span(codec_->magic).first(known))) return false;
        }
        const CoderStep done = decoder->decode(bytes.subspan(fed), {&byte, 1});
        if (done.produced > 0) return byte == first_byte;
        if (done.finished || done.consumed == 0) return false;
        fed += done.consumed;
    }
    return false;
}

}  // namespace jl
