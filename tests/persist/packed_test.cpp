// Arrays that are packed one by one, shuffled or by Blosc: the same values on every way in, and damage is found.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>

#include <jl/jl.hpp>

#include "persist/support/packers.hpp"
#include "persist/support/samples.hpp"
#include "support/error.hpp"
#include "support/faulty_io.hpp"
#include "support/random.hpp"

namespace jl::test {
namespace {

using testing::HasSubstr;

// With room between its fields: to numpy an aligned structure, which a directory does not tell.
struct Sample {
    bool flag = false;
    double value = 0;
    bool operator==(const Sample&) const = default;
};

class Packed : public testing::TestWithParam<Way> {};

TEST_P(Packed, ArraysComeBackOnEveryWayIn) {
    const TempDir dir;
    const Arrays arrays = some_arrays();
    dump(arrays, dir / "x.pkl", GetParam().options);
    EXPECT_EQ(load<Arrays>(dir / "x.pkl"), arrays);
    const std::string file = read_file(dir / "x.pkl");
    EXPECT_EQ(load<Arrays>(bytes_of(file)), arrays);
    PieceSource pieces(bytes_of(file), 1'000);
    EXPECT_EQ(load<Arrays>(pieces), arrays);
    EXPECT_EQ(load(dir / "x.pkl").as<Arrays>(), arrays);
    std::istringstream stream(file);
    EXPECT_EQ(load(stream).as<Arrays>(), arrays);
    EXPECT_TRUE(verify(dir / "x.pkl").ok());
}

TEST_P(Packed, EveryKindOfItemComesBack) {
    const Value value = every_kind();
    const std::string file = dumped_text(value, GetParam().options);
    const Value back = load(bytes_of(file));
    EXPECT_EQ(back.str(100'000), value.str(100'000));
    EXPECT_EQ(dumped_text(back), dumped_text(value));
}

TEST_P(Packed, AlignedStructuresComeBackByTheDirectory) {
    const TempDir dir;
    std::vector<Sample> samples(20'000);
    for (std::size_t i = 0; i < samples.size(); ++i) samples[i] = {i % 3 == 0, static_cast<double>(i)};
    dump(samples, dir / "x.pkl", GetParam().options);
    EXPECT_EQ(load<std::vector<Sample>>(dir / "x.pkl"), samples);
    EXPECT_EQ(load(dir / "x.pkl").as<std::vector<Sample>>(), samples);
    EXPECT_TRUE(verify(dir / "x.pkl").ok());
}

TEST_P(Packed, SameValueSameBytesAtAnyNumberOfThreads) {
    DumpOptions options = GetParam().options;
    std::string first;
    for (const unsigned threads : {1U, 2U, 5U}) {
        options.n_threads = threads;
        const std::string file = dumped_text(some_arrays(), options);
        if (first.empty()) first = file;
        EXPECT_TRUE(file == first) << threads;
        EXPECT_EQ(load<Arrays>(bytes_of(file), {.n_threads = threads}), some_arrays());
    }
}

TEST_P(Packed, NoiseGivesTheSameBytesAtAnyNumberOfThreadsToo) {
    DumpOptions options = GetParam().options;
    Random random;
    SCOPED_TRACE(random.seed_text());
    std::vector<std::int64_t> noise(525'288);  // four chunks of Blosc and a short one
    for (std::int64_t& each : noise) each = static_cast<std::int64_t>(random.next());
    options.n_threads = 1;
    const std::string one = dumped_text(noise, options);
    options.n_threads = 8;
    EXPECT_TRUE(dumped_text(noise, options) == one);
    EXPECT_EQ(load<std::vector<std::int64_t>>(bytes_of(one)), noise);
}

TEST_P(Packed, BigEndianItemsBecomeNativeOnes) {
    const TempDir dir;
    dump(big_endian(10'000), dir / "x.pkl", GetParam().options);
    std::vector<double> expected(10'000);
    for (std::size_t i = 0; i < expected.size(); ++i) expected[i] = static_cast<double>(i);
    EXPECT_EQ(load<std::vector<double>>(dir / "x.pkl"), expected);
    const std::string file = read_file(dir / "x.pkl");
    PieceSource pieces(bytes_of(file), 10'000);
    EXPECT_EQ(load<std::vector<double>>(pieces), expected);
}

TEST_P(Packed, NumbersTakeLessRoomThanTheCodecAloneNeeds) {
    DumpOptions plain = GetParam().options;
    plain.shuffle = false;
    if (GetParam().name.starts_with("blosc")) plain.compress = Compress("zlib", 0);
    const std::vector<std::int64_t> ascending = some_arrays().at("ascending");
    EXPECT_LT(dumped_text(ascending, GetParam().options).size(), dumped_text(ascending, plain).size() * 7 / 10);
}

TEST_P(Packed, SlicesAreReadByName) {
    const TempDir dir;
    const Arrays arrays = some_arrays();
    dump(arrays, dir / "x.pkl", GetParam().options);
    if (!GetParam().has_random_access) return;
    const File file(dir / "x.pkl");
    const std::vector<std::int64_t>& all = arrays.at("ascending");
    Random random;
    SCOPED_TRACE(random.seed_text());
    for (int i = 0; i < 50; ++i) {
        const std::uint64_t begin = random.below(all.size());
        const std::uint64_t end = begin + random.below(all.size() - begin + 1);
        const auto rows = file.slice<std::int64_t>("ascending", begin, end);
        ASSERT_TRUE(std::equal(rows.begin(), rows.end(), all.begin() + static_cast<std::ptrdiff_t>(begin),
                               all.begin() + static_cast<std::ptrdiff_t>(end)))
            << begin << " " << end;
    }
    const auto whole = file.array<std::int64_t>("/ascending");
    EXPECT_TRUE(std::equal(whole.begin(), whole.end(), all.begin(), all.end()));
}

TEST_P(Packed, TheDirectoryTellsShapeAndItems) {
    const TempDir dir;
    dump(some_arrays(), dir / "x.pkl", GetParam().options);
    if (!GetParam().has_random_access) return;
    const ArrayEntry entry = File(dir / "x.pkl").find("ascending");
    EXPECT_EQ(entry.dtype.str(), "<i8");
    EXPECT_EQ(entry.nbytes, some_arrays().at("ascending").size() * 8);
    EXPECT_EQ(entry.packing, GetParam().packing);
    EXPECT_LT(entry.stored, entry.nbytes + entry.nbytes / 10);
}

TEST_P(Packed, SmallArraysAreLeftAsTheyAre) {
    const TempDir dir;
    dump(std::vector<double>{1, 2, 3}, dir / "x.pkl", GetParam().options);
    EXPECT_EQ(load<std::vector<double>>(dir / "x.pkl"), (std::vector<double>{1, 2, 3}));
    if (!GetParam().has_random_access) return;
    EXPECT_EQ(File(dir / "x.pkl").find("/").packing, "none");
}

TEST_P(Packed, ASharedArrayIsStoredOnceAndStaysOne) {
    const auto shared = std::make_shared<std::vector<double>>(numbers(10'000));
    const std::vector<std::shared_ptr<std::vector<double>>> twice{shared, shared};
    const auto back =
        load<std::vector<std::shared_ptr<std::vector<double>>>>(bytes_of(dumped_text(twice, GetParam().options)));
    EXPECT_EQ(*back.at(0), *shared);
    EXPECT_EQ(back.at(0), back.at(1));
}

TEST_P(Packed, ATruncatedFileIsAnErrorAtEveryPlace) {
    const std::string file = dumped_text(numbers(3'000), GetParam().options);
    for (std::size_t size = 0; size < file.size(); size += size < 700 ? 1 : 97) {
        const std::string_view cut = std::string_view(file).substr(0, size);
        // What has lost its trailer only is still loaded in order.
        try {
            EXPECT_EQ(load<std::vector<double>>(bytes_of(cut)), numbers(3'000)) << size;
        } catch (const Error&) {
        }
    }
}

TEST_P(Packed, AFlippedBitIsFoundOrHarmless) {
    const TempDir dir;
    const std::string file = dumped_text(numbers(3'000), GetParam().options);
    Random random;
    SCOPED_TRACE(random.seed_text());
    for (int i = 0; i < 2'000; ++i) {
        std::string damaged = file;
        const std::size_t bit = random.below(file.size() * 8);
        damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
        for (const bool streamed : {false, true}) {
            try {
                PieceSource pieces(bytes_of(damaged), 5'000);
                const auto back =
                    streamed ? load<std::vector<double>>(pieces) : load<std::vector<double>>(bytes_of(damaged));
                ASSERT_EQ(back, numbers(3'000)) << "bit " << bit;
            } catch (const Error&) {
            }
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Ways, Packed, testing::ValuesIn(packing_ways()),
                         [](const auto& way) { return way.param.name; });

TEST(Shuffle, WithoutACompressorIsRefused) {
    const Error error = error_of([] { dumped_text(numbers(10), {.shuffle = true}); });
    EXPECT_EQ(error.code(), ErrorCode::usage);
    EXPECT_THAT(error.what(), HasSubstr("shuffle needs a compressor"));
}

}  // namespace
}  // namespace jl::test
