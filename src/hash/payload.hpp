// What a payload (the items of an array, a text, bytes) puts into a hash: itself while it is short, else the digest of
// its one chunk, or of the digests of several. Chunks lie in C order whatever the memory, and are digested on several
// cores.
//
//     Payload(threads).put(bodies, bytes);      Payload(threads).put_items(bodies, event);
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <jl/emitter.hpp>

#include "hash/bodies.hpp"
#include "hash/canonical_items.hpp"

namespace jl::detail {

// Fixed by the specification.
inline constexpr std::size_t short_payload = 128;
inline constexpr std::size_t payload_chunk = std::size_t{1} << 20;

// Of a payload of bytes, on this thread: at most short_payload bytes.
std::vector<std::byte> short_form(std::span<const std::byte> bytes);

class Payload {
  public:
    explicit Payload(unsigned n_threads) noexcept : n_threads_(n_threads) {}

    void put(Bodies& bodies, std::span<const std::byte> bytes);
    // Without dtype and shape; `canonical`: of the dtype. Error{range} where the shape is too big to be.
    void put_items(Bodies& bodies, const ArrayEvent& event, const CanonicalItems& canonical);

  private:
    unsigned threads_for(std::uint64_t nbytes);

    unsigned n_threads_;
    unsigned effective_ = 0;  // found when the first long payload comes
};

}  // namespace jl::detail
