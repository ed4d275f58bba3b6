// What a payload (the items of an array, a text, bytes) puts into a hash: itself while it is short, else one digest a
// chunk. Chunks lie in C order whatever the memory, and are digested on several cores.
//
//     Payload(threads).put(bodies, bytes);      Payload(threads).put_items(bodies, event);
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <jl/emitter.hpp>

#include "hash/bodies.hpp"

namespace jl::detail {

// Fixed by the specification.
inline constexpr std::size_t short_payload = 128;
inline constexpr std::size_t payload_chunk = std::size_t{1} << 20;

class Payload {
  public:
    explicit Payload(unsigned n_threads) noexcept : n_threads_(n_threads) {}

    void put(Bodies& bodies, std::span<const std::byte> bytes);
    // Without dtype and shape. Error{range} where the shape is too big to be.
    void put_items(Bodies& bodies, const ArrayEvent& event);

  private:
    unsigned threads_for(std::uint64_t nbytes);

    unsigned n_threads_;
    unsigned effective_ = 0;  // found when the first long payload comes
};

}  // namespace jl::detail
