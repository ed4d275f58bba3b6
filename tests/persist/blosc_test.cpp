// What Blosc alone has: levels, compressors inside, limits, no maps; damage is named by array and chunk.
#include <array>
#include <cstdint>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <initializer_list>
#include <map>

#include <jl/jl.hpp>

#include "persist/support/packers.hpp"
#include "persist/support/samples.hpp"
#include "support/error.hpp"
#include "support/faulty_io.hpp"

namespace jl::test {
namespace {

using testing::HasSubstr;

void flip(const std::filesystem::path& path, std::initializer_list<std::uint64_t> places) {
    std::string file = read_file(path);
    for (const std::uint64_t at : places) file[at] = static_cast<char>(file[at] ^ 0x10);
    write_file(path, file);
}

class Blosc : public testing::Test {
  protected:
    void SetUp() override {
        if (!has_blosc()) GTEST_SKIP() << "blosc is not built in";
    }
};

TEST_F(Blosc, HasLevelsFromNoneToNine) {
    const std::vector<double> values = numbers(100'000);
    const auto size = [&](int level) { return dumped_text(values, {.compress = {"blosc:zstd", level}}).size(); };
    EXPECT_EQ(dumped_text(values, {.compress = {"blosc", 0}}), dumped_text(values));
    EXPECT_LT(size(9), size(1));
    EXPECT_LT(size(1), values.size() * 8);
    EXPECT_EQ(dumped_text(values, {.compress = "blosc"}), dumped_text(values, {.compress = {"blosc:lz4", 5}}));
    EXPECT_THAT(error_of([&] { size(10); }).what(), HasSubstr("Non valid compress level given: \"10\""));
}

TEST_F(Blosc, RatioHasALimit) {
    const std::string file = dumped_text(std::vector<double>(1'000'000), {.compress = {"blosc:zstd", 9}});
    EXPECT_EQ(load<std::vector<double>>(bytes_of(file)).size(), 1'000'000U);
    const LoadOptions strict{.limits = {.ratio = 50}};
    EXPECT_THAT(error_of([&] { load<std::vector<double>>(bytes_of(file), strict); }).what(),
                HasSubstr("Limits::ratio"));
    PieceSource pieces(bytes_of(file), 1'000);
    EXPECT_THAT(error_of([&] { load<std::vector<double>>(pieces, strict); }).what(), HasSubstr("Limits::ratio"));
}

TEST_F(Blosc, AFileHasItsLimitsToo) {
    const TempDir dir;
    dump(std::vector<double>(1'000'000), dir / "x.pkl", {.compress = {"blosc:zstd", 9}});
    const File strict(dir / "x.pkl", {.limits = {.ratio = 50}});
    EXPECT_THAT(error_of([&] { strict.slice<double>("/", 0, 1); }).what(), HasSubstr("Limits::ratio"));
    const File small(dir / "x.pkl", {.limits = {.bytes = 1'000'000}});
    EXPECT_THAT(error_of([&] { small.array<double>("/"); }).what(), HasSubstr("limit: bytes"));
    EXPECT_EQ(small.slice<double>("/", 0, 100).size(), 100U);
    EXPECT_FALSE(verify(dir / "x.pkl", {.limits = {.ratio = 50}}).ok());
}

TEST_F(Blosc, VerifyNamesEachArrayWhoseFormIsDamaged) {
    const TempDir dir;
    const std::map<std::string, std::vector<double>> two{{"a", numbers(400'000)}, {"b", numbers(300'000)}};
    dump(two, dir / "x.pkl", {.compress = "blosc"});
    const File opened(dir / "x.pkl");
    flip(dir / "x.pkl", {opened.find("a").offset + 8, opened.find("b").offset + 8});
    const VerifyReport report = verify(dir / "x.pkl");
    std::string all;
    for (const Error& problem : report.problems()) all += std::string(problem.what()) + "\n";
    EXPECT_THAT(all, HasSubstr("'/a'"));
    EXPECT_THAT(all, HasSubstr("'/b'"));
}

TEST_F(Blosc, VerifyNamesEveryDamagedChunkOfAnArray) {
    const TempDir dir;
    dump(numbers(1'000'000), dir / "x.pkl", {.compress = "blosc"});
    const ArrayEntry entry = File(dir / "x.pkl").find("/");
    flip(dir / "x.pkl", {entry.offset + entry.stored / 4, entry.offset + entry.stored * 5 / 8});
    EXPECT_EQ(verify(dir / "x.pkl").problems().size(), 2U);
}

TEST_F(Blosc, RefusesACompressorThatItDoesNotHave) {
    for (const char* name : {"blosc:", "blosc:snappyx", "bloscx"}) {
        const Error error = error_of([&] { dumped_text(numbers(10), {.compress = name}); });
        EXPECT_EQ(error.code(), ErrorCode::usage);
        EXPECT_THAT(error.what(), HasSubstr("Non valid compression method given: \"" + std::string(name) + "\""));
        EXPECT_THAT(error.what(), HasSubstr("'blosc:zstd'"));
    }
}

TEST_F(Blosc, CannotBeMappedUnlessLoadingWillDo) {
    const TempDir dir;
    dump(some_arrays(), dir / "x.pkl", {.compress = "blosc"});
    for (const MmapMode mode : {MmapMode::r, MmapMode::c}) {
        const Error error = error_of([&] { load<Arrays>(dir / "x.pkl", {.mmap_mode = mode}); });
        EXPECT_EQ(error.code(), ErrorCode::unsupported);
        EXPECT_THAT(error.what(), HasSubstr("is packed by blosc: it cannot be mapped"));
        EXPECT_EQ(load<Arrays>(dir / "x.pkl", {.mmap_mode = mode, .mmap_fallback = Fallback::load}), some_arrays());
    }
    const std::string before = read_file(dir / "x.pkl");
    EXPECT_THAT(error_of([&] { load(dir / "x.pkl", {.mmap_mode = MmapMode::r_plus}); }).what(),
                HasSubstr("cannot be changed in place"));
    EXPECT_TRUE(read_file(dir / "x.pkl") == before);
}

TEST_F(Blosc, OnDemandAValuesArraysStayInTheFile) {
    const TempDir dir;
    const std::vector<double> numbers = test::numbers(300'000);
    dump(numbers, dir / "x.pkl", {.compress = "blosc"});
    const Value value = load(dir / "x.pkl", {.mmap_mode = MmapMode::r, .mmap_fallback = Fallback::on_demand});
    ASSERT_TRUE(value.is_deferred());
    std::array<double, 5> some{};
    value.read_array(200'001 * sizeof(double), std::as_writable_bytes(std::span(some)));
    EXPECT_TRUE(std::equal(some.begin(), some.end(), numbers.begin() + 200'001));
    const Error beyond =
        error_of([&] { value.read_array(value.nbytes() - 8, std::as_writable_bytes(std::span(some))); });
    EXPECT_EQ(beyond.code(), ErrorCode::range);
    EXPECT_THAT(beyond.what(), HasSubstr("bytes 2399992 to 2400032 of an array of 2400000 bytes"));
    EXPECT_EQ(dumped_text(value), dumped_text(numbers));
    EXPECT_TRUE(value.is_deferred());
    EXPECT_EQ(value.array_bytes().size(), value.nbytes());
    EXPECT_FALSE(value.is_deferred());
    EXPECT_EQ(value.as<std::vector<double>>(), numbers);
    EXPECT_FALSE(load(dir / "x.pkl", {.mmap_mode = MmapMode::r, .mmap_fallback = Fallback::load}).is_deferred());
}

TEST_F(Blosc, DamageIsFoundWhereAPartOnDemandIsRead) {
    const TempDir dir;
    const std::vector<double> numbers = test::numbers(300'000);
    dump(numbers, dir / "x.pkl", {.compress = "blosc"});
    flip(dir / "x.pkl", {std::filesystem::file_size(dir / "x.pkl") / 4});
    const Value value = load(dir / "x.pkl", {.mmap_mode = MmapMode::r, .mmap_fallback = Fallback::on_demand});
    std::array<double, 5> some{};
    value.read_array(value.nbytes() - sizeof some, std::as_writable_bytes(std::span(some)));
    EXPECT_TRUE(std::equal(some.begin(), some.end(), numbers.end() - 5));
    EXPECT_THROW(value.read_array(0, std::as_writable_bytes(std::span(some))), Error);
    EXPECT_THROW(dumped_text(value), Error);
}

TEST_F(Blosc, SmallArraysBesideAreStillMapped) {
    const TempDir dir;
    dump(std::map<std::string, std::vector<double>>{{"big", numbers(10'000)}, {"small", numbers(10)}}, dir / "x.pkl",
         {.compress = "blosc"});
    const auto small = File(dir / "x.pkl").array<double>("small");
    EXPECT_TRUE(std::equal(small.begin(), small.end(), numbers(10).begin()));
}

TEST_F(Blosc, VerifyNamesTheArrayOfADamagedChunkAndGoesOn) {
    const TempDir dir;
    const std::map<std::string, std::vector<double>> two{{"a", numbers(400'000)}, {"b", numbers(300'000)}};
    dump(two, dir / "x.pkl", {.compress = "blosc"});
    const ArrayEntry a = File(dir / "x.pkl").find("a"), b = File(dir / "x.pkl").find("b");
    flip(dir / "x.pkl", {a.offset + a.stored / 2, b.offset + b.stored / 2});
    const VerifyReport report = verify(dir / "x.pkl");
    ASSERT_EQ(report.problems().size(), 2U);
    EXPECT_THAT(report.problems()[0].what(), HasSubstr("'/a'"));
    EXPECT_THAT(report.problems()[1].what(), HasSubstr("'/b'"));
}

}  // namespace
}  // namespace jl::test
