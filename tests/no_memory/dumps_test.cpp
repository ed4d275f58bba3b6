// No memory while something is written: the file is the old one or the new one, whole, and nothing else is left.
#include <filesystem>
#include <gtest/gtest.h>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <jl/jl.hpp>

#include "no_memory/support/every_allocation.hpp"
#include "persist/support/needs_codec.hpp"
#include "support/temp_dir.hpp"

namespace jl::test {
namespace {

struct Model {
    std::string name;
    std::map<std::string, std::vector<double>> weights;
    std::vector<std::string> labels;

    bool operator==(const Model&) const = default;
};

Model model_of(double first) {
    return {"a model with a name that is long",
            {{"w", std::vector<double>(3000, first)}, {"b", {first, 2, 3}}},
            {"one", "two", "three and more than fits in place"}};
}

struct Way {
    const char* name;
    DumpOptions options;
};

class NoMemoryForDump : public testing::TestWithParam<Way> {
  protected:
    void SetUp() override { JL_NEEDS_CODEC(dir_ / "model.pkl", GetParam().options); }
    const TempDir dir_;
};

TEST_P(NoMemoryForDump, TheFileIsTheOldOneOrTheNewOne) {
    const std::string path = dir_ / "model.pkl";
    const Model before = model_of(1), after = model_of(2);
    with_every_allocation_failing(
        GetParam().name, [&] { return dump(after, path, GetParam().options), true; },
        [&](bool returned) {
            EXPECT_EQ(dir_.names(), std::vector<std::string>{"model.pkl"});
            const auto now = load<Model>(path);
            EXPECT_TRUE(now == after || (!returned && now == before));
            EXPECT_TRUE(verify(path).ok());
            dump(before, path, GetParam().options);
        });
}

INSTANTIATE_TEST_SUITE_P(Of, NoMemoryForDump,
                         testing::Values(Way{"raw", {}}, Way{"gzip", {.compress = {"gzip", 3}, .n_threads = 2}},
                                         Way{"zlib", {.compress = {"zlib", 6}, .n_threads = 1}},
                                         Way{"bz2", {.compress = {"bz2", 1}, .n_threads = 2}},
                                         Way{"xz", {.compress = {"xz", 1}, .n_threads = 2}},
                                         Way{"lzma", {.compress = {"lzma", 1}}},
                                         Way{"lz4", {.compress = {"lz4", 1}, .n_threads = 2}},
                                         Way{"zstd", {.compress = {"zstd", 1}, .n_threads = 2}},
                                         Way{"shuffled", {.compress = {"zstd", 1}, .shuffle = true, .n_threads = 2}},
                                         Way{"blosc", {.compress = {"blosc:lz4", 5}, .n_threads = 2}},
                                         Way{"synced", {.sync = true}}),
                         [](const auto& way) { return std::string(way.param.name); });

TEST(NoMemory, AnAppendedObjectIsThereOrNot) {
    const TempDir dir;
    const std::string path = dir / "log.pkl";
    dump(model_of(0), path);
    with_every_allocation_failing(
        "append", [&] { return dump(model_of(1), path, {.append = true}), true; },
        [&](bool returned) {
            std::vector<Model> all;
            for (const Model& each : read_all<Model>(path)) all.push_back(each);
            EXPECT_EQ(all.size(), returned ? 2U : all.size());
            EXPECT_EQ(all.front(), model_of(0));
            EXPECT_EQ(all.back(), model_of(all.size() == 2 ? 1 : 0));
            dump(model_of(0), path);
        });
}

TEST(NoMemory, WhatAWriterHasNotClosedIsNotThere) {
    const TempDir dir;
    const std::string path = dir / "rows.pkl";
    const std::vector<float> row(1000, 1.5F);
    for (const char* codec : {"", "gzip"}) {
        with_every_allocation_failing(
            std::string("writer ") + codec,
            [&] {
                Writer writer(path, {.compress = *codec ? Compress{codec, 1} : Compress{}});
                auto out = writer.array<float>("x", {20, 1000});
                for (int i = 0; i < 20; ++i) out.append(row);
                writer.value("scale", 0.5);
                writer.close();
                return true;
            },
            [&](bool returned) {
                EXPECT_LE(dir.names().size(), 1U);
                EXPECT_TRUE(!returned || dir.names().size() == 1);
                if (dir.names().empty()) return;
                EXPECT_EQ(load(path)["scale"].as<double>(), 0.5);
                std::filesystem::remove(path);
            });
    }
}

TEST(NoMemory, AStreamAndBytesTakeWhatFits) {
    with_every_allocation_failing(
        "stream",
        [] {
            std::ostringstream out;
            dump(model_of(1), out, {.compress = {"gzip", 1}});
            return out.good();
        },
        [](bool) {});
    with_every_allocation_failing(
        "bytes",
        [] {
            std::vector<std::byte> bytes;
            dump(model_of(1), bytes);
            return bytes.size() > 24'000;
        },
        [](bool) {});
#ifdef JL_HAS_XXHASH
    with_every_allocation_failing(
        "hash", [] { return hash(model_of(1)).size() == 32; }, [](bool) {});
#endif
}

}  // namespace
}  // namespace jl::test
