#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>

#include <jl/file.hpp>
#include <jl/jl.hpp>

#include "persist/support/samples.hpp"
#include "support/error.hpp"
#include "support/random.hpp"

namespace jl::test {
namespace {

using testing::HasSubstr;

struct Content {
    std::vector<double> long_one = numbers(700'000);  // more than five checksum chunks
    Array<std::int16_t> table = make_table('C');
    Array<std::int16_t> columns = make_table('F');
    std::vector<float> nothing;

    static Array<std::int16_t> make_table(char order) {
        Array<std::int16_t> table({1'000, 3}, order);
        for (std::int16_t i = 0; i < 1'000; ++i)
            for (std::int16_t j = 0; j < 3; ++j) table(i, j) = static_cast<std::int16_t>(10 * i + j);
        return table;
    }
};

class FileOfArrays : public testing::TestWithParam<const char*> {
  protected:
    void SetUp() override { dump(Content(), path); }
    TempDir dir;
    const std::string path = dir / GetParam();
};

TEST_P(FileOfArrays, ListsWhatIsThere) {
    const File file(path);
    ASSERT_EQ(file.size(), 4U);
    EXPECT_THAT(file.writer(), HasSubstr("jl "));
    EXPECT_EQ(file.entry(0).path, "/long_one");
    EXPECT_EQ(file.entry(1).shape, (std::vector<std::uint64_t>{1'000, 3}));
    EXPECT_EQ(file.entry(2).order, 'F');
    EXPECT_EQ(file.find("nothing").nbytes, 0U);
    EXPECT_EQ(file.find("/table").dtype, DType::of<std::int16_t>());
    for (const ArrayEntry& entry : file.arrays()) EXPECT_EQ(entry.offset % 64, 0U);
}

TEST_P(FileOfArrays, ReadsOneArray) {
    const File file(path);
    const auto long_one = file.array<double>("long_one");
    EXPECT_EQ(std::vector(long_one.begin(), long_one.end()), Content().long_one);
    EXPECT_EQ(file.array<std::int16_t>("columns")(7, 2), 72);
    EXPECT_EQ(file.array<std::int16_t>("table")(999, 1), 9'991);
    EXPECT_EQ(file.array<float>("nothing").size(), 0U);
}

TEST_P(FileOfArrays, ArraysOutliveTheFile) {
    Array<double> rows;
    {
        const File file(path);
        rows = file.slice<double>("long_one", 5, 7);
    }
    EXPECT_EQ(rows(1), Content().long_one[6]);
}

TEST_P(FileOfArrays, SlicesAroundEveryChunkBoundary) {
    const File file(path);
    const std::vector<double> whole = Content().long_one;
    constexpr std::uint64_t chunk = (1 << 20) / sizeof(double);
    std::vector<std::uint64_t> places{0, 1, whole.size() - 1, whole.size()};
    for (std::uint64_t at = chunk; at < whole.size(); at += chunk) places.insert(places.end(), {at - 1, at, at + 1});
    for (const std::uint64_t begin : places) {
        for (const std::uint64_t end : places) {
            if (begin > end) continue;
            const auto slice = file.slice<double>("long_one", begin, end);
            ASSERT_EQ(slice.shape(), (std::vector<std::uint64_t>{end - begin}));
            ASSERT_TRUE(std::equal(slice.begin(), slice.end(), whole.begin() + static_cast<std::ptrdiff_t>(begin)))
                << begin << " " << end;
        }
    }
    const auto rows = file.slice<std::int16_t>("table", 10, 12);
    EXPECT_EQ(rows.shape(), (std::vector<std::uint64_t>{2, 3}));
    EXPECT_EQ(rows(1, 2), 112);
    EXPECT_EQ(file.slice<std::int16_t>("columns", 10, 12)(1, 2), 112);
}

TEST_P(FileOfArrays, SlicesOfRandomRanges) {
    Random random;
    SCOPED_TRACE(random.seed_text());
    const File file(path);
    const std::vector<double> whole = Content().long_one;
    for (int i = 0; i < 50; ++i) {
        const std::uint64_t begin = random.below(whole.size() + 1),
                            end = begin + random.below(whole.size() + 1 - begin);
        const auto slice = file.slice<double>("long_one", begin, end);
        ASSERT_TRUE(std::equal(slice.begin(), slice.end(), whole.begin() + static_cast<std::ptrdiff_t>(begin),
                               whole.begin() + static_cast<std::ptrdiff_t>(end)));
    }
}

TEST_P(FileOfArrays, RefusesWhatIsNotThere) {
    const File file(path);
    const Error missing = error_of([&] { (void)file.array<double>("nosuch"); });
    EXPECT_EQ(missing.code(), ErrorCode::missing);
    EXPECT_THAT(missing.what(), testing::AllOf(HasSubstr(path), HasSubstr("'nosuch'")));
    EXPECT_EQ(error_of([&] { (void)file.find(""); }).code(), ErrorCode::missing);
    EXPECT_EQ(error_of([&] { (void)file.array<float>("long_one"); }).code(), ErrorCode::type);
    EXPECT_EQ(error_of([&] { (void)file.slice<double>("long_one", 3, 2); }).code(), ErrorCode::range);
    EXPECT_EQ(error_of([&] { (void)file.slice<double>("long_one", 0, 700'001); }).code(), ErrorCode::range);
}

INSTANTIATE_TEST_SUITE_P(Codecs, FileOfArrays, testing::Values("x.pkl", "x.pkl.gz", "x.pkl.z"));

TEST(File, SlicesOfDamagedFilesAreErrorsExactlyWhereTheDamageIs) {
    const TempDir dir;
    dump(Content(), dir / "x.pkl");
    std::string bytes = read_file(dir / "x.pkl");
    const std::uint64_t offset = File(dir / "x.pkl").find("long_one").offset;
    bytes[offset + (3 << 20) + 5] = static_cast<char>(bytes[offset + (3 << 20) + 5] ^ 4);
    write_file(dir / "x.pkl", bytes);
    const VerifyReport report = verify(dir / "x.pkl");
    ASSERT_EQ(report.problems().size(), 1U);
    EXPECT_EQ(report.problems()[0].code(), ErrorCode::checksum);
    EXPECT_EQ(report.problems()[0].offset(), offset + (3 << 20));
    EXPECT_THAT(report.problems()[0].what(), HasSubstr("'/long_one'"));
}

TEST(File, RefusesWhatItCannotIndex) {
    const TempDir dir;
    write_file(dir / "joblib.pkl", joblib_file(numbers(10)));
    EXPECT_EQ(error_of([&] { File(dir / "joblib.pkl"); }).code(), ErrorCode::unsupported);
    write_file(dir / "empty.pkl", "");
    EXPECT_EQ(error_of([&] { File(dir / "empty.pkl"); }).code(), ErrorCode::unsupported);
    EXPECT_EQ(error_of([&] { File(dir / "none.pkl"); }).code(), ErrorCode::io);
    dump(numbers(10), dir / "x.pkl.gz");
    const Error error = error_of([&] { File(dir / "x.pkl.gz", {.mmap_mode = MmapMode::r_plus}); });
    EXPECT_EQ(error.code(), ErrorCode::unsupported);
    EXPECT_THAT(error.what(), HasSubstr("gzip"));
    std::string cut = read_file(dir / "x.pkl.gz");
    write_file(dir / "cut.pkl.gz", cut.substr(0, cut.size() - 1));
    EXPECT_NE(error_of([&] { File(dir / "cut.pkl.gz"); }).code(), ErrorCode::usage);
}

TEST(File, CopyOnWriteIsPrivate) {
    const TempDir dir;
    dump(Content(), dir / "x.pkl");
    const std::string before = read_file(dir / "x.pkl");
    {
        const File file(dir / "x.pkl", {.mmap_mode = MmapMode::c});
        file.array<double>("long_one")(0) = 7;
    }
    EXPECT_EQ(read_file(dir / "x.pkl"), before);
}

TEST(File, TakesTheLastOfSeveralContainers) {
    const TempDir dir;
    write_file(dir / "two.pkl",
               dumped_text(numbers(5)) + dumped_text(std::map<std::string, std::vector<double>>{{"x", numbers(9)}}));
    const File file(dir / "two.pkl");
    EXPECT_EQ(file.array<double>("x").size(), 9U);
}

}  // namespace
}  // namespace jl::test
