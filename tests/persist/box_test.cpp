// Ranges on every axis: of maps, of files that are read, of compressed and packed ones, in both orders.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <jl/jl.hpp>

#include "persist/support/needs_codec.hpp"
#include "persist/support/samples.hpp"
#include "support/error.hpp"
#include "support/random.hpp"

namespace jl::test {
namespace {

using testing::HasSubstr;
using Shape = std::vector<std::uint64_t>;

Array<std::int32_t> cube(char order) {
    Array<std::int32_t> array({70, 90, 110}, order);  // 2.8 MB
    for (int i = 0; i < 70; ++i)
        for (int j = 0; j < 90; ++j)
            for (int k = 0; k < 110; ++k) array(i, j, k) = (i * 1000 + j) * 1000 + k;
    return array;
}

struct Target {
    const char* name;
    DumpOptions dump = {};
    FileOptions file = {};
};

class Boxes : public testing::TestWithParam<Target> {
  protected:
    void SetUp() override {
        JL_NEEDS_CODEC(path, GetParam().dump);
        dump(std::map<std::string, Array<std::int32_t>>{{"C", cube('C')}, {"F", cube('F')}}, path, GetParam().dump);
    }
    TempDir dir;
    const std::string path = dir / GetParam().name;
};

INSTANTIATE_TEST_SUITE_P(Targets, Boxes,
                         testing::Values(Target{"mapped.pkl"}, Target{"read.pkl", {}, {.mmap_mode = std::nullopt}},
                                         Target{"c.pkl.gz"}, Target{"c.pkl.zst", {.shuffle = true}},
                                         Target{"blosc.pkl", {.compress = "blosc"}}),
                         [](const auto& each) {
                             std::string name = each.param.name;
                             std::replace(name.begin(), name.end(), '.', '_');
                             return name;
                         });

TEST_P(Boxes, HoldTheItemsOfTheirRanges) {
    const File file(path, GetParam().file);
    Random random;
    SCOPED_TRACE(random.seed_text());
    for (int round = 0; round < 60; ++round) {
        std::vector<Range> ranges;
        for (const std::uint64_t extent : {70U, 90U, 110U}) {
            Range range{random.below(extent + 1), 0, 1 + random.below(3)};
            range.end = range.begin + random.below(extent + 1 - range.begin);
            if (random.below(3) == 0) range = {};
            ranges.push_back(range);
        }
        for (const char* name : {"C", "F"}) {
            const auto box = file.slice<std::int32_t>(name, ranges);
            ASSERT_EQ(box.order(), name[0]);
            std::uint64_t at[3] = {};
            for (std::size_t i = 0; i < box.shape()[0]; ++i)
                for (std::size_t j = 0; j < box.shape()[1]; ++j)
                    for (std::size_t k = 0; k < box.shape()[2]; ++k) {
                        const std::size_t index[] = {i, j, k};
                        for (std::size_t axis = 0; axis < 3; ++axis)
                            at[axis] = ranges[axis].begin + index[axis] * ranges[axis].step;
                        ASSERT_EQ(static_cast<std::uint64_t>(box(i, j, k)), (at[0] * 1000 + at[1]) * 1000 + at[2]);
                    }
        }
    }
}

TEST_P(Boxes, AxesWithoutARangeAreWhole) {
    const File file(path, GetParam().file);
    for (const char* name : {"C", "F"}) {
        EXPECT_EQ(file.slice<std::int32_t>(name, std::vector<Range>{}).shape(), (Shape{70, 90, 110}));
        const auto rows = file.slice<std::int32_t>(name, 3, 5);
        EXPECT_EQ(rows.shape(), (Shape{2, 90, 110}));
        EXPECT_EQ(rows(1, 89, 109), 4'089'109);
        const auto column = file.slice<std::int32_t>(name, {{}, {7, 8}, {0, Range::to_end, 50}});
        EXPECT_EQ(column.shape(), (Shape{70, 1, 3}));
        EXPECT_EQ(column(69, 0, 2), 69'007'100);
        EXPECT_EQ(file.slice<std::int32_t>(name, {{5, 5}}).size(), 0U);
    }
}

TEST_P(Boxes, RefuseWhatIsNotThere) {
    const File file(path, GetParam().file);
    const auto refused = [&](const std::vector<Range>& ranges, const char* text) {
        const Error error = error_of([&] { (void)file.slice<std::int32_t>("C", ranges); });
        EXPECT_EQ(error.code(), ErrorCode::range);
        EXPECT_THAT(error.what(), testing::AllOf(HasSubstr(path), HasSubstr("'/C'"), HasSubstr(text)));
    };
    refused({{0, 71}}, "axis 0");
    refused({{}, {4, 3}}, "4 to 3 of axis 1");
    refused({{}, {}, {0, 5, 0}}, "step 0");
    refused({{}, {}, {}, {}}, "3 axes, 4 ranges");
}

TEST_P(Boxes, ChunksGiveTheArrayPieceByPiece) {
    auto file = std::make_unique<File>(path, GetParam().file);
    for (const char* name : {"C", "F"}) {
        int row = 0;
        for (const Array<std::int32_t>& part : file->chunks<std::int32_t>(name, 32)) {
            ASSERT_EQ(part.shape()[0], row < 64 ? 32U : 6U);
            ASSERT_EQ(part(1, 2, 3), (row + 1) * 1'000'000 + 2'003);
            row += static_cast<int>(part.shape()[0]);
        }
        EXPECT_EQ(row, 70);
    }
    const auto chunks = file->chunks<std::int32_t>("C", 70);
    file.reset();
    EXPECT_EQ((*chunks.begin())(69, 89, 109), 69'089'109);
}

TEST(Chunks, OfNothingAndOfWhatHasNoRows) {
    const TempDir dir;
    Array<double> number(Shape{});
    number.data()[0] = 1;
    dump(std::pair(number, std::vector<double>()), dir / "x.pkl");
    const File file(dir / "x.pkl");
    for (const auto& part : file.chunks<double>("1", 5)) ADD_FAILURE() << part.size();
    EXPECT_EQ(error_of([&] { (void)file.chunks<double>("0", 5); }).code(), ErrorCode::range);
    EXPECT_EQ(error_of([&] { (void)file.chunks<double>("1", 0); }).code(), ErrorCode::usage);
    EXPECT_EQ(error_of([&] { (void)file.chunks<double>("none", 1); }).code(), ErrorCode::missing);
}

TEST(BoxesOfBigEndianArrays, AreOfThisMachine) {
    const File file(JL_SOURCE_DIR "/spec/vectors/valid/dtypes.pkl");
    EXPECT_EQ(file.slice<double>(">f8", {{0, 2}, {1, 3}})(1, 1), 5);
}

TEST(BoxesInPlace, AreShownWhereTheyLieOrRefused) {
    const TempDir dir;
    dump(cube('C'), dir / "x.pkl");
    const File file(dir / "x.pkl", {.mmap_mode = MmapMode::r_plus});
    file.slice<std::int32_t>("/", {{3, 4}, {5, 7}})(0, 1, 9) = -1;
    EXPECT_EQ(file.array<std::int32_t>("/")(3, 6, 9), -1);
    const Error error = error_of([&] { (void)file.slice<std::int32_t>("/", {{}, {5, 7}}); });
    EXPECT_EQ(error.code(), ErrorCode::unsupported);
    EXPECT_THAT(error.what(), HasSubstr("do not lie together"));
}

TEST(BoxesOfDamagedFiles, AreErrorsWhereTheyAreRead) {
    const TempDir dir;
    dump(cube('C'), dir / "x.pkl");
    std::string bytes = read_file(dir / "x.pkl");
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    write_file(dir / "x.pkl", bytes);
    const File file(dir / "x.pkl", {.mmap_mode = std::nullopt});
    EXPECT_EQ(file.slice<std::int32_t>("/", {{0, 2}, {1, 3}})(0, 0, 0), 1000);
    EXPECT_EQ(error_of([&] { (void)file.slice<std::int32_t>("/", {{}, {1, 3}}); }).code(), ErrorCode::checksum);
}

}  // namespace
}  // namespace jl::test
