// A forward reader with a window: what the pickle machine reads from.
//
//     Input in(source);   const std::byte* p = in.need(9);  …  in.advance(9);
//
// Counts positions, keeps a running CRC32C where asked, and never allocates more than the bytes that are there justify.
// One thread at a time. Reading past the end throws Error{truncated} at the position.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include <jl/buffer.hpp>
#include <jl/source.hpp>

namespace jl {

class Input {
  public:
    static constexpr std::size_t window_bytes = std::size_t{256} << 10;
    static constexpr std::size_t max_need = std::size_t{64} << 10;

    enum class Lookahead { free, exact };  // exact: takes no byte from the source before it is needed

    explicit Input(Source& source, Lookahead lookahead = Lookahead::free);
    // Bytes [begin, end) of a random source; positions count from its first byte. The source must outlive the input.
    Input(const RandomSource& source, std::uint64_t begin, std::uint64_t end);

    // At least `count` contiguous bytes (count <= max_need) without consuming them.
    const std::byte* need(std::size_t count) {
        if (static_cast<std::size_t>(end_ - cursor_) < count) fill(count);
        return cursor_;
    }
    void advance(std::size_t count) noexcept { cursor_ += count; }  // precondition: need(count) before
    // Up to max_need contiguous bytes, fewer only at the end of the input.
    std::span<const std::byte> peek(std::size_t count);
    void read(std::span<std::byte> into);
    // `count` bytes as announced by the input itself: memory grows with what really arrives.
    Buffer read_claimed(std::uint64_t count);
    void skip(std::uint64_t count);

    std::uint64_t position() const noexcept { return base_ + static_cast<std::uint64_t>(cursor_ - begin_); }
    Lookahead lookahead() const noexcept { return exact_ ? Lookahead::exact : Lookahead::free; }
    void look_ahead_freely() noexcept { exact_ = false; }  // from now on
    // The bytes that can be had without waiting for more than the next one; none at the end.
    std::span<const std::byte> at_hand() {
        const bool is_end = peek(1).empty();
        return {cursor_, is_end ? 0 : static_cast<std::size_t>(end_ - cursor_)};
    }
    // Bytes until the end of the input, where that is known.
    std::optional<std::uint64_t> remaining();
    // Error{truncated} if the input is known to hold fewer than `count` further bytes; what() names who claims them.
    template <class What>
    void expect(std::uint64_t count, What what) {
        if (const auto rest = remaining(); rest && *rest < count) fail_claim(what(), count, *rest);
    }
    const RandomSource* random() const noexcept { return random_; }  // null: forward only
    std::uint64_t unread() const noexcept {
        return static_cast<std::uint64_t>(end_ - cursor_);
    }  // taken from the source, not consumed

    // CRC32C over what is consumed between start and stop; pausing leaves bytes out (array payloads).
    void start_checksum() noexcept { crc_ = 0, crc_bytes_ = 0, resume_checksum(); }
    void pause_checksum() noexcept;
    void resume_checksum() noexcept { summing_ = true, crc_from_ = cursor_; }
    std::uint32_t checksum() noexcept { return pause_checksum(), crc_; }
    std::uint64_t checksummed_bytes() const noexcept { return crc_bytes_; }

  private:
    void fill(std::size_t count);
    std::size_t pull(std::span<std::byte> into);
    void drop_window() noexcept;
    [[noreturn]] void fail_end(std::uint64_t wanted) const;
    [[noreturn]] void fail_claim(const std::string& what, std::uint64_t count, std::uint64_t rest) const;

    Source* source_ = nullptr;
    const RandomSource* random_ = nullptr;
    bool exact_ = false;
    Buffer window_;
    std::uint64_t base_ = 0;  // position of begin_
    const std::byte* begin_ = nullptr;
    const std::byte* cursor_ = nullptr;
    const std::byte* end_ = nullptr;
    std::uint64_t source_end_ = 0;  // random: end of the range
    bool summing_ = false;
    const std::byte* crc_from_ = nullptr;  // while summing: first byte that is not in crc_ yet
    std::uint32_t crc_ = 0;
    std::uint64_t crc_bytes_ = 0;
};

}  // namespace jl
