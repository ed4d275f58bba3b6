#include <fstream>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include <jl/dump.hpp>
#include <jl/inspect.hpp>
#include <jl/mapping_containers.hpp>

#include "support/error.hpp"
#include "support/temp_dir.hpp"

namespace jl {
namespace {

using test::error_of;
using test::TempDir;

const std::string wrapper = "cjoblib.numpy_pickle\nNumpyArrayWrapper\n";

std::string text_of(const MemorySink& sink) {
    return {reinterpret_cast<const char*>(sink.bytes().data()), sink.bytes().size()};
}

class Inspect : public testing::Test {
  protected:
    FileInfo of(const std::string& content) {
        test::write_file(path, content);
        return inspect(path);
    }

    TempDir dir;
    const std::string path = dir / "x.pkl";
};

TEST_F(Inspect, TellsFormatAndCodecOfJlFiles) {
    for (const auto& [name, codec] :
         {std::pair("x.pkl", "none"), std::pair("x.pkl.gz", "gzip"), std::pair("x.pkl.z", "zlib")}) {
        dump(std::vector<double>(1000), dir / name);
        const FileInfo info = inspect(dir / name);
        EXPECT_EQ(info.format, "jl 1.0");
        EXPECT_EQ(info.codec, codec);
        EXPECT_EQ(info.containers, 1U);
    }
}

TEST_F(Inspect, TellsJoblibByItsArrayRecords) {
    EXPECT_EQ(of("\x80\x02(K\1" + wrapper + "anything").format, "joblib");
    EXPECT_EQ(of("csklearn.externals.joblib.numpy_pickle\nNumpyArrayWrapper\n").format, "joblib");
    EXPECT_EQ(of("cjoblib.numpy_pickle\nNDArrayWrapper\n").format, "joblib-0.9");
    EXPECT_EQ(of("cjoblib.numpy_pickle\nZNDArrayWrapper\n").format, "joblib-0.9");
    EXPECT_EQ(of("ZF0x1b                 x").format, "joblib-0.9");
}

TEST_F(Inspect, TakesEverythingElseForAPickle) {
    EXPECT_EQ(of("\x80\x02]K\1a.").format, "pickle");
    EXPECT_EQ(of("X\x40\0\0\0joblib.numpy_pickle").format, "pickle");
    EXPECT_EQ(of("cother.numpy_pickle\nNumpyArrayWrapper\n.").format, "pickle");
    EXPECT_EQ(of("hello").format, "pickle");
    EXPECT_EQ(of("").format, "pickle");
}

TEST_F(Inspect, CountsContainers) {
    {
        std::ofstream out(path, std::ios::binary);
        for (int i = 0; i < 3; ++i) dump(i, out);
    }
    EXPECT_EQ(inspect(path).containers, 3U);
    const std::string whole = test::read_file(path);
    EXPECT_EQ(of(whole.substr(0, whole.size() - 1)).containers, 0U);
    EXPECT_EQ(of(whole + "x").containers, 0U);
}

TEST_F(Inspect, RefusesNewerVersionsAndMissingFiles) {
    dump(1, path);
    std::string content = test::read_file(path);
    content[12] = 9;
    EXPECT_EQ(error_of([&] { of(content); }).code(), ErrorCode::version);
    EXPECT_EQ(error_of([&] { inspect(dir / "none"); }).code(), ErrorCode::io);
}

TEST_F(Inspect, DecodesWhatADumpWouldHaveWritten) {
    const std::vector<double> value(300'000, 1.5);
    dump(value, path);
    for (const char* codec : {"gzip", "zlib"}) {
        dump(value, dir / "y", {.compress = codec});
        MemorySink sink;
        std::uint64_t told = 0;
        decode(dir / "y", sink, {.n_threads = 2, .progress = [&](const Progress& p) { told = p.done; }});
        EXPECT_EQ(told, sink.bytes().size());
        EXPECT_GT(sink.bytes().size(), 2'400'000U);
    }
    MemorySink sink;
    decode(path, sink);
    EXPECT_EQ(text_of(sink), test::read_file(path));
}

TEST_F(Inspect, DecodingTellsTruncationAndDamage) {
    dump(std::vector<double>(300'000, 1.5), path, {.compress = "gzip"});
    const std::string whole = test::read_file(path);
    MemorySink sink;
    test::write_file(path, whole.substr(0, whole.size() - 3));
    EXPECT_EQ(error_of([&] { decode(path, sink); }).code(), ErrorCode::truncated);
    std::string damaged = whole;
    damaged[whole.size() - 6] ^= 1;
    test::write_file(path, damaged);
    EXPECT_EQ(error_of([&] { decode(path, sink); }).code(), ErrorCode::checksum);
}

}  // namespace
}  // namespace jl
