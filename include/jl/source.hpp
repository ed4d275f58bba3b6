// Where bytes come from: forward only (Source) or at any offset (RandomSource), and adapters.
//
//     std::ifstream in("x.pkl", std::ios::binary);
//     jl::StreamSource source(in);
//     struct Store { std::size_t read(std::span<std::byte>); };   // any such type is a source as it stands
//     (ObjectSource)
//
// A Source is used by one thread at a time; a RandomSource by any number at once. Failures are Error{ErrorCode::io}.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iosfwd>
#include <optional>
#include <span>

namespace jl {

class Source {
  public:
    virtual ~Source() = default;
    // Fills a part of `into`, at least one byte unless the end is reached; returns the count, 0 at the end.
    virtual std::size_t read(std::span<std::byte> into) = 0;
    // Bytes left until the end, when the source knows.
    virtual std::optional<std::uint64_t> remaining() { return std::nullopt; }
    // Where the end of an object shows only when it has been read (compressed ones), more is read than belongs to it.
    // True: unread() works from now on.
    virtual bool prepare_unread() { return false; }
    // Gives back the last `count` bytes, all of them from the last read(). Precondition: prepare_unread() was true.
    virtual void unread(std::uint64_t count);
};

class RandomSource {
  public:
    virtual ~RandomSource() = default;
    virtual std::uint64_t size() const = 0;
    // Fills `into` from `offset`; Error{ErrorCode::truncated} unless all of it lies below size().
    virtual void read_at(std::uint64_t offset, std::span<std::byte> into) const = 0;
    // The bytes themselves where they are in memory anyway (memory, maps); empty otherwise.
    virtual std::span<const std::byte> view() const { return {}; }
    // Whether a short read may cost as much as a long one, as where bytes have to be decoded.
    virtual bool prefers_long_reads() const { return false; }
};

// Bytes that the caller keeps alive.
class MemorySource final : public RandomSource {
  public:
    explicit MemorySource(std::span<const std::byte> bytes) noexcept : bytes_(bytes) {}
    std::uint64_t size() const override { return bytes_.size(); }
    void read_at(std::uint64_t offset, std::span<std::byte> into) const override;
    std::span<const std::byte> view() const override { return bytes_; }

  private:
    std::span<const std::byte> bytes_;
};

// The bytes [begin, end) of a random source, in order.
class SequentialSource final : public Source {
  public:
    SequentialSource(const RandomSource& source, std::uint64_t begin, std::uint64_t end) noexcept
        : source_(&source), next_(begin), end_(end) {}
    std::size_t read(std::span<std::byte> into) override {
        const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), end_ - next_));
        source_->read_at(next_, into.first(count));
        next_ += count;
        return count;
    }
    std::optional<std::uint64_t> remaining() override { return end_ - next_; }

  private:
    const RandomSource* source_;
    std::uint64_t next_;
    std::uint64_t end_;
};

// Reads from a stream that outlives the source, and leaves its state alone: no eofbit, no exceptions() of the stream.
class StreamSource final : public Source {
  public:
    explicit StreamSource(std::istream& stream) noexcept : stream_(&stream) {}
    std::size_t read(std::span<std::byte> into) override;
    bool prepare_unread() override { return true; }
    // Where the stream can seek, more than the last read() may be given back.
    void unread(std::uint64_t count) override;
    bool seekable() const;

  private:
    std::istream* stream_;
};

template <class T>
concept ReadableObject = !std::derived_from<T, Source> && requires(T & object, std::span<std::byte> into) {
    { object.read(into) } -> std::convertible_to<std::size_t>;
};

template <ReadableObject T>
class ObjectSource final : public Source {
  public:
    explicit ObjectSource(T& object) noexcept : object_(&object) {}
    std::size_t read(std::span<std::byte> into) override { return static_cast<std::size_t>(object_->read(into)); }

  private:
    T* object_;
};

}  // namespace jl
