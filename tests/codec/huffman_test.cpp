#include "codec/huffman.hpp"

#include <array>
#include <gtest/gtest.h>
#include <vector>

#include "support/random.hpp"

namespace jl::detail {
namespace {

// The code space that is used, in units of the longest code's share.
std::uint32_t space(std::span<const HuffmanCode> codes, unsigned limit) {
    std::uint32_t used = 0;
    for (const HuffmanCode& code : codes) {
        if (code.length != 0) used += 1U << (limit - code.length);
    }
    return used;
}

TEST(Huffman, CodesFillTheirSpaceAndKeepTheLimit) {
    test::Random random;
    SCOPED_TRACE(random.seed_text());
    for (int round = 0; round < 300; ++round) {
        const unsigned limit = round % 2 == 0 ? 7 : 14;
        std::vector<std::uint32_t> frequencies(round % 2 == 0 ? 19 : 286);
        // From nearly equal to steeper than any code can follow.
        for (std::uint32_t& each : frequencies)
            each = static_cast<std::uint32_t>(1U << random.below(1 + static_cast<std::uint64_t>(round) % 18));
        for (std::uint32_t& each : frequencies) each = random.below(3) == 0 ? 0 : each;
        frequencies[0] = frequencies[1] = 1;
        std::vector<HuffmanCode> codes(frequencies.size());
        make_codes(frequencies, limit, codes);
        EXPECT_EQ(space(codes, limit), 1U << limit);
        for (std::size_t i = 0; i < codes.size(); ++i) {
            ASSERT_EQ(codes[i].length == 0, frequencies[i] == 0);
            ASSERT_LE(codes[i].length, limit);
            for (std::size_t j = 0; j < codes.size(); ++j) {
                if (frequencies[i] > frequencies[j] && codes[j].length != 0) {
                    ASSERT_LE(codes[i].length, codes[j].length);
                }
            }
        }
    }
}

TEST(Huffman, NoCodeBeginsAnother) {
    const std::array<std::uint32_t, 6> frequencies{10, 1, 0, 5, 5, 2};
    std::array<HuffmanCode, 6> codes;
    make_codes(frequencies, 15, codes);
    for (const HuffmanCode& a : codes) {
        for (const HuffmanCode& b : codes) {
            if (&a == &b || a.length == 0 || b.length < a.length) continue;
            EXPECT_NE(b.bits & ((1U << a.length) - 1), a.bits);
        }
    }
}

TEST(Huffman, LoneAndMissingSymbolsGetACode) {
    std::array<HuffmanCode, 4> codes;
    make_codes(std::array<std::uint32_t, 4>{0, 0, 9, 0}, 15, codes);
    EXPECT_EQ(codes[2].length, 1);
    make_codes(std::array<std::uint32_t, 4>{}, 15, codes);
    EXPECT_EQ(codes[0].length, 1);
}

}  // namespace
}  // namespace jl::detail
