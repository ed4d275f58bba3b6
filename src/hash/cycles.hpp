// Digests of values that contain themselves.
//
// Such a body has no digest of its own: it would contain itself. What decides is what one sees walking on from it for
// ever. So all of them get names in rounds, as nodes of one system: a node's digest is that of its body without the
// names of its neighbours, and of the sum of what each name is in its place; nodes of one name whose digests differ get
// different names, until no more are told apart. A new name changes one term of a sum, however long the body. Nodes of
// one name are alike then; of these one is kept, and the rounds are run again among those that are left. The names
// and digests of all describe the system, and with the root's name the value. Equal values have equal digests whether
// they share, copy or unroll their parts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <utility>
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
    Result solve(std::uint32_t root);

  private:
    // An item of a body in any order that has places in it.
    struct Item {
        Digest base = {};  // nothing in the places
        Digest sum = {};   // of what the names are in their places
    };
    // A place: of which item, if they have no order, and the how manyth in the body or item.
    struct Place {
        std::uint32_t node;
        std::uint32_t item;
        std::uint64_t number;
    };
    struct Node {
        CyclicBody body = {};            // until it is digested
        std::vector<Item> items = {};    // of a body in any order
        std::vector<Place> places = {};  // in which this one stands
        Digest base = {};                // nothing in the places: the first name
        Digest sum = {};                 // of what the names are in their places
        Digest name = {};
        Digest digest = {};
        Digest next = {};  // digest in this round
        bool sorted = false;
        std::uint32_t member = 0;  // how manyth of its name
        bool dirty = false;        // a neighbour's name has changed
    };
    using Nodes = std::vector<std::uint32_t>;
    using Renamed = std::vector<std::pair<std::uint32_t, Digest>>;  // with the names they had

    void refine();
    std::uint32_t unite(std::uint32_t root);
    Nodes changed(const Nodes& dirty);
    Renamed next_names(Nodes changed);
    void rename_smaller_groups(std::span<const std::uint32_t> nodes, Renamed& renamed);
    void rename(std::uint32_t node, Renamed& renamed);
    void join(std::uint32_t node);  // those of its name
    Nodes referrers_of(const Renamed& nodes);
    void digest(std::uint32_t node);
    Digest digest_sorted(Node& node);
    void note_places(std::uint32_t node);
    // Puts another name in the place of the old one, if there was one.
    void fill(const Place& place, const Digest* before, const Digest& name);
    Digest system() const;

    std::vector<Node> nodes_;
    std::uint64_t round_ = 0;
    std::map<Digest, Nodes> members_;  // of each name
};

// The digest of a body of digests in ascending order; sorts them.
Digest sorted_digest(std::byte tag, std::span<Digest> digests);

}  // namespace jl::detail
