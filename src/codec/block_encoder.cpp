#include "codec/block_encoder.hpp"

#include <algorithm>
#include <cstring>

#include <jl/error.hpp>

namespace jl::detail {

BlockEncodedSink::BlockEncodedSink(Sink& to, const BlockFraming& framing, int level, unsigned n_threads, TableUse table)
    : to_(to),
      framing_(framing),
      unit_bytes_(framing.unit_bytes(level)),
      encoders_(n_threads),
      slots_(n_threads + 2),
      jobs_(n_threads, slots_.size(), [this](unsigned worker, std::size_t slot) { encode(worker, slots_[slot]); }) {
    units_.level = level;
    units_.table = table;
    units_.check = StreamCheck(framing.check_kind().value_or(StreamCheck::Kind::crc32));
}

// After a failure nothing of the caller's memory may be in use any more.
template <class F>
void BlockEncodedSink::guarded(F work) {
    if (state_ != State::open) {
        throw Error(ErrorCode::usage, state_ == State::finished ? "the compressed stream is finished"
                                                                : "the compressed stream was given up after a failure");
    }
    try {
        work();
    } catch (...) {
        state_ = State::failed;
        jobs_.cancel();
        throw;
    }
}

void BlockEncodedSink::write(std::span<const std::byte> bytes) {
    guarded([&] { take(bytes); });
}

// Long writes are encoded from the caller's memory, but for their end: by the time that has been submitted, every slot
// before it has been used anew, so nothing points into that memory when write() returns.
void BlockEncodedSink::take(std::span<const std::byte> bytes) {
    units_.decoded += bytes.size();
    while (!bytes.empty()) {
        if (jobs_.full()) commit_oldest();
        if (filled_ == 0 && bytes.size() >= (slots_.size() + 1) * unit_bytes_) {
            submit(bytes.first(unit_bytes_));
            bytes = bytes.subspan(unit_bytes_);
        } else {
            bytes = bytes.subspan(copy(bytes));
        }
    }
}

std::size_t BlockEncodedSink::copy(std::span<const std::byte> bytes) {
    Slot& slot = slots_[jobs_.next_slot()];
    if (slot.input.size() == 0) slot.input = Buffer(unit_bytes_);
    const std::size_t count = std::min(bytes.size(), unit_bytes_ - filled_);
    std::memcpy(slot.input.data() + filled_, bytes.data(), count);
    filled_ += count;
    if (filled_ == unit_bytes_) submit(slot.input.bytes());
    return count;
}

void BlockEncodedSink::submit(std::span<const std::byte> unit) {
    slots_[jobs_.next_slot()].unit = unit;
    filled_ = 0;
    jobs_.submit();
}

void BlockEncodedSink::commit_oldest() {
    const Slot& slot = slots_[jobs_.finish_oldest()];
    if (framing_.check_kind()) units_.check.join(slot.check);
    units_.sizes.push_back(static_cast<std::uint32_t>(slot.encoded));
    begin();
    put(slot.output.bytes().first(framing_.padded(slot.encoded)));
}

void BlockEncodedSink::finish() {
    guarded([&] {
        if (filled_ > 0 || (units_.decoded == 0 && framing_.has_empty_unit())) {
            if (jobs_.full()) commit_oldest();
            submit(slots_[jobs_.next_slot()].input.bytes().first(filled_));
        }
        while (!jobs_.empty()) commit_oldest();
        begin();
        put(framing_.ending(units_));
    });
    state_ = State::finished;
}

void BlockEncodedSink::encode(unsigned worker, Slot& slot) {
    const std::size_t most = framing_.most_encoded(slot.unit.size());
    if (slot.output.size() < most) slot.output = Buffer(most);
    if (const std::optional<StreamCheck::Kind> kind = framing_.check_kind()) {
        slot.check = StreamCheck(*kind);
        slot.check.update(slot.unit);
    }
    if (!encoders_[worker]) encoders_[worker] = framing_.unit_encoder(units_.level);
    slot.encoded = encoders_[worker]->encode(slot.unit, slot.output.bytes());
}

// The beginning goes out with the first unit: a sink that is abandoned early has not been touched.
void BlockEncodedSink::begin() {
    if (units_.written == 0) put(framing_.beginning(units_.level));
}

void BlockEncodedSink::put(std::span<const std::byte> bytes) {
    to_.write(bytes);
    units_.written += bytes.size();
}

}  // namespace jl::detail
