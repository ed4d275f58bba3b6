// Huffman codes as deflate wants them: lengths up to a limit, canonical codes with the first bit lowest.
//
//     std::array<HuffmanCode, 19> codes;  make_codes(frequencies, 7, codes);
#pragma once

#include <cstdint>
#include <span>

namespace jl::detail {

struct HuffmanCode {
    std::uint16_t bits = 0;    // reversed: ready to be written from the lowest bit up
    std::uint16_t length = 0;  // 0: the symbol does not occur
};

// Preconditions: as many codes as frequencies, at most 288; limit <= 15; their sum is below 2^23.
// A lone symbol gets a code of one bit, and so does symbol 0 when none occurs.
void make_codes(std::span<const std::uint32_t> frequencies, unsigned limit, std::span<HuffmanCode> codes);

}  // namespace jl::detail
