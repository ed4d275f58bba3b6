// Sources and sinks that behave badly in a chosen way: one byte at a time, failing at a chosen byte, counting.
//
//     PieceSource source(bytes, 1);          // never more than 1 byte a read
//     FailingSource source(bytes, 100);      // throws Injected when byte 100 is reached
//     FailingSink sink(100);                 // takes 100 bytes, then throws Injected
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <stdexcept>
#include <vector>

#include <jl/sink.hpp>
#include <jl/source.hpp>

namespace jl::test {

// What the fakes throw: not a jl::Error, so that it must come through unchanged.
struct Injected : std::runtime_error {
    Injected() : std::runtime_error("injected failure") {}
};

// Hands out at most `piece` bytes at a time. Does not know its length, as a pipe does not.
class PieceSource final : public Source {
  public:
    PieceSource(std::span<const std::byte> bytes, std::size_t piece) : rest_(bytes), piece_(piece) {}
    std::size_t read(std::span<std::byte> into) override {
        const std::size_t count = std::min({into.size(), rest_.size(), piece_});
        if (count > 0) std::memcpy(into.data(), rest_.data(), count);
        rest_ = rest_.subspan(count);
        return count;
    }

  private:
    std::span<const std::byte> rest_;
    std::size_t piece_;
};

class FailingSource final : public Source {
  public:
    FailingSource(std::span<const std::byte> bytes, std::size_t good) : rest_(bytes.first(good)) {}
    std::size_t read(std::span<std::byte> into) override {
        if (rest_.empty()) throw Injected();
        const std::size_t count = std::min(into.size(), rest_.size());
        std::memcpy(into.data(), rest_.data(), count);
        rest_ = rest_.subspan(count);
        return count;
    }

  private:
    std::span<const std::byte> rest_;
};

// Random access to memory, of which the bytes from `good` on cannot be read.
class FailingRandomSource final : public RandomSource {
  public:
    FailingRandomSource(std::span<const std::byte> bytes, std::uint64_t bad_begin, std::uint64_t bad_end)
        : whole_(bytes), bad_begin_(bad_begin), bad_end_(bad_end) {}
    std::uint64_t size() const override { return whole_.size(); }
    void read_at(std::uint64_t offset, std::span<std::byte> into) const override {
        if (offset < bad_end_ && offset + into.size() > bad_begin_) throw Injected();
        whole_.read_at(offset, into);
    }

  private:
    MemorySource whole_;
    std::uint64_t bad_begin_;
    std::uint64_t bad_end_;
};

class FailingSink final : public Sink {
  public:
    explicit FailingSink(std::uint64_t good) : left_(good) {}
    void write(std::span<const std::byte> bytes) override {
        if (bytes.size() > left_) throw Injected();
        left_ -= bytes.size();
    }

  private:
    std::uint64_t left_;
};

class CountingSink final : public Sink {
  public:
    void write(std::span<const std::byte> bytes) override { count_ += bytes.size(); }
    std::optional<std::uint64_t> position() override { return count_; }
    std::uint64_t count() const noexcept { return count_; }

  private:
    std::uint64_t count_ = 0;
};

// All that is left in a source, read in pieces of the given size.
inline std::vector<std::byte> read_all(Source& source, std::size_t piece = 65536) {
    std::vector<std::byte> all;
    std::vector<std::byte> part(piece);
    while (const std::size_t count = source.read(part)) {
        all.insert(all.end(), part.begin(), part.begin() + static_cast<std::ptrdiff_t>(count));
    }
    return all;
}

}  // namespace jl::test
