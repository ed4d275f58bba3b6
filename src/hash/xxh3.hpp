// XXH3 of 128 bits, whole or running.
//
//     const Digest digest = xxh3(bytes);      RunningXxh3 running;  running.update(bytes);  running.digest();
//
// Where xxHash is not built in, everything here is Error{unsupported}.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace jl::detail {

// Compares as its bytes do, which are written big-endian: xxHash's canonical form.
struct Digest {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    friend auto operator<=>(const Digest&, const Digest&) = default;
};
inline constexpr std::size_t digest_bytes = 16;
void store(std::byte* to, const Digest& digest) noexcept;

Digest xxh3(std::span<const std::byte> bytes);

// A value: copies go on from where the original stood.
class RunningXxh3 {
  public:
    RunningXxh3();
    RunningXxh3(const RunningXxh3& other);
    RunningXxh3& operator=(const RunningXxh3&) = delete;
    ~RunningXxh3();

    void update(std::span<const std::byte> bytes);
    Digest digest() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace jl::detail
