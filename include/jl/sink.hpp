// Where bytes go: the interface, and adapters for what programs already have.
//
//     std::ofstream out("x.pkl", std::ios::binary);
//     jl::StreamSink sink(out);
//     struct Store { void write(std::span<const std::byte>); };   // any such type is a sink as it stands (ObjectSink);
//                                                                 // or std::size_t write(…): how many it took
//
// A sink is used by one thread at a time. write() takes all bytes or throws; a failure is Error{ErrorCode::io}.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <span>
#include <vector>

namespace jl {

class Sink {
  public:
    virtual ~Sink() = default;
    virtual void write(std::span<const std::byte> bytes) = 0;
    // Position of the next byte in the underlying file, when the sink can tell; array payloads are aligned to it.
    virtual std::optional<std::uint64_t> position() { return std::nullopt; }
};

// A sink whose bytes may also be placed by position, from several threads at once, up to what was reserved.
class RandomSink : public Sink {
  public:
    // Moves position() forward over `count` bytes that write_at will fill; returns where they start.
    virtual std::uint64_t reserve(std::uint64_t count) = 0;
    virtual void write_at(std::uint64_t offset, std::span<const std::byte> bytes) = 0;  // thread-safe
};

// Adds to a vector that outlives the sink.
class VectorSink final : public Sink {
  public:
    explicit VectorSink(std::vector<std::byte>& bytes) noexcept : bytes_(&bytes) {}
    void write(std::span<const std::byte> bytes) override { bytes_->insert(bytes_->end(), bytes.begin(), bytes.end()); }
    std::optional<std::uint64_t> position() override { return bytes_->size(); }

  private:
    std::vector<std::byte>* bytes_;
};

class MemorySink final : public Sink {
  public:
    void write(std::span<const std::byte> bytes) override { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }
    std::optional<std::uint64_t> position() override { return bytes_.size(); }
    const std::vector<std::byte>& bytes() const noexcept { return bytes_; }
    std::vector<std::byte> take() noexcept { return std::move(bytes_); }

  private:
    std::vector<std::byte> bytes_;
};

// Writes to a stream that outlives the sink; position() is tellp() where the stream has one.
class StreamSink final : public Sink {
  public:
    explicit StreamSink(std::ostream& stream) noexcept : stream_(&stream) {}
    void write(std::span<const std::byte> bytes) override;
    std::optional<std::uint64_t> position() override;

  private:
    std::ostream* stream_;
};

template <class T>
concept WritableObject = !std::derived_from<T, Sink> && requires(T & object, std::span<const std::byte> bytes) {
    object.write(bytes);
};

namespace detail {
[[noreturn]] void refuse_short_write(std::size_t count);
}

// Where the object's write returns a number it may take a part of the bytes, and is called again for the rest; nothing
// taken is Error{io}.
template <WritableObject T>
class ObjectSink final : public Sink {
  public:
    explicit ObjectSink(T& object) noexcept : object_(&object) {}
    void write(std::span<const std::byte> bytes) override {
        using Taken = decltype(object_->write(bytes));
        if constexpr (std::integral<Taken> && !std::same_as<Taken, bool>) {
            while (!bytes.empty()) {
                const Taken taken = object_->write(bytes);
                if (taken <= 0 || static_cast<std::size_t>(taken) > bytes.size())
                    detail::refuse_short_write(bytes.size());
                bytes = bytes.subspan(static_cast<std::size_t>(taken));
            }
        } else {
            object_->write(bytes);
        }
    }

  private:
    T* object_;
};

}  // namespace jl
