#include <cstdlib>
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <jl/contents.hpp>
#include <jl/jl.hpp>

#include "persist/support/needs_codec.hpp"
#include "persist/support/samples.hpp"
#include "support/error.hpp"

namespace jl::test {
namespace {

using testing::HasSubstr;

std::string packed(std::size_t count, const char* codec) { return dumped_text(numbers(count), {.compress = codec}); }

std::string format_and_codec(const ObjectInfo& object) { return object.format + " " + object.codec; }

class ContentsOf : public testing::Test {
  protected:
    Contents of(const std::string& content) {
        write_file(path, content);
        return contents_of(path);
    }
    std::vector<double> load_numbers(const ObjectInfo& object, const LoadOptions& options = {}) {
        return jl::load<std::vector<double>>(path, object, options);
    }
    std::string decoded(const ObjectInfo& object) {
        MemorySink sink;
        decode(path, object, sink);
        return text_of(sink.bytes());
    }

    TempDir dir;
    const std::string path = dir / "x.pkl";
    const std::string jl = dumped_text(numbers(300'000));
    const std::string joblib = joblib_file(numbers(20));
};

TEST_F(ContentsOf, ObjectsOfJlAndJoblibAreListedWithTheirPlacesAndLoadedByThem) {
    for (const char* codec : {"bz2", "zstd"}) JL_NEEDS_CODEC(path, {.compress = codec});
    const std::string gzip = packed(40, "gzip");
    const Contents contents = of(jl + joblib + gzip + packed(50, "bz2") + joblib + packed(60, "zstd") + jl);
    ASSERT_EQ(contents.objects.size(), 7U);
    EXPECT_FALSE(contents.torn);
    EXPECT_EQ(format_and_codec(contents.objects[0]), "jl 1.0 none");
    EXPECT_EQ(format_and_codec(contents.objects[1]), "joblib none");
    EXPECT_EQ(format_and_codec(contents.objects[2]), "jl 1.0 gzip");
    EXPECT_EQ(format_and_codec(contents.objects[3]), "jl 1.0 bz2");
    EXPECT_EQ(contents.objects[1].offset, jl.size());
    EXPECT_EQ(contents.objects[2].offset, jl.size() + joblib.size());
    EXPECT_EQ(contents.objects[3].offset, jl.size() + joblib.size() + gzip.size());
    EXPECT_EQ(contents.objects[1].nbytes, joblib.size());
    const std::size_t sizes[] = {300'000, 20, 40, 50, 20, 60, 300'000};
    for (const ObjectInfo& each : contents.objects) {
        EXPECT_EQ(load_numbers(each), numbers(sizes[each.number - 1])) << each.number;
        EXPECT_EQ(load<std::vector<double>>(bytes_of(decoded(each))), numbers(sizes[each.number - 1])) << each.number;
    }
}

TEST_F(ContentsOf, OneFileIsOneObject) {
    const auto only = [&](const std::string& content) {
        const Contents contents = of(content);
        EXPECT_EQ(contents.objects.size(), 1U);
        EXPECT_FALSE(contents.torn);
        return contents.objects.empty() ? "" : format_and_codec(contents.objects[0]);
    };
    EXPECT_EQ(only(jl), "jl 1.0 none");
    EXPECT_EQ(only(packed(300'000, "gzip")), "jl 1.0 gzip");
    EXPECT_EQ(only(joblib), "joblib none");
    EXPECT_EQ(only("\x80\x02N."), "pickle none");
    EXPECT_EQ(only("cjoblib.numpy_pickle\nNDArrayWrapper\n"), "joblib-0.9 none");
}

TEST_F(ContentsOf, ATornEndIsToldAndTheOnesBeforeStayReadable) {
    JL_NEEDS_CODEC(path, {.compress = "zstd"});
    for (const std::string& last : {jl, joblib, packed(40'000, "gzip"), packed(40'000, "zstd")}) {
        const std::string before = jl + joblib;
        const Contents contents = of(before + last.substr(0, last.size() - 3));
        ASSERT_EQ(contents.objects.size(), 2U);
        ASSERT_TRUE(contents.torn);
        EXPECT_EQ(contents.torn->code(), ErrorCode::truncated) << contents.torn->what();
        EXPECT_THAT(contents.torn->what(),
                    HasSubstr("object 3, which begins at byte " + std::to_string(before.size())));
        EXPECT_EQ(load_numbers(contents.objects[0]), numbers(300'000));
        EXPECT_EQ(load_numbers(contents.objects[1]), numbers(20));
    }
}

TEST_F(ContentsOf, ADamagedCompressedStreamHasNoWholeObject) {
    std::string gzip = packed(40'000, "gzip");
    gzip[gzip.size() - 6] ^= 1;  // in the checksum
    const Contents contents = of(jl + gzip + jl);
    ASSERT_EQ(contents.objects.size(), 1U);
    ASSERT_TRUE(contents.torn);
    EXPECT_EQ(contents.torn->code(), ErrorCode::checksum);
}

TEST_F(ContentsOf, PackedArraysInsideOfACompressedStreamArePassedOver) {
    JL_NEEDS_CODEC(path, {.compress = "blosc"});
    dump(numbers(300'000), path, {.compress = "blosc"});
    const auto size = std::filesystem::file_size(path);
    ASSERT_EQ(std::system(("gzip -k " + path).c_str()), 0);
    const Contents contents = of(read_file(path + ".gz") + joblib);
    ASSERT_EQ(contents.objects.size(), 2U);
    EXPECT_EQ(contents.objects[0].nbytes, size);
    EXPECT_EQ(load_numbers(contents.objects[0]), numbers(300'000));
}

TEST_F(ContentsOf, BytesThatBeginNoObjectArePassedOverAsJoblibDoes) {
    EXPECT_FALSE(of(joblib + "trailing").torn);
    EXPECT_EQ(of(joblib + "trailing").objects.size(), 1U);
    EXPECT_FALSE(of(jl + "trailing").torn);
    EXPECT_EQ(of(jl + "trailing").objects.size(), 1U);
    EXPECT_FALSE(verify(path).ok());
    EXPECT_TRUE(of(joblib + joblib.substr(0, 30)).torn);
}

TEST_F(ContentsOf, WhatIsEmptyOrNoFileAtAllHasNone) {
    EXPECT_EQ(of("").torn->code(), ErrorCode::truncated);
    EXPECT_TRUE(of("hello").objects.empty());
    EXPECT_EQ(error_of([&] { contents_of(dir / "none"); }).code(), ErrorCode::io);
}

TEST_F(ContentsOf, SingleObjectsAreVerifiedAndLeftInTheirFile) {
    const std::string whole = joblib + jl + jl;
    Contents contents = of(whole);
    const ObjectInfo second = contents.objects.at(1);
    EXPECT_TRUE(verify(path, second).ok());
    EXPECT_TRUE(verify(path, second).has_checksums());
    const Value left = load(path, second, {.mmap_mode = MmapMode::r, .mmap_fallback = Fallback::on_demand});
    EXPECT_EQ(left.as<std::vector<double>>(), numbers(300'000));
    EXPECT_EQ(error_of([&] { load(path, second, {.mmap_mode = MmapMode::r}); }).code(), ErrorCode::unsupported);
    std::string damaged = whole;
    damaged[joblib.size() + 2'000'000] ^= 1;
    write_file(path, damaged);
    EXPECT_FALSE(verify(path, second).ok());
    EXPECT_TRUE(verify(path, contents.objects.at(2)).ok());
    EXPECT_EQ(error_of([&] { load_numbers(second); }).code(), ErrorCode::checksum);
    EXPECT_EQ(load_numbers(contents.objects.at(2)), numbers(300'000));
}

TEST_F(ContentsOf, AFileThatChangedSinceIsNotTakenForTheListedOne) {
    const ObjectInfo second = of(jl + packed(40, "gzip")).objects.at(1);
    write_file(path, jl + joblib + joblib);
    EXPECT_EQ(error_of([&] { load_numbers(second); }).code(), ErrorCode::usage);
    write_file(path, joblib);
    EXPECT_EQ(error_of([&] { load_numbers(second); }).code(), ErrorCode::truncated);
    EXPECT_EQ(error_of([&] { verify(path, second); }).code(), ErrorCode::unsupported);
}

}  // namespace
}  // namespace jl::test
