#include <gtest/gtest.h>

#include "codec/block_encoder.hpp"
#include "codec/support/samples.hpp"
#include "codec/support/xor_codec.hpp"
#include "support/error.hpp"
#include "support/random.hpp"

namespace jl {
namespace {

using test::Bytes;
using test::error_of;
using test::unit;

struct Case {
    const char* name;
    CodecChoice choice;
};
std::vector<Case> codecs() { return {{"zlib", test::zlib()}, {"gzip", test::gzip()}}; }

std::vector<std::size_t> sizes() { return {0, 1, 100, unit - 1, unit, unit + 1, 4 * unit + 12345}; }

TEST(Encoded, ComesBackAtEverySizeAndNumberOfThreads) {
    test::Random random;
    SCOPED_TRACE(random.seed_text());
    const Bytes whole = test::joined(test::image_like(3 * unit), random.bytes(2 * unit));
    for (const Case& each : codecs()) {
        for (const std::size_t size : sizes()) {
            const Bytes content(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
            for (const unsigned threads : {1U, 2U, 8U}) {
                const Bytes stream = test::encode(content, each.choice, threads);
                const Bytes parallel = test::decode_random(stream, *each.choice.codec, threads);
                EXPECT_EQ(parallel.size(), size + test::records_bytes(size)) << each.name << " " << size;
                EXPECT_EQ(test::content_of(parallel, size), content) << each.name << " " << size << " " << threads;
                EXPECT_EQ(test::decode_in_order(stream, *each.choice.codec, threads), parallel)
                    << each.name << " " << size << " " << threads;
            }
        }
    }
}

TEST(Encoded, IsTheSameBytesAtAnyNumberOfThreads) {
    const Bytes content = test::image_like(3 * unit + 1000);
    for (const Case& each : codecs()) {
        for (const int level : {1, 6}) {
            const Bytes alone = test::encode(content, {each.choice.codec, level}, 1);
            for (const unsigned threads : {2U, 3U, 8U}) {
                EXPECT_EQ(test::encode(content, {each.choice.codec, level}, threads), alone) << each.name << threads;
            }
        }
    }
}

TEST(Encoded, IsTheSameBytesHoweverItIsWritten) {
    test::Random random;
    SCOPED_TRACE(random.seed_text());
    const Bytes content = test::image_like(7 * unit);
    const Bytes expected = test::encode(content, test::gzip());
    for (const unsigned threads : {1U, 2U, 3U}) {
        for (int round = 0; round < 2; ++round) {
            MemorySink sink;
            const auto out = encoded(sink, test::gzip(), {.n_threads = threads});
            std::span<const std::byte> rest = content;
            while (!rest.empty()) {
                const std::size_t most = round % 2 == 0 ? 700'000 : 7 * unit;
                const auto part = rest.first(std::min<std::size_t>(rest.size(), random.below(most)));
                // What write() was given may change as soon as it returns.
                Bytes passing(part.begin(), part.end());
                out->write(passing);
                std::ranges::fill(passing, std::byte{0xAA});
                rest = rest.subspan(part.size());
            }
            out->finish();
            EXPECT_EQ(sink.bytes(), expected) << threads;
        }
    }
}

TEST(Encoded, TellsItsPositionInDecodedBytes) {
    test::CountingSink sink;
    const auto out = encoded(sink, test::gzip(), {.n_threads = 2});
    EXPECT_EQ(out->position(), 0U);
    out->write(test::image_like(unit + 5));
    EXPECT_EQ(out->position(), unit + 5);
}

TEST(Encoded, BeginsAndEndsAsTheFormatSays) {
    const Bytes content = test::image_like(3 * unit);
    const Bytes gzip = test::encode(content, test::gzip(1));
    const auto at = [](const Bytes& bytes, std::size_t i) { return std::to_integer<unsigned>(bytes[i]); };
    EXPECT_EQ(test::bytes_of(std::string_view("\x1f\x8b\x08\0\0\0\0\0\x04\x03", 10)),
              Bytes(gzip.begin(), gzip.begin() + 10));
    EXPECT_EQ(at(gzip, gzip.size() - 8 - 64), 1U);
    EXPECT_EQ(at(gzip, gzip.size() - 8 - 63), 59U);
    const std::vector<std::pair<int, unsigned>> flags{{1, 0x01}, {2, 0x5E}, {5, 0x5E}, {6, 0x9C}, {7, 0xDA}, {9, 0xDA}};
    for (const auto& [level, flag] : flags) {
        const Bytes stream = test::encode({}, test::zlib(level));
        EXPECT_EQ(at(stream, 0), 0x78U);
        EXPECT_EQ(at(stream, 1), flag) << level;
    }
    EXPECT_EQ(at(test::encode({}, test::gzip(9)), 8), 2U);
    EXPECT_EQ(at(test::encode({}, test::gzip(6)), 8), 0U);
}

TEST(Encoded, CarriesTheSinksFailureToTheCallerAndThenRefuses) {
    const Bytes content = test::image_like(7 * unit);
    const Bytes stream = test::encode(content, test::gzip());
    for (const unsigned threads : {1U, 2U, 3U}) {
        for (const std::size_t good :
             {std::size_t{0}, std::size_t{9}, std::size_t{10}, stream.size() / 2, stream.size() - 1}) {
            test::FailingSink sink(good);
            const auto out = encoded(sink, test::gzip(), {.n_threads = threads});
            EXPECT_THROW(
                {
                    out->write(content);
                    out->finish();
                },
                test::Injected)
                << threads << " " << good;
            EXPECT_EQ(error_of([&] { out->write(content); }).code(), ErrorCode::usage);
            EXPECT_EQ(error_of([&] { out->finish(); }).code(), ErrorCode::usage);
        }
    }
}

TEST(Encoded, RefusesToGoOnBehindItsEnd) {
    MemorySink sink;
    const auto out = encoded(sink, test::zlib(), {.n_threads = 1});
    out->finish();
    EXPECT_EQ(error_of([&] { out->write({}); }).code(), ErrorCode::usage);
    EXPECT_EQ(error_of([&] { out->finish(); }).code(), ErrorCode::usage);
}

TEST(Encoded, LeavesAnUntouchedSinkWhenItIsAbandonedEarly) {
    test::CountingSink sink;
    {
        const auto out = encoded(sink, test::gzip(), {.n_threads = 2});
        out->write(test::image_like(1000));
    }
    EXPECT_EQ(sink.count(), 0U);
}

TEST(Encoded, StopsWhenItIsAbandonedInTheMiddle) {
    const Bytes content = test::image_like(10 * unit);
    for (int round = 0; round < 7; ++round) {
        test::CountingSink sink;
        const auto out = encoded(sink, test::gzip(6), {.n_threads = 3});
        out->write(std::span(content).first(static_cast<std::size_t>(round) * unit));
    }
}

TEST(Encoded, WorksThroughTheBuiltInCodecsOwnCoders) {
    const Bytes content = test::image_like(2 * unit + 77);
    for (const Case& each : codecs()) {
        Codec copy = *each.choice.codec;  // not one of the objects that the binding knows
        const CodecChoice choice{std::make_shared<const Codec>(copy), 3};
        const Bytes stream = test::encode(content, choice);
        EXPECT_EQ(stream, test::encode(content, each.choice));
        EXPECT_EQ(test::decode_random(stream, copy), test::decode_random(stream, *each.choice.codec));
    }
}

}  // namespace
}  // namespace jl
