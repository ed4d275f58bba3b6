// Objects through chains of Boost.Iostreams, and files of a codec that is a pair of filters.
#include <boost/iostreams/device/array.hpp>
#include <boost/iostreams/device/back_inserter.hpp>
#include <boost/iostreams/device/file.hpp>
#include <boost/iostreams/filter/gzip.hpp>
#include <boost/iostreams/filter/zlib.hpp>
#include <boost/iostreams/filtering_stream.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <numeric>

#include <jl/iostreams.hpp>
#include <jl/jl.hpp>

#include "support/error.hpp"
#include "support/temp_dir.hpp"

namespace jl {
namespace {

namespace io = boost::iostreams;
using test::error_of;
using test::TempDir;
using testing::HasSubstr;

using Table = std::map<std::string, std::vector<double>>;

Table table() {
    std::vector<double> numbers(300'000);
    std::iota(numbers.begin(), numbers.end(), 0.5);
    return {{"few", {1, 2, 3}}, {"many", numbers}};
}

class ThroughChains : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(, ThroughChains, testing::ValuesIn(compressors()),
                         [](const auto& each) { return each.param; });

TEST_P(ThroughChains, ObjectsComeBackOneAfterTheOther) {
    std::string stream;
    {
        io::filtering_ostream out;
        out.push(Compressor({GetParam(), 1}));
        out.push(io::back_inserter(stream));
        dump(table(), out);
        dump(std::string("second"), out);
        io::close(out);
    }
    io::filtering_istream in;
    in.push(Decompressor());
    in.push(io::array_source(stream.data(), stream.size()));
    EXPECT_EQ(load<Table>(in), table());
    EXPECT_EQ(load<std::string>(in), "second");
    EXPECT_EQ(error_of([&] { load(in); }).code(), ErrorCode::truncated);
}

TEST_P(ThroughChains, FilesWithTablesOfBlocksAreOpenedByName) {
    const TempDir dir;
    const std::string path = dir / "x.pkl";
    {
        io::filtering_ostream out;
        out.push(Compressor({GetParam(), 1}, {.n_threads = 2, .block_tables = BlockTables::jl}));
        out.push(io::file_sink(path, std::ios::binary));
        dump(table(), out);
        io::close(out);
    }
    EXPECT_EQ(load<Table>(path), table());
    EXPECT_TRUE(verify(path).ok());
    if (GetParam() == "lzma") return;
    const Array<double> rows = File(path).slice<double>("many", 1000, 1003);
    EXPECT_EQ(rows(0), 1000.5);
    EXPECT_EQ(rows(2), 1002.5);
}

TEST_P(ThroughChains, TruncationNamesWhatIsMissing) {
    std::string stream;
    {
        io::filtering_ostream out;
        out.push(Compressor({GetParam(), 1}));
        out.push(io::back_inserter(stream));
        dump(table(), out);
        io::close(out);
    }
    stream.resize(stream.size() / 2);
    io::filtering_istream in;
    in.push(Decompressor());
    in.push(io::array_source(stream.data(), stream.size()));
    const Error error = error_of([&] { load<Table>(in); });
    EXPECT_EQ(error.code(), ErrorCode::truncated) << error.what();
}

TEST(BoostChains, OfBoostsOwnFiltersAreStreamsLikeOthers) {
    std::string stream;
    {
        io::filtering_ostream out;
        out.push(io::gzip_compressor());
        out.push(io::back_inserter(stream));
        dump(table(), out);
        io::close(out);
    }
    EXPECT_EQ(load<Table>(std::as_bytes(std::span(stream))), table());
    io::filtering_istream in;
    in.push(io::gzip_decompressor());
    in.push(io::array_source(stream.data(), stream.size()));
    EXPECT_EQ(load<Table>(in), table());
}

// "Q", then a zlib stream.
const char* own() {
    static const bool once = [] {
        const Codec codec{.extension = ".qz", .magic = {std::byte{'Q'}}, .default_level = 6};
        register_compressor("boost-zlib", filter_codec(
                                              codec, [](int level) { return io::zlib_compressor(level); },
                                              [] { return io::zlib_decompressor(); }, MagicFrom::adapter));
        return true;
    }();
    EXPECT_TRUE(once);
    return "boost-zlib";
}

TEST(FilterCodecFiles, AreChosenByNameAndExtensionAndFoundByMagic) {
    const TempDir dir;
    dump(table(), dir / "x.pkl", {.compress = {own(), 1}});
    dump(table(), dir / "x.pkl.qz");
    for (const char* name : {"x.pkl", "x.pkl.qz"}) {
        EXPECT_EQ(test::read_file(dir / name).substr(0, 2), "Q\x78") << name;
        for (const unsigned threads : {1U, 2U}) EXPECT_EQ(load<Table>(dir / name, {.n_threads = threads}), table());
        EXPECT_TRUE(verify(dir / name).ok());
    }
    EXPECT_GT(std::filesystem::file_size(dir / "x.pkl"), std::filesystem::file_size(dir / "x.pkl.qz"));
}

TEST(FilterCodecFiles, AreRefusedByNameWhereBlocksOrMapsAreNeeded) {
    const TempDir dir;
    const std::string path = dir / "x.pkl.qz";
    EXPECT_STREQ(own(), "boost-zlib");
    dump(table(), path);
    const Error file = error_of([&] { File{path}; });
    EXPECT_EQ(file.code(), ErrorCode::unsupported);
    EXPECT_THAT(file.what(), HasSubstr("x.pkl.qz: this boost-zlib stream has no table of its blocks"));
    const Error map = error_of([&] { load<Table>(path, {.mmap_mode = MmapMode::r}); });
    EXPECT_THAT(map.what(), HasSubstr("a boost-zlib file cannot be mapped"));
}

TEST(FilterCodecFiles, ThatAreDamagedAreRefusedWithTheirName) {
    const TempDir dir;
    const std::string path = dir / "x.pkl.qz";
    EXPECT_STREQ(own(), "boost-zlib");
    dump(table(), path);
    const std::string whole = test::read_file(path);
    test::write_file(path, whole.substr(0, whole.size() - 1));
    const Error cut = error_of([&] { load<Table>(path); });
    EXPECT_EQ(cut.code(), ErrorCode::truncated);
    EXPECT_THAT(cut.what(), HasSubstr("x.pkl.qz"));
    std::string damaged = whole;
    damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 1);
    test::write_file(path, damaged);
    EXPECT_THAT(error_of([&] { load<Table>(path); }).code(),
                testing::AnyOf(ErrorCode::format, ErrorCode::checksum, ErrorCode::truncated));
}

}  // namespace
}  // namespace jl
