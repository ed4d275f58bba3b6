#ifdef JL_HAS_BZIP2

#include "codec/bz2_parallel.hpp"

#include <gtest/gtest.h>

#include "codec/bz2_codec.hpp"
#include "codec/bz2_kernel.hpp"
#include "codec/bz2_scanner.hpp"
#include "codec/support/samples.hpp"
#include "support/error.hpp"
#include "support/random.hpp"

namespace jl::detail {
namespace {

using test::Bytes;

const Codec& bz2() { return *bz2_codec().codec; }

Bytes foreign_bz2(const Bytes& content, int level = 1) {
    Bytes stream(bz2_most_encoded(content.size()));
    stream.resize(bz2_encode(content, stream, level));
    return stream;
}

std::size_t blocks_in(const Bytes& stream) {
    const MemorySource source(stream);
    Bz2Scanner scanner(source);
    std::size_t blocks = 0;
    while (scanner.next()) ++blocks;
    return blocks;
}

TEST(Bz2Parallel, FindsEachBlockOfEachStream) {
    const Bytes content = test::image_like(450'000);
    const Bytes one = foreign_bz2(content);
    EXPECT_EQ(blocks_in(one), 5U);
    EXPECT_EQ(blocks_in(foreign_bz2({})), 0U);
    EXPECT_EQ(blocks_in({}), 0U);
    EXPECT_EQ(blocks_in(test::joined(test::joined(one, foreign_bz2({})), foreign_bz2(content, 9))), 6U);
}

TEST(Bz2Parallel, GivesWhatReadingInOrderGives) {
    const Bytes image = test::image_like(400'000);
    const Bytes noise = test::Random(5).bytes(150'000);
    const Bytes zeros(20'000'000);
    for (const Bytes& content : {image, noise, test::joined(zeros, noise), test::joined(noise, zeros)}) {
        for (const int level : {1, 9}) {
            const Bytes stream = test::joined(foreign_bz2(content, level), foreign_bz2(noise, 3));
            const Bytes expected = test::joined(content, noise);
            for (const unsigned threads : {2U, 3U}) {
                EXPECT_TRUE(test::decode_random(stream, bz2(), threads) == expected) << level;
                EXPECT_TRUE(test::decode_random(stream, bz2(), threads, 8 << 20) == expected) << level;
            }
        }
    }
}

// What reading in order says of a stream: "" or the error.
std::string said(const Bytes& stream, unsigned threads) {
    try {
        test::decode_random(stream, bz2(), threads);
        return "";
    } catch (const Error& error) {
        return error.detail();
    }
}

TEST(Bz2Parallel, FailsAsReadingInOrderDoes) {
    const Bytes stream = foreign_bz2(test::Random(6).bytes(150'000));
    ASSERT_GT(stream.size(), std::size_t{64} << 10) << "long enough for threads";
    for (std::size_t i = 0; i < stream.size(); i += i < 50 || i + 50 > stream.size() ? 1 : 9973) {
        Bytes damaged = stream;
        damaged[i] ^= std::byte{0x10};
        EXPECT_EQ(said(damaged, 2), said(damaged, 1)) << i;
        const Bytes cut(stream.begin(), stream.begin() + static_cast<std::ptrdiff_t>(i));
        EXPECT_EQ(said(cut, 2), said(cut, 1)) << i;
    }
    EXPECT_EQ(said(test::joined(stream, test::bytes_of("garbage")), 2),
              said(test::joined(stream, test::bytes_of("garbage")), 1));
}

TEST(Bz2Parallel, CarriesTheSourcesFailureToTheCaller) {
    const Bytes stream = foreign_bz2(test::Random(6).bytes(900'000));
    const test::FailingRandomSource source(stream, stream.size() / 2, stream.size() / 2 + 1);
    const auto in = decoded(source, bz2(), {.n_threads = 2});
    EXPECT_THROW(test::read_all(*in), test::Injected);
    EXPECT_THROW(test::read_all(*in), test::Injected) << "and again";
}

TEST(Bz2Parallel, StopsPromptlyWhenItIsAbandoned) {
    const Bytes stream = foreign_bz2(test::Random(6).bytes(900'000));
    const MemorySource source(stream);
    Bytes some(100);
    for (int round = 0; round < 5; ++round) decoded(source, bz2(), {.n_threads = 3})->read(some);
}

}  // namespace
}  // namespace jl::detail

#endif
