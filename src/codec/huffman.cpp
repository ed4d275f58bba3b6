#include "codec/huffman.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace jl::detail {
namespace {

constexpr std::size_t most_symbols = 288;
constexpr unsigned longest = 15;
constexpr unsigned symbol_bits = 9;

using Counts = std::array<std::uint32_t, longest + 1>;  // symbols of each length

// Merges the two lightest nodes until one is left. `weights` holds the leaves in ascending order and takes the inner
// nodes behind them, which come out in ascending order too; `parents` gets each node's parent.
void merge(std::span<std::uint32_t> weights, std::span<std::uint16_t> parents, std::size_t leaves) {
    std::size_t leaf = 0;
    std::size_t inner = leaves;
    for (std::size_t next = leaves; next < 2 * leaves - 1; ++next) {
        std::uint32_t weight = 0;
        for (int child = 0; child < 2; ++child) {
            const bool take_leaf = leaf < leaves && (inner == next || weights[leaf] <= weights[inner]);
            const std::size_t lightest = take_leaf ? leaf++ : inner++;
            parents[lightest] = static_cast<std::uint16_t>(next);
            weight += weights[lightest];
        }
        weights[next] = weight;
    }
}

// Number of leaves at each depth, those below the limit counted at the limit.
Counts depths(std::span<const std::uint16_t> parents, std::size_t leaves, unsigned limit) {
    std::array<std::uint16_t, 2 * most_symbols> depth{};
    Counts counts{};
    for (std::size_t node = 2 * leaves - 2; node-- > 0;) {
        depth[node] = static_cast<std::uint16_t>(depth[parents[node]] + 1);
        if (node < leaves) ++counts[std::min<unsigned>(depth[node], limit)];
    }
    return counts;
}

// Leaves that were lifted to the limit take more code space than there is: others go down until it suffices.
void make_room(Counts& counts, unsigned limit) {
    std::uint32_t used = 0;
    for (unsigned length = 1; length <= limit; ++length) used += counts[length] << (limit - length);
    for (; used > std::uint32_t{1} << limit; --used) {
        unsigned length = limit - 1;
        while (counts[length] == 0) --length;
        --counts[length];
        counts[length + 1] += 2;
        --counts[limit];
    }
}

std::uint16_t reversed(std::uint32_t bits, unsigned length) {
    std::uint32_t result = 0;
    for (unsigned i = 0; i < length; ++i) result |= (bits >> i & 1U) << (length - 1 - i);
    return static_cast<std::uint16_t>(result);
}

void assign(const Counts& counts, std::span<HuffmanCode> codes) {
    std::array<std::uint32_t, longest + 2> next{};
    for (unsigned length = 1; length <= longest; ++length) next[length + 1] = (next[length] + counts[length]) << 1;
    for (HuffmanCode& code : codes) {
        if (code.length != 0) code.bits = reversed(next[code.length]++, code.length);
    }
}

}  // namespace

void make_codes(std::span<const std::uint32_t> frequencies, unsigned limit, std::span<HuffmanCode> codes) {
    std::ranges::fill(codes, HuffmanCode{});
    std::array<std::uint32_t, most_symbols> sorted{};  // frequency, then symbol
    std::size_t leaves = 0;
    for (std::size_t symbol = 0; symbol < frequencies.size(); ++symbol) {
        if (frequencies[symbol] == 0) continue;
        sorted[leaves++] = frequencies[symbol] << symbol_bits | static_cast<std::uint32_t>(symbol);
    }
    const auto symbol_of = [](std::uint32_t entry) { return entry & ((1U << symbol_bits) - 1); };
    if (leaves < 2) {
        codes[symbol_of(sorted[0])].length = 1;
        return;
    }
    std::sort(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(leaves));
    std::array<std::uint32_t, 2 * most_symbols> weights{};
    std::array<std::uint16_t, 2 * most_symbols> parents{};
    for (std::size_t i = 0; i < leaves; ++i) weights[i] = sorted[i] >> symbol_bits;
    merge(weights, parents, leaves);
    Counts counts = depths(parents, leaves, limit);
    make_room(counts, limit);
    // The rarest symbols get the longest codes.
    std::size_t leaf = 0;
    for (unsigned length = limit; length > 0; --length) {
        for (std::uint32_t i = 0; i < counts[length]; ++i) {
            codes[symbol_of(sorted[leaf++])].length = static_cast<std::uint16_t>(length);
        }
    }
    assign(counts, codes);
}

}  // namespace jl::detail
