// Parts of something far away that were read lately: short reads nearby cost no request of their own.
//
//     Windows windows(size);
//     windows.read(offset, into, [&](std::uint64_t at, std::span<std::byte> part) { fetch(at, part); });
//
// Long reads go straight to their place; those shorter than `long_read` bring a window, which grows from 256 KiB to
// 4 MiB as long as they follow one another. Thread-safe; nobody waits for another's fetch.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

namespace jl::detail {

class Windows {
  public:
    static constexpr std::size_t long_read = std::size_t{1} << 20;
    static constexpr std::size_t shortest = std::size_t{256} << 10;
    static constexpr std::size_t longest = std::size_t{4} << 20;

    using Fetch = std::function<void(std::uint64_t offset, std::span<std::byte> into)>;

    explicit Windows(std::uint64_t size) : size_(size) {}
    std::uint64_t size() const noexcept { return size_; }
    // The size and the last bytes, kept for good, where they become known later; before any read.
    void start(std::uint64_t size, std::vector<std::byte> tail);
    // Error{truncated} beyond size().
    void read(std::uint64_t offset, std::span<std::byte> into, const Fetch& fetch);

  private:
    struct Window {
        std::uint64_t offset = 0;
        std::vector<std::byte> bytes;
        std::uint64_t end() const noexcept { return offset + bytes.size(); }
    };
    using Shared = std::shared_ptr<const Window>;

    Shared find(std::uint64_t offset);
    Shared bring(std::uint64_t offset, const Fetch& fetch);

    std::uint64_t size_;
    Window tail_;
    std::mutex mutex_;                // guards the rest
    std::array<Shared, 4> recent_{};  // the latest first
    std::size_t next_length_ = shortest;
    std::uint64_t expected_ = 0;  // where a reader in order would go on
};

}  // namespace jl::detail
