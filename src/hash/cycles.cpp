#include "hash/cycles.hpp"

#include <algorithm>
#include <numeric>
#include <set>
#include <tuple>
#include <utility>

#include <jl/detail/byte_order.hpp>

namespace jl::detail {

Digest sorted_digest(std::byte tag, std::span<Digest> digests) {
    std::ranges::sort(digests);
    constexpr std::size_t at_once = 64;
    std::byte bytes[1 + at_once * digest_bytes];
    bytes[0] = tag;
    if (digests.size() <= at_once) {
        for (std::size_t i = 0; i < digests.size(); ++i) store(bytes + 1 + i * digest_bytes, digests[i]);
        return xxh3({bytes, 1 + digests.size() * digest_bytes});
    }
    RunningXxh3 running;
    running.update({bytes, 1});
    for (std::size_t first = 0; first < digests.size(); first += at_once) {
        const std::size_t count = std::min(at_once, digests.size() - first);
        for (std::size_t i = 0; i < count; ++i) store(bytes + i * digest_bytes, digests[first + i]);
        running.update({bytes, count * digest_bytes});
    }
    return running.digest();
}

std::uint32_t Cycles::add() {
    nodes_.emplace_back();
    return static_cast<std::uint32_t>(nodes_.size() - 1);
}

Digest Cycles::digest_of(const CyclicBody& body) {
    bytes_ = body.bytes;
    for (const CyclicRef& ref : body.refs) store(bytes_.data() + ref.at, nodes_[ref.node].name);
    if (!body.sorted) {
        if (!body.before) return xxh3(bytes_);
        RunningXxh3 running(*body.before);
        running.update(bytes_);
        return running.digest();
    }
    sorted_ = body.digests;
    std::size_t start = 0;
    for (const std::size_t end : body.ends) {
        sorted_.push_back(xxh3(std::span(bytes_).subspan(start, end - start)));
        start = end;
    }
    return sorted_digest(body.tag, sorted_);
}

// The first names are the digests with nothing in the places.
void Cycles::begin() {
    for (Node& node : nodes_) node.next = digest_of(node.body);
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
        nodes_[i].name = nodes_[i].next;
        ++members_[nodes_[i].name];
        for (const CyclicRef& ref : nodes_[i].body.refs) nodes_[ref.node].referrers.push_back(i);
    }
}

Cycles::Nodes Cycles::changed(const Nodes& dirty) {
    Nodes changed;
    for (const std::uint32_t i : dirty) {
        nodes_[i].dirty = false;
        nodes_[i].next = digest_of(nodes_[i].body);
        if (nodes_[i].next != nodes_[i].digest) changed.push_back(i);
    }
    return changed;
}

// Of those that changed, the ones that got a new name.
Cycles::Nodes Cycles::rename(Nodes changed) {
    ++round_;
    std::ranges::sort(changed, [&](std::uint32_t a, std::uint32_t b) {
        return std::tie(nodes_[a].name, nodes_[a].next) < std::tie(nodes_[b].name, nodes_[b].next);
    });
    Nodes renamed;
    for (std::size_t first = 0; first < changed.size();) {
        std::size_t last = first;
        while (last < changed.size() && nodes_[changed[last]].name == nodes_[changed[first]].name) ++last;
        const auto nodes = std::span(changed).subspan(first, last - first);
        first = last;
        rename_all_but_one(nodes, renamed);
    }
    return renamed;
}

// Of all nodes of one name those that changed, in ascending order of their new digests. The name stays with the nodes
// that did not change, or where there are none with the smallest digest. Names say in which round they were given: in
// another one the same digest may tell of other neighbours.
void Cycles::rename_all_but_one(std::span<const std::uint32_t> nodes, Nodes& renamed) {
    const Digest name = nodes_[nodes.front()].name;
    const bool some_unchanged = members_[name] > nodes.size();
    const Digest smallest = nodes_[nodes.front()].next;
    for (const std::uint32_t i : nodes) {
        Node& node = nodes_[i];
        node.digest = node.next;
        if (!some_unchanged && node.digest == smallest) continue;
        std::byte bytes[8 + 2 * digest_bytes];
        store_little(bytes, round_);
        store(bytes + 8, name), store(bytes + 8 + digest_bytes, node.digest);
        node.name = xxh3(bytes);
        --members_[name], ++members_[node.name];
        renamed.push_back(i);
    }
}

Cycles::Nodes Cycles::referrers_of(const Nodes& nodes) {
    Nodes found;
    for (const std::uint32_t node : nodes) {
        for (const std::uint32_t referrer : nodes_[node].referrers) {
            if (!std::exchange(nodes_[referrer].dirty, true)) found.push_back(referrer);
        }
    }
    return found;
}

Digest Cycles::system() const {
    std::set<std::pair<Digest, Digest>> pairs;
    for (const Node& node : nodes_) pairs.emplace(node.name, node.digest);
    RunningXxh3 running;
    std::byte bytes[2 * digest_bytes];
    for (const auto& [name, digest] : pairs) {
        store(bytes, name), store(bytes + digest_bytes, digest);
        running.update(bytes);
    }
    return running.digest();
}

Cycles::Result Cycles::solve(std::uint32_t root) {
    begin();
    Nodes dirty(nodes_.size());
    std::iota(dirty.begin(), dirty.end(), 0U);
    while (!dirty.empty()) dirty = referrers_of(rename(changed(dirty)));
    return {nodes_[root].name, system()};
}

}  // namespace jl::detail
