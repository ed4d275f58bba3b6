#include <gtest/gtest.h>
#include <thread>

#include "codec/support/samples.hpp"
#include "support/error.hpp"
#include "support/random.hpp"

namespace jl {
namespace {

using test::Bytes;
using test::error_of;
using test::unit;

struct Fixture {
    Bytes content;
    Bytes stream;
    std::unique_ptr<RandomSource> source;

    explicit Fixture(std::size_t size, unsigned threads = 2)
        : content(test::image_like(size)), stream(test::encode(content, test::gzip())), source(open(stream, threads)) {}

    static std::unique_ptr<RandomSource> open(const Bytes& stream, unsigned threads) {
        return block_source(std::make_shared<MemorySource>(stream), *detail::gzip_codec().codec,
                            {.n_threads = threads});
    }
    Bytes at(std::size_t offset, std::size_t count) const {
        const auto part = std::span(content).subspan(offset, count);
        return {part.begin(), part.end()};
    }
};

Bytes read(const RandomSource& source, std::size_t offset, std::size_t count) {
    Bytes bytes(count);
    source.read_at(offset, bytes);
    return bytes;
}

TEST(BlockSource, HoldsTheContentWithoutTheTablesRecords) {
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, unit, 3 * unit + 17}) {
        const Fixture fixture(size);
        ASSERT_TRUE(fixture.source);
        EXPECT_EQ(fixture.source->size(), size);
        EXPECT_EQ(read(*fixture.source, 0, size), fixture.content);
        EXPECT_EQ(read(*fixture.source, size, 0), Bytes{});
    }
}

TEST(BlockSource, ReadsAnyRange) {
    test::Random random;
    SCOPED_TRACE(random.seed_text());
    for (const unsigned threads : {1U, 2U, 4U}) {
        const Fixture fixture(6 * unit + 1000, threads);
        for (int round = 0; round < 60; ++round) {
            const std::size_t offset = random.below(fixture.content.size());
            const std::size_t most = round % 2 == 0 ? 1000 : fixture.content.size();
            const std::size_t count = std::min<std::size_t>(random.below(most), fixture.content.size() - offset);
            ASSERT_EQ(read(*fixture.source, offset, count), fixture.at(offset, count)) << offset << " " << count;
        }
    }
}

TEST(BlockSource, RefusesWhatLiesBehindItsEnd) {
    const Fixture fixture(unit + 5);
    EXPECT_EQ(error_of([&] { read(*fixture.source, unit, 6); }).code(), ErrorCode::truncated);
    EXPECT_EQ(error_of([&] { read(*fixture.source, unit + 6, 0); }).code(), ErrorCode::truncated);
}

TEST(BlockSource, MayBeReadByManyThreadsAtOnce) {
    const Fixture fixture(4 * unit, 2);
    std::atomic<int> wrong{0};
    {
        std::vector<std::jthread> threads;
        for (std::size_t t = 0; t < 4; ++t) {
            threads.emplace_back([&, t] {
                for (std::size_t i = 0; i < 40; ++i) {
                    const std::size_t offset = (t * 977'777 + i * 300'001) % (3 * unit);
                    if (read(*fixture.source, offset, 100 + i * 5000) != fixture.at(offset, 100 + i * 5000)) ++wrong;
                }
            });
        }
    }
    EXPECT_EQ(wrong, 0);
}

TEST(BlockSource, OfStreamsWithoutATableIsNone) {
    const Bytes content = test::image_like(2000);
    EXPECT_EQ(Fixture::open(test::foreign_gzip(content), 1), nullptr);
    const Bytes own = test::encode(content, test::gzip());
    EXPECT_EQ(Fixture::open(test::joined(own, own), 1), nullptr);
    EXPECT_EQ(Fixture::open(Bytes(own.begin(), own.end() - 1), 1), nullptr);
}

TEST(BlockSource, CarriesFailuresToTheCaller) {
    const Fixture fixture(8 * unit);
    for (const unsigned threads : {1U, 3U}) {
        const auto failing = std::make_shared<test::FailingRandomSource>(fixture.stream, fixture.stream.size() / 2,
                                                                         fixture.stream.size() / 2 + 1);
        const auto source = block_source(failing, *detail::gzip_codec().codec, {.n_threads = threads});
        ASSERT_TRUE(source);
        EXPECT_THROW(read(*source, 0, 8 * unit), test::Injected);
        EXPECT_EQ(read(*source, 0, 100), fixture.at(0, 100));
    }
}

TEST(BlockSource, NamesAUnitThatIsDamaged) {
    Fixture fixture(4 * unit);
    fixture.stream[fixture.stream.size() / 2] ^= std::byte{0xFF};
    const auto source = Fixture::open(fixture.stream, 2);
    ASSERT_TRUE(source);
    // Damage that still inflates to a full unit is for the container's checksums to find.
    try {
        EXPECT_NE(read(*source, 0, 4 * unit), fixture.content);
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::format);
        EXPECT_EQ(error.offset().value_or(1) % unit, 0U);
    }
}

}  // namespace
}  // namespace jl
