// No memory while something is read: an error, or the whole of it.
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <functional>
#include <gtest/gtest.h>
#include <map>
#include <span>
#include <string>
#include <vector>

#include <jl/inspect.hpp>
#include <jl/jl.hpp>

#include "no_memory/support/every_allocation.hpp"
#include "persist/support/needs_codec.hpp"
#include "support/temp_dir.hpp"

namespace jl::test {
namespace {

using Content = std::map<std::string, std::vector<double>>;

Content content() {
    Content all;
    for (int i = 0; i < 4; ++i) all["an array of numbers, " + std::to_string(i)] = std::vector<double>(4000, i);
    return all;
}

class NoMemoryForLoad : public testing::TestWithParam<const char*> {
  protected:
    void SetUp() override {
        path_ = dir_ / "x.pkl";
        const std::string codec = GetParam();
        const DumpOptions options{.compress = codec == "raw" ? Compress{} : Compress{codec, 1}};
        JL_NEEDS_CODEC(path_, options);
        dump(content(), path_, options);
    }
    void each(const char* name, const std::function<bool()>& work) const {
        with_every_allocation_failing(std::string(GetParam()) + ", " + name, work, [](bool) {});
    }
    TempDir dir_;
    std::string path_;
    const Content all_ = content();
};

bool is_small_pickle(const std::filesystem::directory_entry& entry) {
    return entry.is_regular_file() && entry.path().extension() == ".pkl" && entry.file_size() < 10'000;
}

TEST_P(NoMemoryForLoad, WhatIsLoadedIsWhole) {
    each("typed", [&] { return load<Content>(path_, {.n_threads = 2}) == all_; });
    each("any", [&] { return load(path_)["an array of numbers, 1"].as<std::vector<double>>()[3999] == 1; });
    each("from a stream", [&] {
        std::ifstream in(path_, std::ios::binary);
        return load<Content>(in) == all_;
    });
    each("verified", [&] { return verify(path_).ok(); });
    each("inspected", [&] { return inspect(path_).format == "jl 1.0"; });
}

class NoMemoryForSlice : public NoMemoryForLoad {};

TEST_P(NoMemoryForSlice, AFileGivesItsParts) {
    each("slice", [&] {
        const File file(path_);
        return file.slice<double>("an array of numbers, 2", 100, 200).size() == 100;
    });
}

const auto name_of = [](const auto& codec) {
    const std::string name = codec.param;
    return name.substr(0, name.find(':'));
};
INSTANTIATE_TEST_SUITE_P(Of, NoMemoryForLoad,
                         testing::Values("raw", "gzip", "zlib", "bz2", "xz", "lzma", "lz4", "zstd", "blosc:zstd"),
                         name_of);
INSTANTIATE_TEST_SUITE_P(Of, NoMemoryForSlice,
                         testing::Values("raw", "gzip", "zlib", "bz2", "xz", "lz4", "zstd", "blosc:zstd"), name_of);

// Whatever Python wrote, and whatever jl may write.
TEST(NoMemory, EveryVectorOfTheSpecificationIsLoadedOrNot) {
    std::size_t files = 0;
    for (const char* folder : {"/spec/vectors/from_joblib", "/spec/vectors/valid"}) {
        for (const auto& entry : std::filesystem::directory_iterator(std::string(JL_SOURCE_DIR) + folder)) {
            const std::string path = entry.path();
            if (!is_small_pickle(entry) || path.find("cut_") != path.npos) continue;
            ++files;
            const Value whole = load(path);
            with_every_allocation_failing(
                path, [&] { return load(path).kind() == whole.kind(); }, [](bool) {});
        }
    }
    EXPECT_GT(files, 30U);
}

}  // namespace
}  // namespace jl::test
