#include "codec/raw_inflater.hpp"

#include <gtest/gtest.h>

#include "codec/support/samples.hpp"
#include "support/error.hpp"
#include "support/random.hpp"

namespace jl::detail {
namespace {

using test::Bytes;
using Maker = std::unique_ptr<RawInflater> (*)();

struct Named {
    const char* name;
    Maker make;
};

const std::vector<Named>& inflaters() {
    static const std::vector<Named> all{
        {"zlib", zlib_raw_inflater},
#ifdef JL_HAS_ISAL
        {"isal", isal_raw_inflater},
#endif
    };
    return all;
}

struct Outcome {
    Bytes bytes;
    bool finished = false;
    std::size_t consumed = 0;
};

// Gives `in` in pieces and room in pieces, until the end or until nothing moves.
Outcome inflate(RawInflater& inflater, std::span<const std::byte> in, std::size_t in_piece, std::size_t out_piece) {
    Outcome outcome;
    Bytes room(out_piece);
    std::size_t given = 0;
    for (int idle = 0; !outcome.finished && idle < 2;) {
        if (outcome.consumed == given) given = std::min(in.size(), given + in_piece);
        const CoderStep step = inflater.inflate(in.subspan(outcome.consumed, given - outcome.consumed), room);
        outcome.bytes.insert(outcome.bytes.end(), room.begin(),
                             room.begin() + static_cast<std::ptrdiff_t>(step.produced));
        outcome.consumed += step.consumed;
        outcome.finished = step.finished;
        idle = step.produced == 0 && outcome.consumed == in.size() ? idle + 1 : 0;
    }
    return outcome;
}

Bytes raw(std::span<const std::byte> bytes, int level = 6) { return test::foreign(bytes, -15, level); }

TEST(RawInflater, EndsExactlyBehindTheFinalBlockHoweverTheInputIsCut) {
    const Bytes content = test::bytes_of("one two three one two three four four four four");
    const Bytes stream = raw(content);
    const Bytes input = test::joined(stream, test::bytes_of("bytes behind the stream"));
    for (const Named& each : inflaters()) {
        for (std::size_t in_piece = 1; in_piece <= input.size(); ++in_piece) {
            for (const std::size_t out_piece : {1U, 2U, 7U, 46U, 47U, 48U, 1000U}) {
                const auto outcome = inflate(*each.make(), input, in_piece, out_piece);
                ASSERT_TRUE(outcome.finished) << each.name << " " << in_piece << " " << out_piece;
                ASSERT_EQ(outcome.consumed, stream.size()) << each.name << " " << in_piece << " " << out_piece;
                ASSERT_EQ(outcome.bytes, content) << each.name << " " << in_piece << " " << out_piece;
            }
        }
    }
}

TEST(RawInflater, ReadsAnEmptyStreamIntoNoRoomAtAll) {
    for (const Named& each : inflaters()) {
        const Bytes stream = raw({});
        const CoderStep step = each.make()->inflate(stream, {});
        EXPECT_TRUE(step.finished) << each.name;
        EXPECT_EQ(step.consumed, stream.size()) << each.name;
    }
}

TEST(RawInflater, ReadsLongStreamsInPiecesOfAnySize) {
    test::Random random;
    SCOPED_TRACE(random.seed_text());
    const Bytes content = test::joined(test::image_like(300'000), random.bytes(100'000));
    for (const int level : {0, 1, 9}) {
        const Bytes stream = raw(content, level);
        const Bytes input = test::joined(stream, random.bytes(20));
        for (const Named& each : inflaters()) {
            for (int round = 0; round < 8; ++round) {
                const std::size_t in_piece = 1 + random.below(round < 4 ? 300 : 100'000);
                const std::size_t out_piece = 1 + random.below(round % 2 == 0 ? 300 : 200'000);
                const auto outcome = inflate(*each.make(), input, in_piece, out_piece);
                ASSERT_TRUE(outcome.finished) << each.name << " " << in_piece << " " << out_piece;
                ASSERT_EQ(outcome.consumed, stream.size()) << each.name << " " << in_piece << " " << out_piece;
                ASSERT_EQ(outcome.bytes, content) << each.name << " " << in_piece << " " << out_piece;
            }
        }
    }
}

TEST(RawInflater, IsNotFinishedByAStreamThatStops) {
    const Bytes content = test::image_like(5000);
    const Bytes stream = raw(content);
    for (const Named& each : inflaters()) {
        for (std::size_t size = 0; size < stream.size(); ++size) {
            const auto outcome = inflate(*each.make(), std::span(stream).first(size), 64, 64);
            ASSERT_FALSE(outcome.finished) << each.name << " " << size;
            ASSERT_LE(outcome.bytes.size(), content.size());
            ASSERT_TRUE(std::equal(outcome.bytes.begin(), outcome.bytes.end(), content.begin()));
        }
    }
}

TEST(RawInflater, RefusesAnInvalidBlock) {
    const Bytes reserved_type{std::byte{0x07}, std::byte{0}, std::byte{0}};
    const Bytes far_match{std::byte{0x4B}, std::byte{0x04}, std::byte{0xFE}, std::byte{0xFF}, std::byte{0xFF}};
    for (const Named& each : inflaters()) {
        const auto code = [&](const Bytes& bytes) {
            return test::error_of([&] { inflate(*each.make(), bytes, 100, 100); }).code();
        };
        EXPECT_EQ(code(reserved_type), ErrorCode::format) << each.name;
        EXPECT_EQ(code(far_match), ErrorCode::format) << each.name;
    }
}

}  // namespace
}  // namespace jl::detail
