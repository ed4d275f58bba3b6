#include <gtest/gtest.h>

#include "codec/raw_inflater.hpp"
#include "codec/support/samples.hpp"
#include "codec/unit_deflater.hpp"
#include "codec/unit_inflater.hpp"
#include "support/error.hpp"
#include "support/random.hpp"

namespace jl::detail {
namespace {

using test::Bytes;

Bytes deflated(int level, const Bytes& bytes) {
    Bytes out(stored_bytes(bytes.size()));
    out.resize(UnitDeflater(level).deflate(bytes, out));
    return out;
}

std::vector<std::pair<const char*, std::unique_ptr<UnitDecoder>>> inflaters() {
    std::vector<std::pair<const char*, std::unique_ptr<UnitDecoder>>> all;
    all.emplace_back("streaming", streaming_unit_inflater());
#ifdef JL_HAS_LIBDEFLATE
    all.emplace_back("libdeflate", libdeflate_unit_inflater());
#endif
    return all;
}

Bytes inflated(UnitDecoder& inflater, Bytes unit, std::size_t size) {
    unit.resize(unit.size() + UnitDecoder::spare_bytes);
    Bytes out(size);
    inflater.decode(unit, out);
    return out;
}

std::vector<Bytes> samples() {
    test::Random random(1);
    std::vector<Bytes> all;
    for (const std::size_t size : {0U, 1U, 2U, 3U, 100U, 65535U, 65536U, 300'001U}) {
        all.push_back(test::image_like(size));
        all.push_back(random.bytes(size));
        all.emplace_back(size);
    }
    all.push_back(test::joined(random.bytes(300'000), test::image_like(300'000)));
    return all;
}

TEST(Unit, ComesBackFromEveryLevelThroughEveryInflater) {
    for (const Bytes& sample : samples()) {
        for (int level = 1; level <= 9; ++level) {
            const Bytes unit = deflated(level, sample);
            EXPECT_LE(unit.size(), stored_bytes(sample.size()));
            for (const auto& [name, inflater] : inflaters()) {
                EXPECT_EQ(inflated(*inflater, unit, sample.size()), sample) << name << " " << level;
            }
        }
    }
}

TEST(Unit, IsTheSameWhateverTheDeflaterDidBefore) {
    for (const int level : {1, 2, 3, 6}) {
        UnitDeflater used(level);
        for (const Bytes& sample : samples()) {
            Bytes out(stored_bytes(sample.size()));
            out.resize(used.deflate(sample, out));
            EXPECT_EQ(out, deflated(level, sample)) << level << ", " << sample.size() << " bytes";
        }
    }
}

TEST(Unit, EndsWithAFullFlushAndContinuesAStream) {
    const Bytes sample = test::image_like(10'000);
    for (int level = 1; level <= 9; ++level) {
        const Bytes unit = deflated(level, sample);
        require_full_flush(unit);
        Bytes out(2 * sample.size());
        const Bytes both = test::joined(unit, unit);
        const auto inflater = zlib_raw_inflater();
        const CoderStep step = inflater->inflate(both, out);
        EXPECT_EQ(step.produced, out.size());
        EXPECT_EQ(out, test::joined(sample, sample));
    }
}

TEST(Unit, ThatDoesNotShrinkIsStored) {
    test::Random random;
    SCOPED_TRACE(random.seed_text());
    const Bytes noise = random.bytes(test::unit);
    for (int level = 1; level <= 9; ++level) {
        EXPECT_LE(deflated(level, noise).size(), stored_bytes(noise.size())) << level;
    }
}

TEST(Unit, ThatRepeatsBeyondASamplesReachIsNotStored) {
    test::Random random;
    SCOPED_TRACE(random.seed_text());
    const Bytes row = random.bytes(30'000);
    Bytes rows;
    while (rows.size() < test::unit) rows = test::joined(std::move(rows), row);
    for (const int level : {4, 6, 9}) EXPECT_LT(deflated(level, rows).size(), rows.size() / 4) << level;
}

TEST(Unit, OfAnotherSizeThanClaimedIsRefused) {
    for (const Bytes& sample : samples()) {
        if (sample.empty()) continue;
        const Bytes unit = deflated(3, sample);
        for (const auto& [name, inflater] : inflaters()) {
            for (const std::size_t claim : {std::size_t{0}, sample.size() - 1, sample.size() + 1, 2 * sample.size()}) {
                const Error error = test::error_of([&, &inflater = inflater] { inflated(*inflater, unit, claim); });
                EXPECT_EQ(error.code(), ErrorCode::format) << name << " " << claim << " of " << sample.size();
            }
        }
    }
}

TEST(Unit, ThatIsCutOrContinuesIsRefused) {
    const Bytes sample = test::image_like(3000);
    const Bytes unit = deflated(3, sample);
    for (const auto& [name, inflater] : inflaters()) {
        for (std::size_t size = 0; size < unit.size(); ++size) {
            const Bytes part(unit.begin(), unit.begin() + static_cast<std::ptrdiff_t>(size));
            EXPECT_EQ(test::error_of([&, &inflater = inflater] { inflated(*inflater, part, sample.size()); }).code(),
                      ErrorCode::format)
                << name << " " << size;
        }
        const Bytes longer = test::joined(unit, test::bytes_of("\x01"));
        EXPECT_EQ(test::error_of([&, &inflater = inflater] { inflated(*inflater, longer, sample.size()); }).code(),
                  ErrorCode::format)
            << name;
    }
}

TEST(Unit, ThatEndsTheStreamIsRefused) {
    const Bytes sample = test::image_like(3000);
    const Bytes unit = test::foreign(sample, -15);
    Bytes flush = test::bytes_of(std::string_view("\0\0\0\xff\xff", 5));
    for (const auto& [name, inflater] : inflaters()) {
        const Error error = test::error_of(
            [&, &inflater = inflater] { inflated(*inflater, test::joined(unit, flush), sample.size()); });
        EXPECT_EQ(error.code(), ErrorCode::format) << name;
    }
}

TEST(Unit, CompressesBetterAtEveryLevelAboveThree) {
    const Bytes image = test::image_like(test::unit);
    const std::size_t at_three = deflated(3, image).size();
    for (int level = 4; level <= 9; ++level) EXPECT_LT(deflated(level, image).size(), at_three) << level;
}

// The file must not be larger than what joblib writes at its default level.
TEST(Unit, OfImagesAtLevelThreeIsNoLargerThanZlibs) {
    const Bytes image = test::image_like(test::unit);
    EXPECT_LE(deflated(3, image).size(), test::foreign(image, -15, 3).size());
}

}  // namespace
}  // namespace jl::detail
