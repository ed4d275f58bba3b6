// What every codec promises, whatever its format.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <utility>

#include "codec/support/cuts.hpp"
#include "codec/support/every_codec.hpp"
#include "support/error.hpp"
#include "support/random.hpp"

namespace jl {
namespace {

using test::Bytes;
using test::error_of;

class CodecContract : public test::EveryCodec {};
INSTANTIATE_TEST_SUITE_P(, CodecContract, test::every_codec(), test::codec_name);

TEST_P(CodecContract, GivesBackContentOfEverySizeAtEveryNumberOfThreads) {
    const Bytes whole = sample(2 * unit_bytes() + 12345);
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{100}, unit_bytes() - 1, unit_bytes(),
                                   unit_bytes() + 1, whole.size()}) {
        const Bytes content(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        const Bytes stream = test::encode(content, quick(), 2);
        const Bytes decoded = test::decode_in_order(stream, codec(), 1);
        ASSERT_EQ(decoded.size(), size + records(size));
        EXPECT_TRUE(test::content_of(decoded, size) == content) << size;
        EXPECT_TRUE(test::decode_in_order(stream, codec(), 2) == decoded) << size;
        for (const unsigned threads : {1U, 3U}) {
            EXPECT_TRUE(test::decode_random(stream, codec(), threads) == decoded) << size << " " << threads;
            EXPECT_TRUE(test::decode_random(stream, codec(), threads, std::size_t{64} << 20) == decoded) << size;
        }
    }
}

TEST_P(CodecContract, GivesBackContentOfEveryLevel) {
    const Bytes content = test::joined(test::image_like(200'000), test::Random(7).bytes(50'000));
    for (int level = std::max(codec().min_level, 0); level <= codec().max_level; ++level) {
        const Bytes stream = test::encode(content, {GetParam().codec, level});
        EXPECT_EQ(detect(stream).get(), &codec());
        EXPECT_TRUE(test::content_of(test::decode_random(stream, codec()), content.size()) == content) << level;
    }
}

TEST_P(CodecContract, WritesTheSameBytesAtAnyNumberOfThreadsHoweverItIsGiven) {
    const Bytes content = sample(3 * unit_bytes() + 1000);
    const Bytes expected = test::encode(content, quick(), 1);
    for (const unsigned threads : {2U, 3U, 8U}) EXPECT_TRUE(test::encode(content, quick(), threads) == expected);
    test::Random random;
    SCOPED_TRACE(random.seed_text());
    MemorySink sink;
    const auto out = encoded(sink, quick(), {.n_threads = 2});
    for (std::span<const std::byte> rest = content; !rest.empty();) {
        const auto part = rest.first(std::min<std::size_t>(rest.size(), random.below(2 * unit_bytes())));
        // What write() was given may change as soon as it returns.
        Bytes passing(part.begin(), part.end());
        out->write(passing);
        std::ranges::fill(passing, std::byte{0xAA});
        rest = rest.subspan(part.size());
    }
    out->finish();
    EXPECT_TRUE(sink.bytes() == expected);
    // The codec's own encoder, too.
    const CodecChoice copy{std::make_shared<const Codec>(codec()), quick().level};
    EXPECT_TRUE(test::encode(content, copy) == expected);
}

TEST_P(CodecContract, HardlyGrowsWhatCannotShrink) {
    const Bytes content = test::Random(3).bytes(unit_bytes() + 5000);
    const Bytes stream = test::encode(content, quick());
    EXPECT_LT(stream.size(), content.size() + content.size() / 50 + 400);
    EXPECT_TRUE(test::content_of(test::decode_random(stream, codec(), 2), content.size()) == content);
}

TEST_P(CodecContract, DoesNotCareHowInputAndOutputAreCut) {
    const Bytes content = test::image_like(300);
    const Bytes stream = test::joined(test::encode(content, quick()), test::encode(content, usual()));
    test::expect_the_same_however_cut(stream, codec());
}

TEST_P(CodecContract, ReadsThroughStreamsThatWereJoined) {
    const Bytes content = sample(unit_bytes() + 9);
    const Bytes stream = test::encode(content, quick());
    const Bytes once = test::decode_in_order(stream, codec());
    const Bytes three = test::joined(test::joined(stream, test::encode({}, quick())), stream);
    const Bytes none = test::decode_in_order(test::encode({}, quick()), codec());
    const Bytes expected = test::joined(test::joined(once, none), once);
    EXPECT_TRUE(test::decode_in_order(three, codec(), 1) == expected);
    EXPECT_TRUE(test::decode_in_order(three, codec(), 2) == expected);
    EXPECT_TRUE(test::decode_random(three, codec(), 1) == expected);
    EXPECT_TRUE(test::decode_random(three, codec(), 3) == expected);
}

TEST_P(CodecContract, NamesWhatIsBehindTheStream) {
    const Bytes stream = test::encode(test::image_like(1000), quick());
    for (const std::string_view behind : {std::string_view("garbage"), std::string_view("\0\0\0\0", 4)}) {
        const Bytes bytes = test::joined(stream, test::bytes_of(behind));
        for (const unsigned threads : {1U, 2U}) {
            for (const bool random : {false, true}) {
                const Error error = error_of([&] {
                    random ? test::decode_random(bytes, codec(), threads)
                           : test::decode_in_order(bytes, codec(), threads);
                });
                EXPECT_EQ(error.code(), ErrorCode::format);
                EXPECT_THAT(error.detail(), testing::HasSubstr("behind the end of the " + codec().name + " stream"));
            }
        }
    }
}

TEST_P(CodecContract, FindsEveryTruncation) {
    const Bytes content = test::image_like(400);
    const Bytes stream = test::encode(content, quick());
    const Bytes whole = test::decode_in_order(stream, codec());
    std::size_t shorter_files = 0;
    for (const bool random : {false, true}) {
        for (std::size_t size = 0; size < stream.size(); ++size) {
            const auto part = std::span(stream).first(size);
            try {
                const Bytes found =
                    random ? test::decode_random(part, codec(), 2) : test::decode_in_order(part, codec(), 1);
                ASSERT_FALSE(is_one_stream()) << size << " of " << stream.size();
                ASSERT_TRUE(std::equal(found.begin(), found.end(), whole.begin())) << size;
                ++shorter_files;
            } catch (const Error& error) {
                ASSERT_EQ(error.code(), ErrorCode::truncated) << size << " of " << stream.size() << error.what();
            }
        }
    }
    // Cut before the table, and for bz2 before the locator.
    EXPECT_LE(shorter_files, 4U);
}

// lzma (alone) has no checksum: other bytes, but no crash and no endless output.
TEST_P(CodecContract, FindsEveryFlippedBit) {
    const Bytes stream = test::encode(test::image_like(200), quick());
    const Bytes expected = test::decode_in_order(stream, codec());
    Bytes damaged = stream;
    for (std::size_t bit = 0; bit < stream.size() * 8; ++bit) {
        const auto mask = static_cast<std::byte>(1U << bit % 8);
        damaged[bit / 8] ^= mask;
        for (const bool random : {false, true}) {
            try {
                const Bytes found =
                    random ? test::decode_random(damaged, codec(), 2) : test::decode_in_order(damaged, codec());
                ASSERT_TRUE(found == expected || is("lzma")) << "bit " << bit;
            } catch (const Error&) {
            }
        }
        damaged[bit / 8] ^= mask;
    }
}

TEST_P(CodecContract, KeepsToTheRatioLimit) {
    const Bytes stream = test::encode(Bytes(8 << 20), quick());
    const auto read = [&](double ratio, bool random, unsigned threads) {
        const CodingOptions options{.n_threads = threads, .limits = {.ratio = ratio}};
        const MemorySource source(stream);
        const auto in = random ? decoded(source, codec(), options)
                               : decoded(std::make_unique<test::PieceSource>(stream, 1000), codec(), options);
        return test::read_all(*in).size();
    };
    for (const bool random : {false, true}) {
        for (const unsigned threads : {1U, 2U}) {
            EXPECT_EQ(error_of([&] { read(20, random, threads); }).code(), ErrorCode::limit);
            EXPECT_GE(read(1e9, random, threads), std::size_t{8} << 20);
        }
    }
}

TEST_P(CodecContract, CarriesFailuresToTheCallerAndThenRefuses) {
    const Bytes content = sample(3 * unit_bytes());
    const Bytes stream = test::encode(content, quick());
    for (const unsigned threads : {1U, 3U}) {
        for (const std::size_t good : {std::size_t{0}, stream.size() / 2, stream.size() - 1}) {
            test::FailingSink sink(good);
            const auto out = encoded(sink, quick(), {.n_threads = threads});
            const auto work = [&] {
                out->write(content);
                out->finish();
            };
            EXPECT_THROW(work(), test::Injected);
            EXPECT_EQ(error_of([&] { out->write(content); }).code(), ErrorCode::usage);
            const auto in =
                decoded(std::make_unique<test::FailingSource>(stream, good), codec(), {.n_threads = threads});
            EXPECT_THROW(test::read_all(*in), test::Injected);
            EXPECT_THROW(test::read_all(*in), test::Injected) << "and again";
        }
        const test::FailingRandomSource random(stream, stream.size() / 2, stream.size() / 2 + 1);
        const auto in = decoded(random, codec(), {.n_threads = threads});
        EXPECT_THROW(test::read_all(*in), test::Injected);
    }
}

TEST_P(CodecContract, LeavesAnUntouchedSinkWhenItIsAbandonedEarlyAndStopsInTheMiddle) {
    for (const std::size_t units : {std::size_t{0}, std::size_t{1}, std::size_t{4}}) {
        test::CountingSink sink;
        {
            const auto out = encoded(sink, quick(), {.n_threads = 3});
            out->write(sample(units * unit_bytes() + 100));
            EXPECT_EQ(out->position(), units * unit_bytes() + 100);
        }
        if (units == 0 && has_blocks()) {
            EXPECT_EQ(sink.count(), 0U);
        }
    }
}

// Random access reads what it needs: the table, and the units asked for.
class CountingSource final : public RandomSource {
  public:
    explicit CountingSource(std::span<const std::byte> bytes) : memory_(bytes) {}
    std::uint64_t size() const override { return memory_.size(); }
    void read_at(std::uint64_t offset, std::span<std::byte> into) const override {
        count_ += into.size();
        memory_.read_at(offset, into);
    }
    std::uint64_t take() const { return count_.exchange(0); }

  private:
    MemorySource memory_;
    mutable std::atomic<std::uint64_t> count_{0};
};

TEST_P(CodecContract, ReadsOnlyTheBlocksItNeeds) {
    constexpr std::size_t units = 8;
    const Bytes content = sample(units * unit_bytes());
    const Bytes stream = test::encode(content, quick(), 2);
    const auto source = std::make_shared<CountingSource>(stream);
    const auto blocks = block_source(source, codec(), {.n_threads = 2});
    ASSERT_EQ(blocks != nullptr, has_blocks());
    if (!blocks) return;
    ASSERT_EQ(blocks->size(), content.size());
    EXPECT_LT(source->take(), 1000U) << "the table";
    Bytes part(unit_bytes() / 2);
    blocks->read_at(3 * unit_bytes() + 77, part);
    EXPECT_TRUE(
        std::equal(part.begin(), part.end(), content.begin() + static_cast<std::ptrdiff_t>(3 * unit_bytes() + 77)));
    EXPECT_LT(source->take(), stream.size() / units * 2);
    blocks->read_at(3 * unit_bytes() + 1000, part);
    EXPECT_EQ(source->take(), 0U) << "the last block is at hand";
    Bytes all(content.size());
    blocks->read_at(0, all);
    EXPECT_TRUE(all == content);
    EXPECT_EQ(error_of([&] { blocks->read_at(content.size() - 1, std::span(part).first(2)); }).code(),
              ErrorCode::truncated);
}

TEST_P(CodecContract, ReadsAnyRangeByPosition) {
    test::Random random;
    SCOPED_TRACE(random.seed_text());
    const Bytes content = sample(3 * unit_bytes() + 1000);
    const Bytes stream = test::encode(content, quick(), 2);
    const auto blocks = block_source(std::make_shared<MemorySource>(stream), codec(), {.n_threads = 2});
    for (int round = 0; blocks && round < 30; ++round) {
        const std::size_t offset = random.below(content.size());
        const std::size_t most = round % 2 == 0 ? 1000 : content.size();
        Bytes part(std::min<std::size_t>(random.below(most), content.size() - offset));
        blocks->read_at(offset, part);
        ASSERT_TRUE(std::equal(part.begin(), part.end(), content.begin() + static_cast<std::ptrdiff_t>(offset)));
    }
}

}  // namespace
}  // namespace jl
