#include <algorithm>
#include <array>
#include <condition_variable>
#include <cstring>
#include <exception>
#include <mutex>
#include <thread>

#include <jl/buffer.hpp>

#include "codec/sequential_decoded.hpp"

namespace jl::detail {
namespace {

// Pieces that go round between two threads, first in, first out. Guarded by the mutex of its user, but for the bytes of the
// piece that a side holds.
template <std::size_t count>
class Ring {
  public:
    explicit Ring(std::size_t piece_bytes) : piece_bytes_(piece_bytes) {}

    bool empty() const noexcept { return filled_ == 0; }
    bool full() const noexcept { return filled_ == count; }
    // The piece to fill next; memory comes when it is first needed.
    std::span<std::byte> back() {
        Buffer& memory = memory_[(first_ + filled_) % count];
        if (memory.size() == 0) memory = Buffer(piece_bytes_);
        return memory.bytes();
    }
    void push(std::size_t size) { sizes_[(first_ + filled_++) % count] = size; }
    std::span<const std::byte> front() const { return memory_[first_].bytes().first(sizes_[first_]); }
    void pop() {
        first_ = (first_ + 1) % count;
        --filled_;
    }

  private:
    std::size_t piece_bytes_;
    std::array<Buffer, count> memory_;
    std::array<std::size_t, count> sizes_{};
    std::size_t first_ = 0;
    std::size_t filled_ = 0;
};

class AheadDecoded final : public Source {
  public:
    AheadDecoded(std::unique_ptr<Source> from, MemberDecoder decoder)
        : from_(std::move(from)), eager_(from_->remaining().has_value()), decoder_(std::move(decoder)) {}

    ~AheadDecoded() override {
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        changed_.notify_all();
    }

    std::size_t read(std::span<std::byte> into) override;

  private:
    bool can_feed() const noexcept { return !fed_all_ && !in_.full(); }
    void feed(std::unique_lock<std::mutex>& lock);
    std::size_t take(std::span<std::byte> into);
    void decode_all() noexcept;
    void decode_until_end();
    std::span<const std::byte> next_input(std::unique_lock<std::mutex>& lock);

    static constexpr std::size_t input_bytes = std::size_t{256} << 10;
    static constexpr std::size_t output_bytes = std::size_t{1} << 20;

    std::unique_ptr<Source> from_;  // the caller's thread alone, as are the next two
    bool eager_;                    // the source never waits for anybody: it may be read before there is need
    std::size_t taken_ = 0;         // of the front output piece
    MemberDecoder decoder_;         // the decoding thread alone

    std::mutex mutex_;
    std::condition_variable changed_;
    Ring<4> in_{input_bytes};
    Ring<4> out_{output_bytes};
    bool fed_all_ = false;
    bool decoded_all_ = false;
    bool stopping_ = false;
    std::exception_ptr error_;
    std::exception_ptr source_error_;
    std::jthread thread_;  // last: joined before the rest goes
};

std::size_t AheadDecoded::read(std::span<std::byte> into) {
    if (into.empty()) return 0;
    std::unique_lock lock(mutex_);
    if (source_error_) std::rethrow_exception(source_error_);
    if (!thread_.joinable()) thread_ = std::jthread([this] { decode_all(); });
    for (;;) {
        if (!out_.empty()) {
            const std::size_t count = take(into);
            if (eager_ && can_feed()) feed(lock);
            return count;
        }
        if (error_) std::rethrow_exception(error_);
        if (decoded_all_) return 0;
        if (can_feed()) {
            feed(lock);
        } else {
            changed_.wait(lock, [&] { return !out_.empty() || error_ || decoded_all_ || can_feed(); });
        }
    }
}

// Only this thread fills input pieces and empties output pieces, so the other's copy may go on meanwhile.
void AheadDecoded::feed(std::unique_lock<std::mutex>& lock) {
    const std::span<std::byte> piece = in_.back();
    lock.unlock();
    std::size_t count = 0;
    try {
        count = from_->read(piece);
    } catch (...) {
        lock.lock();
        source_error_ = std::current_exception();
        throw;
    }
    lock.lock();
    if (count == 0)
        fed_all_ = true;
    else
        in_.push(count);
    changed_.notify_all();
}

std::size_t AheadDecoded::take(std::span<std::byte> into) {
    const std::span<const std::byte> piece = out_.front().subspan(taken_);
    const std::size_t count = std::min(into.size(), piece.size());
    std::memcpy(into.data(), piece.data(), count);
    taken_ += count;
    if (count == piece.size()) {
        out_.pop();
        taken_ = 0;
        changed_.notify_all();
    }
    return count;
}

void AheadDecoded::decode_all() noexcept {
    std::exception_ptr error;
    try {
        decode_until_end();
    } catch (...) {
        error = std::current_exception();
    }
    const std::lock_guard lock(mutex_);
    error_ = error;
    decoded_all_ = true;
    changed_.notify_all();
}

// Decodes piece after piece. A piece that is not full is handed over when there is no more input at hand: the caller may be
// waiting for just these bytes.
void AheadDecoded::decode_until_end() {
    std::unique_lock lock(mutex_);
    std::span<const std::byte> in;
    for (bool ended = false; !ended;) {
        changed_.wait(lock, [&] { return stopping_ || !out_.full(); });
        if (stopping_) return;
        const std::span<std::byte> out = out_.back();
        std::size_t filled = 0;
        while (filled < out.size()) {
            if (in.empty()) in = next_input(lock);
            const bool dry = in.empty();
            lock.unlock();
            const CoderStep step = decoder_.decode(in, out.subspan(filled));
            lock.lock();
            if (stopping_) return;
            in = in.subspan(step.consumed);
            filled += step.produced;
            if (!dry && in.empty()) in_.pop();
            if (dry && step.produced == 0) break;
        }
        if (filled > 0) out_.push(filled);
        changed_.notify_all();
    }
}

}  // namespace

}  // namespace jl::detail
