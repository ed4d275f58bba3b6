#include "hash/cycles.hpp"

#include <algorithm>
#include <numeric>
#include <set>
#include <tuple>
#include <utility>

#include <jl/detail/byte_order.hpp>

namespace jl::detail {

namespace {

// As numbers of 128 bits.
Digest plus(const Digest& a, const Digest& b) {
    const std::uint64_t low = a.low + b.low;
    return {a.high + b.high + (low < a.low ? 1 : 0), low};
}
Digest difference(const Digest& a, const Digest& b) {
    return {a.high - b.high - (a.low < b.low ? 1 : 0), a.low - b.low};
}

// What a name is in a place.
Digest term(std::uint64_t number, const Digest& name) {
    std::byte bytes[8 + digest_bytes];
    store_little(bytes, number);
    store(bytes + 8, name);
    return xxh3(bytes);
}

Digest joined(const Digest& base, const Digest& sum) {
    std::byte bytes[2 * digest_bytes];
    store(bytes, base), store(bytes + digest_bytes, sum);
    return xxh3(bytes);
}

}  // namespace

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

// With nothing in the places; frees the body.
void Cycles::digest(std::uint32_t index) {
    Node& node = nodes_[index];
    CyclicBody& body = node.body;
    node.sorted = body.sorted;
    if (body.sorted) {
        node.base = digest_sorted(node);
    } else if (body.before) {
        body.before->update(body.bytes);
        node.base = body.before->digest();
    } else {
        node.base = xxh3(body.bytes);
    }
    note_places(index);
    body = {};
}

Digest Cycles::digest_sorted(Node& node) {
    std::vector<Digest>& digests = node.body.digests;
    std::size_t start = 0;
    for (const std::size_t end : node.body.ends) {
        node.items.push_back({xxh3(std::span(node.body.bytes).subspan(start, end - start)), {}});
        digests.push_back(node.items.back().base);
        start = end;
    }
    return sorted_digest(node.body.tag, digests);
}

void Cycles::note_places(std::uint32_t index) {
    const CyclicBody& body = nodes_[index].body;
    Place place{index, 0, 0};
    for (const CyclicRef& ref : body.refs) {
        while (body.sorted && ref.at >= body.ends[place.item]) ++place.item, place.number = 0;
        nodes_[ref.node].places.push_back(place);
        ++place.number;
    }
}

void Cycles::fill(const Place& place, const Digest* before, const Digest& name) {
    Node& node = nodes_[place.node];
    const auto exchange = [&](Digest& sum) {
        if (before != nullptr) sum = difference(sum, term(place.number, *before));
        sum = plus(sum, term(place.number, name));
    };
    if (!node.sorted) return exchange(node.sum);
    Item& item = node.items[place.item];
    node.sum = difference(node.sum, joined(item.base, item.sum));
    exchange(item.sum);
    node.sum = plus(node.sum, joined(item.base, item.sum));
}

// Until no nodes of one name are told apart.
void Cycles::refine() {
    round_ = 0;
    members_.clear();
    for (Node& node : nodes_) {
        node.sum = node.digest = {};
        for (Item& item : node.items) {
            item.sum = {};
            node.sum = plus(node.sum, joined(item.base, item.sum));
        }
        node.name = node.base;
    }
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) join(i);
    for (const Node& node : nodes_)
        for (const Place& place : node.places) fill(place, nullptr, node.name);
    Nodes dirty(nodes_.size());
    std::iota(dirty.begin(), dirty.end(), 0U);
    while (!dirty.empty()) dirty = referrers_of(next_names(changed(dirty)));
}

// One node for all of one name, which are alike; how many there are is no part of the value.
std::uint32_t Cycles::unite(std::uint32_t root) {
    std::map<Digest, std::uint32_t> united;
    std::vector<std::uint32_t> first;  // of each name
    for (std::uint32_t i = 0; i < nodes_.size(); ++i)
        if (united.try_emplace(nodes_[i].name, static_cast<std::uint32_t>(first.size())).second) first.push_back(i);
    const auto of = [&](std::uint32_t node) { return united.at(nodes_[node].name); };
    std::vector<Node> kept(first.size());
    for (std::uint32_t i = 0; i < nodes_.size(); ++i)
        for (const Place& place : nodes_[i].places)
            if (const std::uint32_t in = of(place.node); first[in] == place.node)
                kept[of(i)].places.push_back({in, place.item, place.number});
    const std::uint32_t kept_root = of(root);
    for (std::uint32_t i = 0; i < kept.size(); ++i) {
        Node& from = nodes_[first[i]];
        kept[i].items = std::move(from.items);
        kept[i].base = from.base;
        kept[i].sorted = from.sorted;
    }
    nodes_ = std::move(kept);
    return kept_root;
}

Cycles::Nodes Cycles::changed(const Nodes& dirty) {
    Nodes changed;
    for (const std::uint32_t i : dirty) {
        nodes_[i].dirty = false;
        nodes_[i].next = joined(nodes_[i].base, nodes_[i].sum);
        if (nodes_[i].next != nodes_[i].digest) changed.push_back(i);
    }
    return changed;
}

// Of those that changed, the ones that got a new name.
Cycles::Renamed Cycles::next_names(Nodes changed) {
    ++round_;
    std::ranges::sort(changed, [&](std::uint32_t a, std::uint32_t b) {
        return std::tie(nodes_[a].name, nodes_[a].next) < std::tie(nodes_[b].name, nodes_[b].next);
    });
    Renamed renamed;
    for (std::size_t first = 0; first < changed.size();) {
        std::size_t last = first;
        while (last < changed.size() && nodes_[changed[last]].name == nodes_[changed[first]].name) ++last;
        const auto nodes = std::span(changed).subspan(first, last - first);
        first = last;
        rename_smaller_groups(nodes, renamed);
    }
    for (const auto& [node, before] : renamed)
        for (const Place& place : nodes_[node].places) fill(place, &before, nodes_[node].name);
    return renamed;
}

// Of all nodes of one name those that changed, in ascending order of their new digests; the others have one digest, the
// old one. The name stays with the largest group of one digest, so that a node is renamed as often only as its name's
// nodes can be halved. Names say in which round they were given: in another one the same digest may tell of other
// neighbours.
void Cycles::rename_smaller_groups(std::span<const std::uint32_t> nodes, Renamed& renamed) {
    const Digest name = nodes_[nodes.front()].name;
    Nodes& members = members_[name];
    Digest stays = nodes_[nodes.front()].digest;
    std::size_t most = members.size() - nodes.size();
    for (std::size_t first = 0; first < nodes.size();) {
        const Digest digest = nodes_[nodes[first]].next;
        std::size_t last = first;
        while (last < nodes.size() && nodes_[nodes[last]].next == digest) ++last;
        if (last - first > most || (last - first == most && digest < stays)) stays = digest, most = last - first;
        first = last;
    }
    const bool others_stay = stays == nodes_[nodes.front()].digest;
    for (const std::uint32_t i : nodes) nodes_[i].digest = nodes_[i].next;
    const Nodes candidates = others_stay ? Nodes(nodes.begin(), nodes.end()) : members;
    for (const std::uint32_t i : candidates)
        if (nodes_[i].digest != stays) rename(i, renamed);
}

void Cycles::rename(std::uint32_t index, Renamed& renamed) {
    Node& node = nodes_[index];
    const Digest name = node.name;
    std::byte bytes[8 + 2 * digest_bytes];
    store_little(bytes, round_);
    store(bytes + 8, name), store(bytes + 8 + digest_bytes, node.digest);
    Nodes& members = members_[name];
    nodes_[members.back()].member = node.member;
    members[node.member] = members.back();
    members.pop_back();
    node.name = xxh3(bytes);
    join(index);
    renamed.emplace_back(index, name);
}

void Cycles::join(std::uint32_t index) {
    Nodes& members = members_[nodes_[index].name];
    nodes_[index].member = static_cast<std::uint32_t>(members.size());
    members.push_back(index);
}

Cycles::Nodes Cycles::referrers_of(const Renamed& nodes) {
    Nodes found;
    for (const auto& [node, before] : nodes) {
        for (const Place& place : nodes_[node].places) {
            if (!std::exchange(nodes_[place.node].dirty, true)) found.push_back(place.node);
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
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) digest(i);
    refine();
    root = unite(root);
    refine();
    return {nodes_[root].name, system()};
}

}  // namespace jl::detail
