// The elements of an unordered container, in ascending order of their keys.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <type_traits>
#include <vector>

#include <jl/mapping.hpp>

namespace jl::detail {

// What decides most comparisons without touching the key itself: the first sixteen bytes of a text, in order; nothing
// for other keys.
struct SortPrefix {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    bool operator==(const SortPrefix&) const = default;
    bool operator<(const SortPrefix& other) const { return high != other.high ? high < other.high : low < other.low; }
};

template <class Key>
SortPrefix sort_prefix(const Key& key) {
    SortPrefix prefix;
    if constexpr (TextLike<Key>) {
        unsigned char bytes[sizeof prefix] = {};
        if (!key.empty()) std::memcpy(bytes, key.data(), std::min<std::size_t>(key.size(), sizeof bytes));
        for (std::size_t i = 0; i < 8; ++i) {
            prefix.high |= std::uint64_t{bytes[i]} << (56 - 8 * i);
            prefix.low |= std::uint64_t{bytes[i + 8]} << (56 - 8 * i);
        }
    }
    return prefix;
}

// Hands the elements of an unordered container to use() in ascending order: same value, same bytes.
template <class Range, class Key, class Use>
void for_each_in_order(const Range& range, Key key, Use use) {
    using Item = std::remove_reference_t<decltype(*std::begin(range))>;
    static_assert(
        requires(const Item& a) { key(a) < key(a); },
        "an unordered container is written in ascending order of its keys, so that equal values give equal bytes: the "
        "key type needs operator<");
    struct Entry {
        SortPrefix prefix;
        const Item* item;
    };
    std::vector<Entry> order;
    order.reserve(std::size(range));
    for (const Item& item : range) order.push_back({sort_prefix(key(item)), &item});
    std::sort(order.begin(), order.end(), [&](const Entry& a, const Entry& b) {
        return a.prefix == b.prefix ? key(*a.item) < key(*b.item) : a.prefix < b.prefix;
    });
    constexpr std::size_t ahead = 16;  // elements lie all over memory: some are fetched while others are written
    for (std::size_t i = 0; i < order.size(); ++i) {
        if (i + ahead < order.size()) __builtin_prefetch(order[i + ahead].item);
        use(*order[i].item);
    }
}

}  // namespace jl::detail
