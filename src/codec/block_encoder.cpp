#include "codec/block_encoder.hpp"

#include <algorithm>
#include <cstring>

#include <jl/error.hpp>

#include "codec/block_table.hpp"

namespace jl::detail {

BlockEncodedSink::BlockEncodedSink(Sink& to, Framing framing, int level, unsigned n_threads)
    : to_(to),
      framing_(framing),
      level_(level),
      check_(check_kind(framing)),
      deflaters_(n_threads),
      slots_(n_threads + 2),
      jobs_(n_threads, slots_.size(), [this](unsigned worker, std::size_t slot) { deflate(worker, slots_[slot]); }) {}

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

// Long writes are deflated from the caller's memory, but for their end: by the time that has been submitted, every slot
// before it has been used anew, so nothing points into that memory when write() returns.
void BlockEncodedSink::take(std::span<const std::byte> bytes) {
    decoded_ += bytes.size();
    while (!bytes.empty()) {
        if (jobs_.full()) commit_oldest();
        if (filled_ == 0 && bytes.size() >= (slots_.size() + 1) * unit_bytes) {
            submit(bytes.first(unit_bytes));
            bytes = bytes.subspan(unit_bytes);
        } else {
            bytes = bytes.subspan(copy(bytes));
        }
    }
}

std::size_t BlockEncodedSink::copy(std::span<const std::byte> bytes) {
    Slot& slot = slots_[jobs_.next_slot()];
    if (slot.input.size() == 0) slot.input = Buffer(unit_bytes);
    const std::size_t count = std::min(bytes.size(), unit_bytes - filled_);
    std::memcpy(slot.input.data() + filled_, bytes.data(), count);
    filled_ += count;
    if (filled_ == unit_bytes) submit(slot.input.bytes());
    return count;
}

void BlockEncodedSink::submit(std::span<const std::byte> unit) {
    slots_[jobs_.next_slot()].unit = unit;
    filled_ = 0;
    jobs_.submit();
}

void BlockEncodedSink::commit_oldest() {
    const Slot& slot = slots_[jobs_.finish_oldest()];
    check_.join(slot.check);
    lengths_.push_back(static_cast<std::uint32_t>(slot.compressed));
    begin();
    put(slot.output.bytes().first(slot.compressed));
}

void BlockEncodedSink::finish() {
    guarded([&] {
        if (filled_ > 0) {
            if (jobs_.full()) commit_oldest();
            submit(slots_[jobs_.next_slot()].input.bytes().first(filled_));
        }
        while (!jobs_.empty()) commit_oldest();
        write_end();
    });
    state_ = State::finished;
}

void BlockEncodedSink::write_end() {
    Slot table;
    const std::vector<std::byte> record = table_record(lengths_);
    table.unit = record;
    deflate(static_cast<unsigned>(deflaters_.size() - 1), table);
    begin();
    const auto locator = locator_block({decoded_, lengths_.size(), written_, table_crc(record)});
    put(table.output.bytes().first(table.compressed));
    put(locator);
    check_.join(table.check);
    check_.update(std::span(locator).last(locator_record_bytes));
    put(stream_trailer(framing_, check_));
}

void BlockEncodedSink::deflate(unsigned worker, Slot& slot) {
    const std::size_t most = stored_bytes(slot.unit.size());
    if (slot.output.size() < most) slot.output = Buffer(most);
    slot.check = StreamCheck(check_kind(framing_));
    slot.check.update(slot.unit);
    slot.compressed = deflater(worker).deflate(slot.unit, slot.output.bytes());
}

UnitDeflater& BlockEncodedSink::deflater(unsigned worker) {
    if (!deflaters_[worker]) deflaters_[worker] = std::make_unique<UnitDeflater>(level_);
    return *deflaters_[worker];
}

// The header goes out with the first unit: a sink that is abandoned early has not been touched.
void BlockEncodedSink::begin() {
    if (written_ == 0) put(stream_header(framing_, level_));
}

void BlockEncodedSink::put(std::span<const std::byte> bytes) {
    to_.write(bytes);
    written_ += bytes.size();
}

}  // namespace jl::detail
