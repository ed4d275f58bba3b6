// Digests of values that contain themselves.
//
// Such a body has no digest of its own: it would contain itself. What decides is what one sees walking on from it for
// ever. So all of them get digests in rounds, as parts of one system: in each round a body is digested with what its
// neighbours had in the round before, which tells apart what differs within one more step. When no more are told apart,
// the pairs (last round, one more) of all bodies describe the system, and with the root's digest the value.
// Equal values give equal digests whether they share, copy or unroll their parts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "hash/tags.hpp"
#include "hash/xxh3.hpp"

namespace jl::detail {

// A place for the digest of a node.
struct CyclicRef {
    std::size_t at;
    std::uint32_t node;
};

// A body as it stands: bytes with places for digests; of items in any order also where each ends, and the digests of
// those that refer to no node.
struct CyclicBody {
    std::unique_ptr<RunningXxh3> before = {};  // of what precedes `bytes`
    std::vector<std::byte> bytes = {};
    std::vector<CyclicRef> refs = {};
    bool sorted = false;
    std::byte tag = {};  // sorted: what the body begins with
    std::vector<std::size_t> ends = {};
    std::vector<Digest> digests = {};
};

class Cycles {
  public:
    std::uint32_t add();  // a node whose body comes later
    void set(std::uint32_t node, CyclicBody body) { bodies_[node] = std::move(body); }
    bool empty() const noexcept { return bodies_.empty(); }

    struct Result {
        Digest root;    // of the last round
        Digest system;  // of all pairs
    };
    // Time: nodes x rounds; a round more for each step in which something new is told apart.
    Result solve(std::uint32_t root);

  private:
    Digest digest_of(const CyclicBody& body, const std::vector<Digest>& nodes);

    std::vector<CyclicBody> bodies_;
    std::vector<std::byte> bytes_;  // of the body at hand, its places filled
    std::vector<Digest> sorted_;
};

// The digest of a body of digests in ascending order; sorts them.
Digest sorted_digest(std::byte tag, std::span<Digest> digests);

}  // namespace jl::detail
