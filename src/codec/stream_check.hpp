// The checksum that ends a gzip (CRC-32) or zlib (Adler-32) stream: running, or joined from parts checked apart.
//
//     StreamCheck whole(StreamCheck::Kind::crc32);  whole.update(bytes);  whole.join(check_of_the_next_unit);
//
// A plain value. Runs on libdeflate or ISA-L where they are built in, else on zlib.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace jl::detail {

class StreamCheck {
  public:
    enum class Kind : std::uint8_t { crc32, adler32 };

    explicit StreamCheck(Kind kind) noexcept : kind_(kind), value_(kind == Kind::crc32 ? 0 : 1) {}

    void update(std::span<const std::byte> bytes) noexcept;
    // Precondition: `next` is of the same kind and checks the bytes that follow.
    void join(const StreamCheck& next) noexcept;

    std::uint32_t value() const noexcept { return value_; }
    std::uint64_t bytes() const noexcept { return bytes_; }

  private:
    Kind kind_;
    std::uint32_t value_;
    std::uint64_t bytes_ = 0;
};

}  // namespace jl::detail
