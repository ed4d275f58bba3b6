// Values inside values: each container is a body of encoded items, and stands in its own container as the digest of it.
//
//     bodies.open(Tag::list, Body::ordered);  bodies.put(Tag::none);  bodies.item_done();  bodies.close();
//     bodies.finish();                                                // what stands for the whole value
//
// Bodies of sets and dicts are the sorted digests of their items. What is shared is encoded once and stands for the
// same digest everywhere; what reaches itself becomes a part of a Cycles. Long bodies are digested as they grow.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <typeinfo>
#include <unordered_map>
#include <vector>

#include "hash/cycles.hpp"
#include "hash/tags.hpp"
#include "hash/xxh3.hpp"

namespace jl::detail {

enum class Body : std::uint8_t {
    ordered,  // items in order
    items,    // in any order
    pairs,    // key, value, key, value, … in any order of pairs
};

class Bodies {
  public:
    Bodies();

    // Into the innermost body, or the root.
    void put(Tag tag) { buffer_.push_back(static_cast<std::byte>(tag)); }
    void put(std::uint64_t number);
    void put(std::span<const std::byte> bytes);
    void put(const Digest& digest);
    void item_done();  // a whole value was put

    void open(Tag tag, Body body);
    void close();
    Tag innermost() const noexcept { return frames_.empty() ? Tag::none : frames_.back().tag; }
    std::size_t depth() const noexcept { return frames_.size(); }

    // True: the value at this address was put, or is open around this place, and now stands here again. False: the next
    // value is its. As a key (`frozen`) it is told in another way, and is another value.
    bool share(const void* address, const std::type_info& type, bool frozen, std::shared_ptr<const void> keep);

    // Error{usage} unless one value was put and nothing is open.
    std::span<const std::byte> finish();

  private:
    static constexpr std::uint32_t none = ~std::uint32_t{0};

    struct Frame {
        Tag tag;
        Body body;
        bool at_value = false;                     // pairs: a key was put
        std::size_t start;                         // in buffer_: the body, or its current item
        std::size_t first_digest;                  // in digests_: of its items
        std::size_t first_ref;                     // in refs_
        std::uint32_t shared;                      // first of the shared entries that this is the value of
        std::uint32_t node = none;                 // in cycles_, once something inside refers to it
        std::unique_ptr<RunningXxh3> before = {};  // of what was digested already
        std::unique_ptr<CyclicBody> items = {};    // those that refer to open bodies
    };
    struct Shared {
        enum class State : std::uint8_t { unknown, open, leaf, closed, cyclic } state = State::unknown;
        Tag tag = Tag::none;
        std::uint32_t place = 0;    // open: of the frame; cyclic: of the node; leaf: in leaves_
        std::uint32_t next = none;  // another entry for the same value: a pointer to a pointer
        Digest digest = {};
    };
    struct Identity {
        const void* address;
        const std::type_info* type;
        bool frozen;
        bool operator==(const Identity& other) const {
            return address == other.address && frozen == other.frozen && *type == *other.type;
        }
    };
    struct IdentityHash {
        std::size_t operator()(const Identity& id) const { return std::hash<const void*>()(id.address); }
    };

    std::span<const std::byte> since(std::size_t start) const { return std::span(buffer_).subspan(start); }
    void settle_item(Frame& frame);
    Digest plain_digest(const Frame& frame);
    CyclicBody cyclic_body(Frame& frame);
    void move_to(CyclicBody& body, const Frame& frame);
    std::uint32_t node_of(Frame& frame);
    void settle_leaf();
    void put_value(const Shared& value);
    void settle_shared(std::uint32_t first, const Shared& value);

    std::vector<std::byte> buffer_;  // of all open bodies, innermost last
    std::vector<Digest> digests_;    // of items in any order, likewise
    std::vector<CyclicRef> refs_;    // places in buffer_ that wait for the digest of an open body
    std::vector<Frame> frames_;
    std::unordered_map<Identity, std::uint32_t, IdentityHash> identities_;
    std::vector<Shared> shared_;
    std::vector<std::shared_ptr<const void>> kept_;
    std::uint32_t pending_ = none;                // entries of the value that comes next
    std::size_t pending_start_ = 0;               // in buffer_: where it comes to stand
    std::vector<std::vector<std::byte>> leaves_;  // shared values without a body, which are short
    std::uint64_t roots_ = 0;                     // values that stand in no other
    Cycles cycles_;
};

}  // namespace jl::detail
