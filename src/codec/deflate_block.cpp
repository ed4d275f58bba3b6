#include "codec/deflate_block.hpp"

#include <algorithm>
#include <functional>

// Shifts by a variable number of bits, which is what writing bits consists of, take one instruction with BMI2 and three
// without.
#define JL_ALWAYS_INLINE __attribute__((always_inline)) inline
#define JL_INLINE_LAMBDA __attribute__((always_inline))

namespace jl::detail {
namespace {

constexpr std::size_t length_symbols = 29;
constexpr std::size_t literal_symbols = 257 + length_symbols;  // with the end of the block
constexpr std::size_t end_of_block = 256;
constexpr unsigned longest_code = 15;
constexpr unsigned longest_literal_code = 14;  // four of them, and seven bits that wait, are written at once

struct LengthSymbol {
    std::uint8_t symbol;  // from 257 on
    std::uint8_t extra;   // bits
    std::uint16_t base;
};

// RFC 1951, 3.2.5: lengths 3 to 258.
constexpr std::array<LengthSymbol, 259> make_length_symbols() {
    std::array<LengthSymbol, 259> table{};
    std::uint16_t base = 3;
    for (std::uint8_t symbol = 0; symbol < 28; ++symbol) {
        const auto extra = static_cast<std::uint8_t>(symbol < 8 ? 0 : symbol / 4 - 1);
        for (unsigned i = 0; i < 1U << extra && base + i < 258; ++i) table[base + i] = {symbol, extra, base};
        base = static_cast<std::uint16_t>(base + (1U << extra));
    }
    table[258] = {28, 0, 258};
    return table;
}
constexpr auto length_symbol = make_length_symbols();

constexpr unsigned distance_extra(std::size_t symbol) { return symbol < 4 ? 0 : static_cast<unsigned>(symbol / 2 - 1); }

// Code lengths, run-length coded (RFC 1951, 3.2.7): symbols 0 to 15 are lengths, 16 to 18 repeat.
struct LengthCoder {
    struct Item {
        std::uint8_t symbol;
        std::uint8_t extra;
        std::uint8_t extra_bits;
    };
    std::array<Item, literal_symbols + 30> items;
    std::size_t count = 0;
    std::array<std::uint32_t, 19> frequencies{};

    void add(unsigned symbol, std::size_t extra = 0, unsigned extra_bits = 0) {
        items[count++] = {static_cast<std::uint8_t>(symbol), static_cast<std::uint8_t>(extra),
                          static_cast<std::uint8_t>(extra_bits)};
        ++frequencies[symbol];
    }
    void add_run(unsigned length, std::size_t run) {
        if (length != 0) {
            add(length);
            --run;
        }
        while (length == 0 && run >= 11) run -= repeat(18, 11, std::min<std::size_t>(run, 138), 7);
        while (length == 0 && run >= 3) run -= repeat(17, 3, run, 3);
        while (length != 0 && run >= 3) run -= repeat(16, 3, std::min<std::size_t>(run, 6), 2);
        for (; run > 0; --run) add(length);
    }
    std::size_t repeat(unsigned symbol, std::size_t least, std::size_t run, unsigned extra_bits) {
        add(symbol, run - least, extra_bits);
        return run;
    }
};

template <std::size_t n>
std::size_t used(const std::array<HuffmanCode, n>& codes, std::size_t least) {
    std::size_t count = n;
    while (count > least && codes[count - 1].length == 0) --count;
    return count;
}

// What is written for the symbols of a block, ready to be looked up.
struct SymbolBits {
    // Of a match's length, the extra bits included.
    struct Length {
        std::uint32_t bits;
        std::uint32_t count;
    };
    // Of a match's distance: the code, and what the extra bits are of distance - 1.
    struct Distance {
        std::uint16_t code;
        std::uint16_t mask;
        std::uint16_t code_count;
        std::uint16_t count;
    };
    std::array<Length, Tokens::longest_match + 1> lengths{};
    std::array<Distance, 32> distances{};
    std::span<const HuffmanCode> literals;

    SymbolBits(std::span<const HuffmanCode> literal_codes, std::span<const HuffmanCode> distance_codes)
        : literals(literal_codes) {
        for (std::size_t i = 3; i < lengths.size(); ++i) {
            const LengthSymbol symbol = length_symbol[i];
            const HuffmanCode code = literals[257U + symbol.symbol];
            lengths[i] = {static_cast<std::uint32_t>(code.bits | (i - symbol.base) << code.length),
                          static_cast<std::uint32_t>(code.length + symbol.extra)};
        }
        for (std::size_t i = 0; i < distance_codes.size(); ++i) {
            const unsigned extra = distance_extra(i);
            const HuffmanCode code = distance_codes[i];
            distances[i] = {code.bits, static_cast<std::uint16_t>((1U << extra) - 1), code.length,
                            static_cast<std::uint16_t>(code.length + extra)};
        }
    }

    JL_ALWAYS_INLINE void put_literals(BitWriter& to, const std::byte* bytes, std::uint32_t count) const {
        const auto put = [&](std::byte byte) {
            const HuffmanCode code = literals[std::to_integer<std::size_t>(byte)];
            to.put(code.bits, code.length);
        };
        for (; count >= 4; count -= 4, bytes += 4) {
            for (int i = 0; i < 4; ++i) put(bytes[i]);
            to.flush();
        }
        for (; count > 0; --count) put(*bytes++);
        to.flush();
    }

    JL_ALWAYS_INLINE void put(BitWriter& to, const std::uint32_t* token, const std::uint32_t* end,
                              const std::byte* bytes) const {
        for (; token != end; ++token) {
            if ((*token & Tokens::is_match) == 0) {
                put_literals(to, bytes, *token);
                bytes += *token;
                continue;
            }
            const std::uint32_t size = *token >> 15 & 511;
            const Length length = lengths[size];
            const Distance distance = distances[*token >> 24 & 31];
            const std::uint64_t behind = distance.code | (*token & distance.mask) << distance.code_count;
            to.put(length.bits | behind << length.count, length.count + distance.count);
            to.flush();
            bytes += size;
        }
    }
};

#if defined(__x86_64__)
template <class Work>
__attribute__((target("bmi,bmi2"))) void with_bmi2(Work work) {
    work();
}
#endif

template <class Work>
void with_fast_shifts(Work work) {
#if defined(__x86_64__)
    static const bool has_bmi2 = __builtin_cpu_supports("bmi2") != 0;
    if (has_bmi2) return with_bmi2(work);
#endif
    work();
}

}  // namespace

// How often each symbol occurs in a block.
struct DeflateBlock::Counts {
    std::array<std::uint32_t, 256> literals{};
    std::array<std::uint32_t, 256>
        more_literals{};  // every other one: counting the same byte twice in a row waits less
    std::array<std::uint32_t, Tokens::longest_match + 1> lengths{};
    std::array<std::uint32_t, 30> distances{};
    std::uint32_t literal_sum = 0;
    std::uint32_t match_sum = 0;

    // Counts the tokens, and gives literals before a match to the match where they agree with it too.
    JL_ALWAYS_INLINE void take(std::uint32_t* token, const std::uint32_t* end, const std::byte* origin,
                               const std::byte* at) {
        for (; token != end; ++token) {
            if ((*token & Tokens::is_match) != 0) {
                const std::uint32_t length = *token >> 15 & 511;
                const std::uint32_t place = *token & 32767;
                const auto top = static_cast<std::uint32_t>(std::bit_width(place)) - 1;
                const std::uint32_t symbol = 2 * top + (place >> (top - 1) & 1);
                *token |= symbol << 24;
                ++lengths[length];
                ++distances[symbol];
                ++match_sum;
                at += length;
                continue;
            }
            const std::uint32_t run = *token;
            if (token + 1 != end && (token[1] & Tokens::is_match) != 0) lengthen(token, origin, at + run);
            std::uint32_t i = 0;
            for (; i + 2 <= *token; i += 2) {
                ++literals[std::to_integer<std::size_t>(at[i])];
                ++more_literals[std::to_integer<std::size_t>(at[i + 1])];
            }
            if (i < *token) ++literals[std::to_integer<std::size_t>(at[i])];
            literal_sum += *token;
            at += *token;
        }
    }

    // token[0]: literals, which end at `at`; token[1]: a match.
    JL_ALWAYS_INLINE void lengthen(std::uint32_t* token, const std::byte* origin, const std::byte* at) {
        const std::byte* const seen = at - (token[1] & 32767) - 1;
        const std::uint32_t most = std::min(token[0], Tokens::longest_match - (token[1] >> 15 & 511));
        std::uint32_t back = 0;
        while (back < most && seen - back > origin && *(at - back - 1) == *(seen - back - 1)) ++back;
        token[0] -= back;
        token[1] += back << 15;
    }
};

// Codes of a block, and what they cost.
struct DeflateBlock::Codes {
    std::array<HuffmanCode, literal_symbols> literal;
    std::array<HuffmanCode, 30> distance;

    explicit Codes(const Counts& counts) {
        std::array<std::uint32_t, literal_symbols> frequencies{};
        std::ranges::transform(counts.literals, counts.more_literals, frequencies.begin(), std::plus<>());
        frequencies[end_of_block] = 1;
        for (std::size_t length = 3; length < counts.lengths.size(); ++length) {
            const LengthSymbol symbol = length_symbol[length];
            frequencies[257U + symbol.symbol] += counts.lengths[length];
            bits += std::uint64_t{counts.lengths[length]} * symbol.extra;
        }
        make_codes(frequencies, longest_literal_code, literal);
        make_codes(counts.distances, longest_code, distance);
        for (std::size_t i = 0; i < literal_symbols; ++i) bits += std::uint64_t{frequencies[i]} * literal[i].length;
        for (std::size_t i = 0; i < distance.size(); ++i) {
            bits += std::uint64_t{counts.distances[i]} * (distance[i].length + distance_extra(i));
        }
    }

    void write(BitWriter& to) const {
        constexpr std::array<std::uint8_t, 19> order{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
        const std::size_t literals = used(literal, 257);
        const std::size_t distances = used(distance, 1);
        const LengthCoder lengths = coded_lengths(literals, distances);
        std::array<HuffmanCode, 19> codes;
        make_codes(lengths.frequencies, 7, codes);
        std::size_t sent = order.size();
        while (sent > 4 && codes[order[sent - 1]].length == 0) --sent;
        to.put(4, 3);  // not final, dynamic codes
        to.put(literals - 257, 5);
        to.put(distances - 1, 5);
        to.put(sent - 4, 4);
        to.flush();
        for (std::size_t i = 0; i < sent; ++i) {
            to.put(codes[order[i]].length, 3);
            to.flush();
        }
        for (std::size_t i = 0; i < lengths.count; ++i) {
            const auto item = lengths.items[i];
            to.put(codes[item.symbol].bits, codes[item.symbol].length);
            to.put(item.extra, item.extra_bits);
            to.flush();
        }
    }

    LengthCoder coded_lengths(std::size_t literals, std::size_t distances) const {
        std::array<std::uint8_t, literal_symbols + 30> all{};
        const auto length = [](const HuffmanCode& code) { return static_cast<std::uint8_t>(code.length); };
        std::transform(literal.begin(), literal.begin() + static_cast<std::ptrdiff_t>(literals), all.begin(), length);
        std::transform(distance.begin(), distance.begin() + static_cast<std::ptrdiff_t>(distances),
                       all.begin() + static_cast<std::ptrdiff_t>(literals), length);
        LengthCoder coder;
        for (std::size_t begin = 0; begin < literals + distances;) {
            std::size_t end = begin + 1;
            while (end < literals + distances && all[end] == all[begin]) ++end;
            coder.add_run(all[begin], end - begin);
            begin = end;
        }
        return coder;
    }

    std::uint64_t bits = 0;  // of the symbols, without the codes' own description
};

bool DeflateBlock::write(BitWriter& bits, const std::byte* origin, const std::byte* begin) {
    constexpr std::size_t largest_description = 640;
    std::uint32_t* const first = all_.data() + 1;
    const std::uint32_t* const end = tokens_.last + 1;
    Counts counts;
    with_fast_shifts([&]() JL_INLINE_LAMBDA { counts.take(first, end, origin, begin); });
    has_many_matches_ = counts.literal_sum < 2 * counts.match_sum;
    const Codes codes(counts);
    if (codes.bits / 8 + largest_description > bits.room()) return false;
    codes.write(bits);
    const SymbolBits symbols(codes.literal, codes.distance);
    with_fast_shifts([&]() JL_INLINE_LAMBDA {
        BitWriter to = bits;  // a local copy stays in registers
        symbols.put(to, first, end, begin);
        bits = to;
    });
    bits.put(codes.literal[end_of_block].bits, codes.literal[end_of_block].length);
    bits.flush();
    return true;
}

}  // namespace jl::detail
