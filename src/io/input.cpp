#include "io/input.hpp"

#include <algorithm>
#include <cstring>
#include <string>

#include <jl/error.hpp>

#include "io/crc32c.hpp"

namespace jl {

namespace {
// With an unknown end, a claim is believed one step at a time.
constexpr std::uint64_t first_step = std::uint64_t{64} << 10;
}  // namespace

Input::Input(Source& source, Lookahead lookahead) : source_(&source), exact_(lookahead == Lookahead::exact) {}

Input::Input(const RandomSource& source, std::uint64_t begin, std::uint64_t end)
    : random_(&source), base_(begin), source_end_(end) {
    if (const auto view = source.view(); !view.empty()) {
        begin_ = cursor_ = view.data() + begin;
        end_ = view.data() + end;
    }
}

std::size_t Input::pull(std::span<std::byte> into) {
    if (source_) return source_->read(into);
    const std::uint64_t at = base_ + static_cast<std::uint64_t>(end_ - begin_);
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), source_end_ - at));
    if (count > 0) random_->read_at(at, into.first(count));
    return count;
}

void Input::pause_checksum() noexcept {
    if (!summing_) return;
    summing_ = false;
    const auto count = static_cast<std::size_t>(cursor_ - crc_from_);
    if (count == 0) return;
    crc_ = crc32c({crc_from_, count}, crc_);
    crc_bytes_ += count;
}

void Input::drop_window() noexcept {
    base_ = position();
    begin_ = cursor_ = end_ = window_.data();
}

void Input::fail_end(std::uint64_t wanted) const {
    const std::uint64_t have = static_cast<std::uint64_t>(end_ - cursor_);
    throw Error(ErrorCode::truncated,
                std::to_string(wanted) + " bytes are needed here, the input ends after " + std::to_string(have))
        .at_byte(position());
}

void Input::fill(std::size_t count) {
    if (random_ && !random_->view().empty()) fail_end(count);
    const bool summing = summing_;
    pause_checksum();
    const auto kept = static_cast<std::size_t>(end_ - cursor_);
    base_ = position();
    if (window_.size() == 0) window_ = Buffer(exact_ ? max_need : window_bytes);
    if (kept > 0) std::memmove(window_.data(), cursor_, kept);
    begin_ = cursor_ = window_.data();
    end_ = begin_ + kept;
    const std::size_t goal = exact_ ? count : window_.size();
    while (static_cast<std::size_t>(end_ - begin_) < count) {
        const auto have = static_cast<std::size_t>(end_ - begin_);
        const std::size_t got = pull({window_.data() + have, goal - have});
        if (got == 0) fail_end(count);
        end_ += got;
    }
    if (summing) resume_checksum();
}

std::span<const std::byte> Input::peek(std::size_t count) {
    try {
        need(count);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::truncated) throw;
    }
    return {cursor_, std::min(count, static_cast<std::size_t>(end_ - cursor_))};
}

void Input::read(std::span<std::byte> into) {
    const auto from_window = std::min(into.size(), static_cast<std::size_t>(end_ - cursor_));
    if (from_window > 0) std::memcpy(into.data(), cursor_, from_window);
    cursor_ += from_window;
    into = into.subspan(from_window);
    if (into.empty()) return;
    if (into.size() <= max_need) {
        std::memcpy(into.data(), need(into.size()), into.size());
        cursor_ += into.size();
        return;
    }
    const bool summing = summing_;
    pause_checksum();
    drop_window();
    while (!into.empty()) {
        const std::size_t got = pull(into);
        if (got == 0) fail_end(into.size());
        if (summing) crc_ = crc32c(into.first(got), crc_), crc_bytes_ += got;
        base_ += got;
        into = into.subspan(got);
    }
    if (summing) resume_checksum();
}

Buffer Input::read_claimed(std::uint64_t count) {
    expect(count, [] { return "data"; });
    const std::uint64_t step = remaining() ? count : std::min(count, first_step);
    Buffer buffer(static_cast<std::size_t>(step));
    read(buffer.bytes());
    while (buffer.size() < count) {
        const std::size_t have = buffer.size();
        buffer.resize(static_cast<std::size_t>(std::min<std::uint64_t>(count, std::uint64_t{have} * 2)));
        read(buffer.bytes().subspan(have));
    }
    return buffer;
}

void Input::skip(std::uint64_t count) {
    if (count <= static_cast<std::uint64_t>(end_ - cursor_)) {
        cursor_ += count;
        return;
    }
    const bool summing = summing_;
    if (random_ && !summing) {
        expect(count, [] { return "data to skip"; });
        const std::uint64_t target = position() + count;
        drop_window();
        base_ = target;
        return;
    }
    while (count > 0) {
        const auto piece = static_cast<std::size_t>(std::min<std::uint64_t>(count, max_need));
        need(piece);
        cursor_ += piece;
        count -= piece;
    }
}

std::optional<std::uint64_t> Input::remaining() {
    if (random_) return source_end_ - position();
    if (const auto rest = source_->remaining()) return *rest + static_cast<std::uint64_t>(end_ - cursor_);
    return std::nullopt;
}

void Input::fail_claim(const std::string& what, std::uint64_t count, std::uint64_t rest) const {
    throw Error(ErrorCode::truncated,
                what + " of " + std::to_string(count) + " bytes is announced, " + std::to_string(rest) + " remain")
        .at_byte(position());
}

}  // namespace jl
