// Input in two pieces, cut at every place, read in pieces of many sizes.
#pragma once

#include <algorithm>
#include <gtest/gtest.h>
#include <memory>
#include <span>
#include <utility>

#include "codec/support/samples.hpp"

namespace jl::test {

struct Halves final : Source {
    std::span<const std::byte> first, second;
    std::size_t read(std::span<std::byte> into) override {
        auto& part = first.empty() ? second : first;
        const std::size_t count = std::min(into.size(), part.size());
        std::copy_n(part.begin(), count, into.begin());
        part = part.subspan(count);
        return count;
    }
};

inline void expect_the_same_however_cut(const Bytes& stream, const Codec& codec) {
    const Bytes expected = decode_in_order(stream, codec);
    for (const unsigned threads : {1U, 2U}) {
        for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
            auto halves = std::make_unique<Halves>();
            halves->first = std::span(stream).first(cut);
            halves->second = std::span(stream).subspan(cut);
            const auto in = decoded(std::move(halves), codec, {.n_threads = threads});
            ASSERT_EQ(read_all(*in, cut % 50 + 1), expected) << threads << " " << cut;
        }
    }
}

}  // namespace jl::test
