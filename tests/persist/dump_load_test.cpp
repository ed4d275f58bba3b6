#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>

#include <jl/jl.hpp>

#include "persist/support/samples.hpp"
#include "support/error.hpp"
#include "support/tool.hpp"

namespace jl::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(DumpLoad, ComesBackFromEveryKindOfFile) {
    const TempDir dir;
    for (const char* name : {"x.pkl", "x.pkl.gz", "x.pkl.z"}) {
        for (const std::size_t count : {0U, 1U, 1'000U, 300'000U}) {
            dump(sample(count), dir / name);
            EXPECT_EQ(load<Sample>(dir / name), sample(count)) << name;
            EXPECT_EQ(load(dir / name).as<Sample>(), sample(count)) << name;
        }
    }
}

TEST(DumpLoad, CompressionIsAskedForAsInJoblib) {
    const TempDir dir;
    const std::vector<std::pair<Compress, std::string>> choices{
        {true, "\x78\x5e"},        {3, "\x78\x5e"},           {9, "\x78\xda"},     {"gzip", "\x1f\x8b"},
        {{"gzip", 1}, "\x1f\x8b"}, {{"zlib", 1}, "\x78\x01"}, {false, "\x80\x04"}, {0, "\x80\x04"}};
    for (const auto& [compress, magic] : choices) {
        dump(sample(), dir / "x.pkl", {.compress = compress});
        EXPECT_EQ(read_file(dir / "x.pkl").substr(0, 2), magic);
        EXPECT_EQ(load<Sample>(dir / "x.pkl"), sample());
    }
    EXPECT_EQ(error_of([&] { dump(1, dir / "y.pkl", {.compress = {"gzip", 11}}); }).code(), ErrorCode::usage);
    EXPECT_EQ(error_of([&] { dump(1, dir / "y.pkl", {.compress = "nosuch"}); }).code(), ErrorCode::usage);
    EXPECT_THAT(dir.names(), ElementsAre("x.pkl"));
}

TEST(DumpLoad, OtherToolsAcceptTheCompressedFiles) {
    const TempDir dir;
    dump(sample(), dir / "x.pkl.gz");
    dump(sample(), dir / "x.pkl");
    EXPECT_EQ(run_tool("gunzip -t " + test::quoted(dir / "x.pkl.gz")).status, 0);
    EXPECT_EQ(run_tool("python3 -c 'import sys,zlib;zlib.decompress(open(sys.argv[1],\"rb\").read())' " +
                       (dump(sample(), dir / "x.pkl.z"), test::quoted(dir / "x.pkl.z")))
                  .status,
              0);
}

TEST(DumpLoad, AGunzippedFileIsAFile) {
    const TempDir dir;
    dump(sample(300'000), dir / "x.pkl.gz");
    ASSERT_EQ(run_tool("gunzip -k " + test::quoted(dir / "x.pkl.gz")).status, 0);
    EXPECT_EQ(load<Sample>(dir / "x.pkl"), sample(300'000));
    EXPECT_EQ(load<Sample>(dir / "x.pkl", {.mmap_mode = MmapMode::r}), sample(300'000));
    EXPECT_TRUE(verify(dir / "x.pkl").ok());
    EXPECT_TRUE(verify(dir / "x.pkl").has_checksums());
    const File file(dir / "x.pkl");
    EXPECT_EQ(file.array<double>("xs").size(), 300'000U);
    std::ifstream stream(dir / "x.pkl", std::ios::binary);
    EXPECT_EQ(load<Sample>(stream), sample(300'000));
}

TEST(DumpLoad, ReadsWhatJoblibWrote) {
    const TempDir dir;
    for (const std::size_t count : {0U, 3U, 100'000U}) {
        write_file(dir / "j.pkl", joblib_file(numbers(count)));
        EXPECT_EQ(load<std::vector<double>>(dir / "j.pkl"), numbers(count));
        EXPECT_EQ(load(dir / "j.pkl").as<std::vector<double>>(), numbers(count));
        const auto mapped = load<Array<double>>(dir / "j.pkl", {.mmap_mode = MmapMode::r});
        EXPECT_EQ(std::vector(mapped.begin(), mapped.end()), numbers(count));
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(mapped.data()) % alignof(double), 0U);
    }
    const VerifyReport report = verify(dir / "j.pkl");
    EXPECT_TRUE(report.ok());
    EXPECT_FALSE(report.has_checksums());
}

TEST(DumpLoad, SeveralArraysLandStraightInTheirPlaces) {
    const TempDir dir;
    const std::pair value(numbers(200'000), std::vector<float>(150'000, 2.5F));
    for (const char* name : {"x.pkl", "x.pkl.gz"}) {
        dump(value, dir / name);
        EXPECT_EQ((load<std::pair<std::vector<double>, std::vector<float>>>(dir / name)), value);
        // The same arrays as types that need a conversion.
        const auto wide = load<std::pair<std::vector<long double>, std::vector<double>>>(dir / name);
        EXPECT_EQ(wide.second, std::vector<double>(150'000, 2.5));
        EXPECT_EQ(static_cast<double>(wide.first[777]), value.first[777]);
    }
}

TEST(DumpLoad, MemoryIsAFileToo) {
    for (const Compress& compress : {Compress(), Compress("gzip"), Compress("zlib")}) {
        const std::string bytes = dumped_text(sample(200'000), {.compress = compress});
        EXPECT_EQ(load<Sample>(bytes_of(bytes)), sample(200'000));
        EXPECT_EQ(error_of([&] { (void)load<Sample>(bytes_of(bytes.substr(0, bytes.size() / 2))); }).code(),
                  ErrorCode::truncated);
    }
    EXPECT_EQ(error_of([] { (void)load(std::span<const std::byte>()); }).code(), ErrorCode::truncated);
}

TEST(DumpLoad, TryLoadReturnsTheError) {
    const TempDir dir;
    dump(5, dir / "x.pkl");
    EXPECT_EQ(try_load<int>(dir / "x.pkl").value(), 5);
    const auto result = try_load<std::string>(dir / "x.pkl");
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code(), ErrorCode::type);
    EXPECT_EQ(result.error().file(), dir / "x.pkl");
    EXPECT_EQ(try_load<int>(dir / "nosuch.pkl").error().code(), ErrorCode::io);
}

TEST(DumpLoad, TellsProgress) {
    const TempDir dir;
    std::vector<Progress> told;
    const auto tell = [&](const Progress& progress) { told.push_back(progress); };
    for (const char* name : {"x.pkl", "x.pkl.gz"}) {
        told.clear();
        dump(numbers(2'000'000), dir / name, {.progress = tell});
        ASSERT_FALSE(told.empty());
        EXPECT_TRUE(told.back().finished);
        EXPECT_EQ(told.back().done, 16'000'000U);
        told.clear();
        (void)load(dir / name, {.progress = tell});
        ASSERT_FALSE(told.empty());
        EXPECT_TRUE(told.back().finished);
    }
    struct Stop {};
    EXPECT_THROW(dump(numbers(2'000'000), dir / "y.pkl", {.progress = [](const Progress&) { throw Stop(); }}), Stop);
    EXPECT_THAT(dir.names(), ElementsAre("x.pkl", "x.pkl.gz"));
}

TEST(DumpLoad, NamesArraysByTheirPaths) {
    const TempDir dir;
    std::map<std::string, std::vector<std::vector<double>>> value;
    value["a/b%"] = {{1}, {2, 3}};
    dump(std::pair(value, std::map<int, std::vector<float>>{{-3, {1}}}), dir / "x.pkl");
    std::vector<std::string> paths;
    for (const ArrayEntry& entry : File(dir / "x.pkl").arrays()) paths.push_back(entry.path);
    EXPECT_THAT(paths, ElementsAre("/0/a%2Fb%25/0", "/0/a%2Fb%25/1", "/1/-3"));
    const Value any = load(dir / "x.pkl");
    for (const std::string& path : paths) EXPECT_EQ(any.at(path).kind(), Kind::array) << path;
}

}  // namespace
}  // namespace jl::test
