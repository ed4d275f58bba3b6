#include "codec/parallel_decoded.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

#include <jl/buffer.hpp>
#include <jl/error.hpp>

#include "codec/ordered_jobs.hpp"
#include "codec/unit_reader.hpp"

namespace jl::detail {
namespace {

class ParallelDecoded final : public Source {
  public:
    ParallelDecoded(const RandomSource& from, std::unique_ptr<UnitStream> units, unsigned n_threads);

    std::size_t read(std::span<std::byte> into) override;

  private:
    struct Slot {
        std::size_t unit = 0;
        std::span<std::byte> target;  // in `memory` or in the caller's
        bool is_direct = false;
        Buffer memory;
        StreamCheck check{StreamCheck::Kind::crc32};
    };

    std::size_t fill(std::span<std::byte> into);
    void submit_ahead(std::span<std::byte> into);
    void aim(Slot& slot, std::span<std::byte> into);
    void decode(unsigned worker, Slot& slot);
    void next_bytes();
    void verify();

    const RandomSource& from_;
    std::unique_ptr<UnitStream> units_;
    const BlockTable& table_;
    std::vector<std::byte> records_;
    StreamCheck check_;
    std::size_t next_unit_ = 0;         // to submit
    std::uint64_t position_ = 0;        // decoded bytes handed out
    std::span<const std::byte> ready_;  // next to hand out, in a slot's memory or in records_
    bool ended_ = false;                // ready_ is in records_
    std::exception_ptr error_;
    std::vector<std::unique_ptr<UnitReader>> readers_;  // one a worker
    std::vector<Slot> slots_;
    OrderedJobs jobs_;  // last: its threads use what is above
};

ParallelDecoded::ParallelDecoded(const RandomSource& from, std::unique_ptr<UnitStream> units, unsigned n_threads)
    : from_(from),
      units_(std::move(units)),
      table_(units_->table()),
      records_(units_->records()),
      check_(units_->check_kind().value_or(StreamCheck::Kind::crc32)),
      readers_(n_threads),
      slots_(n_threads + 2),
      jobs_(n_threads, slots_.size(), [this](unsigned worker, std::size_t slot) { decode(worker, slots_[slot]); }) {}

// After a failure nothing of the caller's memory may be in use any more.
std::size_t ParallelDecoded::read(std::span<std::byte> into) {
    if (error_) std::rethrow_exception(error_);
    try {
        return fill(into);
    } catch (...) {
        error_ = std::current_exception();
        jobs_.cancel();
        throw;
    }
}

std::size_t ParallelDecoded::fill(std::span<std::byte> into) {
    std::size_t filled = 0;
    while (filled < into.size()) {
        if (!ready_.empty()) {
            const std::size_t count = std::min(ready_.size(), into.size() - filled);
            std::memcpy(into.data() + filled, ready_.data(), count);
            ready_ = ready_.subspan(count);
            filled += count;
            position_ += count;
        } else if (ended_) {
            break;
        } else {
            submit_ahead(into.subspan(filled));
            const std::uint64_t before = position_;
            next_bytes();
            filled += static_cast<std::size_t>(position_ - before);
        }
    }
    return filled;
}

// `into` is where the bytes from position_ on are wanted. Called only when no slot's memory is being handed out.
void ParallelDecoded::submit_ahead(std::span<std::byte> into) {
    while (!jobs_.full() && next_unit_ < table_.unit_count()) {
        Slot& slot = slots_[jobs_.next_slot()];
        slot.unit = next_unit_++;
        aim(slot, into);
        jobs_.submit();
    }
}

// A unit that lies wholly within what the caller wants goes straight there: this call of read() will wait for it.
void ParallelDecoded::aim(Slot& slot, std::span<std::byte> into) {
    const Extent extent = table_.decoded(slot.unit);
    const auto size = static_cast<std::size_t>(extent.size);
    slot.is_direct = extent.offset >= position_ && extent.offset + extent.size - position_ <= into.size();
    if (slot.is_direct) {
        slot.target = into.subspan(static_cast<std::size_t>(extent.offset - position_), size);
    } else {
        if (slot.memory.size() < size) slot.memory = Buffer(size);
        slot.target = slot.memory.bytes().first(size);
    }
}

void ParallelDecoded::decode(unsigned worker, Slot& slot) {
    if (!readers_[worker]) readers_[worker] = std::make_unique<UnitReader>(from_, *units_);
    readers_[worker]->read(slot.unit, slot.target);
    const std::optional<StreamCheck::Kind> kind = units_->check_kind();
    if (!kind) return;
    slot.check = StreamCheck(*kind);
    slot.check.update(slot.target);
}

void ParallelDecoded::next_bytes() {
    if (!jobs_.empty()) {
        const Slot& slot = slots_[jobs_.finish_oldest()];
        if (units_->check_kind()) check_.join(slot.check);
        if (slot.is_direct)
            position_ += slot.target.size();
        else
            ready_ = slot.target;
        if (slot.unit + 1 == table_.unit_count()) verify();
        return;
    }
    if (table_.unit_count() == 0) verify();
    ready_ = records_;
    ended_ = true;
}

void ParallelDecoded::verify() {
    if (!units_->check_kind()) return;
    StreamCheck whole = check_;
    whole.update(records_);
    units_->verify(whole);
}

}  // namespace

std::unique_ptr<Source> decoded_in_parallel(const RandomSource& from, std::unique_ptr<UnitStream> units,
                                            unsigned n_threads) {
    return std::make_unique<ParallelDecoded>(from, std::move(units), n_threads);
}

}  // namespace jl::detail
