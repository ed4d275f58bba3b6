#include <algorithm>
#include <array>
#include <condition_variable>
#include <cstring>
#include <exception>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>

#include <jl/buffer.hpp>
#include <jl/error.hpp>

#include "codec/sequential_decoded.hpp"

namespace jl::detail {
namespace {

// Pieces that go round between two threads, first in, first out. Guarded by the mutex of its user, but for the bytes of
// the piece that a side holds.
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
            state_ = State::stopping;
        }
        changed_.notify_all();
    }

    std::size_t read(std::span<std::byte> into) override;

  private:
    enum class State : std::uint8_t { decoding, ended, stopping };

    // A source that may wait for somebody is read only when nothing can be done without.
    bool should_feed() const noexcept {
        return !fed_all_ && (eager_ ? !in_.full() : hungry_ && in_.empty() && out_.empty());
    }
    void start_thread();
    void feed(std::unique_lock<std::mutex>& lock);
    std::size_t take(std::unique_lock<std::mutex>& lock, std::span<std::byte> into);
    void decode_all() noexcept;
    void decode_until_end();
    std::size_t fill(std::unique_lock<std::mutex>& lock, std::span<std::byte> out);
    std::size_t end_of_input(std::unique_lock<std::mutex>& lock, std::span<std::byte> out);
    void next_input(std::unique_lock<std::mutex>& lock);

    static constexpr std::size_t input_bytes = std::size_t{256} << 10;
    static constexpr std::size_t output_bytes = std::size_t{1} << 20;

    std::unique_ptr<Source> from_;        // the caller's thread alone, as are the next two
    bool eager_;                          // the source never waits for anybody: it may be read before there is need
    std::size_t taken_ = 0;               // of the front output piece
    MemberDecoder decoder_;               // the decoding thread alone, as are the next two
    std::span<const std::byte> current_;  // rest of the front input piece
    bool may_hold_output_ = false;

    std::mutex mutex_;
    std::condition_variable changed_;
    Ring<4> in_{input_bytes};
    Ring<4> out_{output_bytes};
    bool fed_all_ = false;
    bool hungry_ = false;  // the decoding thread waits for input
    State state_ = State::decoding;
    bool decoded_all_ = false;
    std::exception_ptr error_;         // of decoding: after the bytes before it
    std::exception_ptr source_error_;  // of reading: at once
    std::jthread thread_;              // last: joined before the rest goes
};

std::size_t AheadDecoded::read(std::span<std::byte> into) {
    if (into.empty()) return 0;
    std::unique_lock lock(mutex_);
    if (source_error_) std::rethrow_exception(source_error_);
    if (!thread_.joinable()) start_thread();
    for (;;) {
        if (!out_.empty()) {
            const std::size_t count = take(lock, into);
            if (eager_ && should_feed()) feed(lock);
            return count;
        }
        if (error_) std::rethrow_exception(error_);
        if (decoded_all_) return 0;
        if (should_feed()) {
            feed(lock);
        } else {
            changed_.wait(lock, [&] { return !out_.empty() || error_ || decoded_all_ || should_feed(); });
        }
    }
}

void AheadDecoded::start_thread() {
    try {
        thread_ = std::jthread([this] { decode_all(); });
    } catch (const std::system_error& error) {
        throw Error(ErrorCode::io,
                    "there is no thread to decode ahead (" + std::string(error.what()) + "): load with n_threads = 1");
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

// Only the caller's thread empties output pieces, so the other may go on during the copy.
std::size_t AheadDecoded::take(std::unique_lock<std::mutex>& lock, std::span<std::byte> into) {
    const std::span<const std::byte> piece = out_.front().subspan(taken_);
    const std::size_t count = std::min(into.size(), piece.size());
    lock.unlock();
    std::memcpy(into.data(), piece.data(), count);
    lock.lock();
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

void AheadDecoded::decode_until_end() {
    std::unique_lock lock(mutex_);
    for (bool is_done = false; !is_done;) {
        changed_.wait(lock, [&] { return state_ == State::stopping || !out_.full(); });
        if (state_ == State::stopping) return;
        const bool at_end = state_ == State::ended;
        const std::size_t size = at_end ? end_of_input(lock, out_.back()) : fill(lock, out_.back());
        if (size > 0) out_.push(size);
        is_done = at_end && size == 0;
        changed_.notify_all();
    }
    decoder_.end();
}

std::size_t AheadDecoded::end_of_input(std::unique_lock<std::mutex>& lock, std::span<std::byte> out) {
    lock.unlock();
    const std::size_t size = decoder_.end_of_input(out);
    lock.lock();
    return size;
}

// Decodes into one piece. It is handed over before it is full when there is no more input at hand: the caller may be
// waiting for just these bytes.
std::size_t AheadDecoded::fill(std::unique_lock<std::mutex>& lock, std::span<std::byte> out) {
    std::size_t filled = 0;
    while (filled < out.size() && state_ == State::decoding) {
        if (current_.empty() && !may_hold_output_) {
            if (in_.empty() && filled > 0) break;
            next_input(lock);
            continue;
        }
        lock.unlock();
        CoderStep step;
        try {
            step = decoder_.decode(current_, out.subspan(filled));
        } catch (...) {
            lock.lock();
            if (filled > 0) out_.push(filled);
            throw;
        }
        lock.lock();
        filled += step.produced;
        may_hold_output_ = step.produced > 0;
        if (step.consumed > 0 && step.consumed == current_.size()) in_.pop();
        current_ = current_.subspan(step.consumed);
    }
    return filled;
}

void AheadDecoded::next_input(std::unique_lock<std::mutex>& lock) {
    hungry_ = in_.empty();
    changed_.notify_all();
    changed_.wait(lock, [&] { return state_ == State::stopping || !in_.empty() || fed_all_; });
    hungry_ = false;
    if (state_ == State::stopping) return;
    if (in_.empty())
        state_ = State::ended;
    else
        current_ = in_.front();
}

}  // namespace

std::unique_ptr<Source> decoded_ahead(std::unique_ptr<Source> from, MemberDecoder decoder) {
    return std::make_unique<AheadDecoded>(std::move(from), std::move(decoder));
}

}  // namespace jl::detail
