// Uninitialised memory for payloads: cheap to make, huge pages where the system has them, 64-byte aligned.
//
//     jl::Buffer buffer(nbytes);  source.read_at(offset, buffer.bytes());
//
// Small buffers come from the heap, big ones from the system, advised to use huge pages. Moves, does not copy.
#pragma once

#include <cstddef>
#include <span>

namespace jl {

class Buffer {
  public:
    static constexpr std::size_t alignment = 64;

    Buffer() noexcept = default;
    explicit Buffer(std::size_t size);  // contents are unspecified; std::bad_alloc
    Buffer(Buffer&& other) noexcept;
    Buffer& operator=(Buffer&& other) noexcept;
    ~Buffer();

    std::size_t size() const noexcept { return size_; }
    std::byte* data() noexcept { return data_; }
    const std::byte* data() const noexcept { return data_; }
    std::span<std::byte> bytes() noexcept { return {data_, size_}; }
    std::span<const std::byte> bytes() const noexcept { return {data_, size_}; }
    // Keeps the contents up to the smaller size; big buffers grow without a copy.
    void resize(std::size_t size);

  private:
    std::byte* data_ = nullptr;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

// Asks the system for huge pages behind memory that is about to be filled; a hint, never an error.
void advise_huge(std::span<std::byte> memory) noexcept;

}  // namespace jl
