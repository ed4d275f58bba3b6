#ifdef JL_HAS_BZIP2

#include "codec/bz2_parallel.hpp"

#include <algorithm>
#include <cstring>
#include <exception>
#include <vector>

#include <jl/buffer.hpp>
#include <jl/error.hpp>

#include "codec/bz2_kernel.hpp"
#include "codec/bz2_scanner.hpp"
#include "codec/ordered_jobs.hpp"
#include "codec/ratio.hpp"
#include "codec/unit_coder.hpp"

namespace jl::detail {
namespace {

using InOrder = std::function<std::unique_ptr<Source>()>;

class Bz2Blocks final : public Source {
  public:
    Bz2Blocks(const RandomSource& from, InOrder in_order, double ratio, unsigned n_threads)
        : in_order_(std::move(in_order)),
          ratio_(ratio),
          scanner_(from),
          slots_(n_threads + 2),
          jobs_(n_threads, slots_.size(), [this](unsigned, std::size_t slot) { decode(slots_[slot]); }) {}

    std::size_t read(std::span<std::byte> into) override;

  private:
    struct Slot {
        Bz2Block block;
        Buffer memory;
        std::size_t decoded = 0;
    };

    std::size_t read_blocks(std::span<std::byte> into);
    void submit_ahead();
    void read_rest_in_order();
    static void decode(Slot& slot);

    InOrder in_order_;
    double ratio_;
    Bz2Scanner scanner_;
    bool scanned_all_ = false;
    std::uint64_t position_ = 0;        // decoded bytes handed out
    std::span<const std::byte> ready_;  // next to hand out, in a slot's memory
    std::unique_ptr<Source> rest_;      // once something was not as expected
    std::exception_ptr error_;
    std::vector<Slot> slots_;
    OrderedJobs jobs_;  // last: its threads use the slots
};

std::size_t Bz2Blocks::read(std::span<std::byte> into) {
    if (error_) std::rethrow_exception(error_);
    try {
        try {
            if (!rest_) return read_blocks(into);
        } catch (const Error& error) {
            if (error.code() != ErrorCode::format) throw;
            read_rest_in_order();
        }
        return rest_->read(into);
    } catch (...) {
        error_ = std::current_exception();
        jobs_.cancel();
        throw;
    }
}

std::size_t Bz2Blocks::read_blocks(std::span<std::byte> into) {
    if (into.empty()) return 0;
    while (ready_.empty()) {
        submit_ahead();
        if (jobs_.empty()) return 0;
        const Slot& slot = slots_[jobs_.finish_oldest()];
        ready_ = slot.memory.bytes().first(slot.decoded);
        require_ratio(position_ + ready_.size(), scanner_.compressed(), ratio_);
    }
    const std::size_t count = std::min(into.size(), ready_.size());
    std::memcpy(into.data(), ready_.data(), count);
    ready_ = ready_.subspan(count);
    position_ += count;
    return count;
}

// Called only when no slot's memory is being handed out.
void Bz2Blocks::submit_ahead() {
    while (!jobs_.full() && !scanned_all_) {
        std::optional<Bz2Block> block = scanner_.next();
        if (!block) {
            scanned_all_ = true;
            return;
        }
        slots_[jobs_.next_slot()].block = *std::move(block);
        jobs_.submit();
    }
}

void Bz2Blocks::decode(Slot& slot) {
    constexpr std::size_t usual = std::size_t{1} << 20;
    constexpr std::size_t most = std::size_t{16} << 20;  // a block of zeros would be 46 MB
    const std::vector<std::byte> stream = bz2_stream_of(slot.block);
    std::span<const std::byte> in = stream;
    const std::unique_ptr<Decoder> decoder = bz2_decoder();
    if (slot.memory.size() == 0) slot.memory = Buffer(usual);
    slot.decoded = 0;
    for (bool ended = false; !ended;) {
        if (slot.decoded == slot.memory.size()) {
            if (slot.decoded >= most) fail_unit();
            slot.memory.resize(slot.decoded * 2);
        }
        const CoderStep step = decoder->decode(in, slot.memory.bytes().subspan(slot.decoded));
        if (!step.finished && step.consumed == 0 && step.produced == 0) fail_unit();
        in = in.subspan(step.consumed);
        slot.decoded += step.produced;
        ended = step.finished;
    }
    if (!in.empty()) fail_unit();
}

void Bz2Blocks::read_rest_in_order() {
    constexpr std::size_t at_once = std::size_t{256} << 10;
    jobs_.cancel();
    rest_ = in_order_();
    Buffer passed(at_once);
    for (std::uint64_t left = position_; left > 0;) {
        const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(left, at_once));
        const std::size_t count = rest_->read(passed.bytes().first(wanted));
        if (count == 0) throw Error(ErrorCode::io, "the bz2 file has changed while it was read");
        left -= count;
    }
}

}  // namespace

std::unique_ptr<Source> decoded_bz2_blocks(const RandomSource& from, InOrder in_order, double ratio,
                                           unsigned n_threads) {
    return std::make_unique<Bz2Blocks>(from, std::move(in_order), ratio, n_threads);
}

}  // namespace jl::detail

#endif
