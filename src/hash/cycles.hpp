// Digests of values that contain themselves.
//
// Such a body has no digest of its own: it would contain itself. What decides is what one sees walking on from it for
// ever. So all of them get names in rounds, as nodes of one system: a node's digest is that of its body with the names
// of its neighbours in their places, and nodes of one name whose digests differ get different names, until no more are
// told apart. The names and digests of all describe the system, and with the root's name the value. Equal values have
// equal digests whether they share, copy or unroll their parts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "hash/tags.hpp"
#include "hash/xxh3.hpp"

namespace jl::detail {

// A place for the name of a node.
struct CyclicRef {
    std::size_t at;
    std::uint32_t node;
};

// A body as it stands: bytes with places for names; of items in any order also where each ends, and the digests of
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
    void set(std::uint32_t node, CyclicBody body) { nodes_[node].body = std::move(body); }
    bool empty() const noexcept { return nodes_.empty(); }

    struct Result {
        Digest root;    // its name
        Digest system;  // of the names and digests of all
    };
    // Digests a body again when a neighbour's name has changed, no others.
    Result solve(std::uint32_t root);

  private:
    struct Node {
        CyclicBody body = {};
        std::vector<std::uint32_t> referrers = {};
        Digest name = {};
        Digest digest = {};
        Digest next = {};    // digest in this round
        bool dirty = false;  // a neighbour's name has changed
    };
    using Nodes = std::vector<std::uint32_t>;

    void begin();
    Nodes changed(const Nodes& dirty);
    Nodes rename(Nodes changed);
    void rename_all_but_one(std::span<const std::uint32_t> nodes, Nodes& renamed);
    Nodes referrers_of(const Nodes& nodes);
    Digest digest_of(const CyclicBody& body);
    Digest system() const;

    std::vector<Node> nodes_;
    std::uint64_t round_ = 0;
    std::map<Digest, std::size_t> members_;  // number of nodes of each name
    std::vector<std::byte> bytes_;           // of the body at hand, its places filled
    std::vector<Digest> sorted_;
};

// The digest of a body of digests in ascending order; sorts them.
Digest sorted_digest(std::byte tag, std::span<Digest> digests);

}  // namespace jl::detail
