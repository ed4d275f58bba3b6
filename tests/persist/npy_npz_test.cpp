// .npy and .npz as files like any other.
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <jl/inspect.hpp>

#include "persist/support/numpy_files.hpp"
#include "support/error.hpp"
#include "support/zip_writer.hpp"

namespace jl::test {
namespace {

using testing::HasSubstr;
using Doubles = std::vector<double>;

class NumpyFiles : public testing::Test {
  protected:
    TempDir dir;
    const std::string path = dir / "x.npy";
};

TEST_F(NumpyFiles, NpyComesTypedUntypedMappedAndFromStreams) {
    const Doubles many = numbers(20'000);
    const std::string content = npy_file(many, {many.size()});
    write_file(path, content);
    EXPECT_EQ(inspect(path).format, "npy");
    EXPECT_EQ(load<Doubles>(path), many);
    EXPECT_EQ(load(path).as<Doubles>(), many);
    EXPECT_EQ(load<Doubles>(bytes_of(content)), many);
    EXPECT_EQ(load<Array<double>>(path, {.mmap_mode = MmapMode::r})(77), many[77]);
    EXPECT_TRUE(verify(path).ok());
    write_file(dir / "two", content + content);
    std::ifstream two(dir / "two", std::ios::binary);
    EXPECT_EQ(load<Doubles>(two), many);
    EXPECT_EQ(load<Doubles>(two), many);
}

TEST_F(NumpyFiles, NpyIsChangedInPlaceThroughAMap) {
    write_file(path, npy_file<double>({1, 2, 3}, {3}));
    load<Array<double>>(path, {.mmap_mode = MmapMode::r_plus})(1) = 7;
    EXPECT_EQ(load<Doubles>(path), (Doubles{1, 7, 3}));
}

TEST_F(NumpyFiles, NpyKeepsShapeOrderAndType) {
    write_file(path, npy_file<std::int16_t>({1, 2, 3, 4, 5, 6}, {2, 3}, 'F'));
    const Value value = load(path);
    EXPECT_EQ(value.shape(), (std::vector<std::uint64_t>{2, 3}));
    EXPECT_EQ(value.order(), 'F');
    EXPECT_EQ(value.dtype(), DType("<i2"));
    write_file(path, npy_bytes(DType(">i4"), {}, std::string("\0\0\1\2", 4)));
    EXPECT_EQ(load<int>(path), 258);
    const DType pair = DType::structure({{"x", DType("<i4"), 0}, {"y", DType("<f8"), 8}}, 16, false);
    write_file(path, npy_bytes(pair, {2}, std::string(32, '\0')));
    EXPECT_EQ(load(path).dtype(), pair);
}

TEST_F(NumpyFiles, NpyOfObjectsGoesThroughTheSameMachine) {
    const std::string array = "cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\n" + std::string("K\0\x85", 3) +
                              py2_text("b") + "\x87R(K\1K\2\x85" + "cnumpy\ndtype\n" + py2_text("O8") +
                              std::string("K\0K\1\x87R(K\3", 9) + py2_text("|") +
                              "NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK?tb\x89](" + py2_text("a") + "K\x05" + "etb";
    write_file(path, npy_bytes(DType("|O"), {2}, pickle_of(array)));
    EXPECT_EQ(load(path)[0].as<std::string>(), "a");
    EXPECT_EQ(load(path)[1].as<int>(), 5);
    write_file(path, npy_bytes(DType("|O"), {3}, pickle_of(array)));
    EXPECT_THAT(error_of([&] { load(path); }).what(), HasSubstr("of shape (3,) is announced"));
    write_file(path, npy_bytes(DType("|O"), {2}, pickle_of("K\1")));
    EXPECT_EQ(error_of([&] { load(path); }).code(), ErrorCode::format);
    write_file(path, npy_bytes(DType("|O"), {2}, pickle_of("cos\nsystem\n" + py2_text("true") + "\x85R")));
    EXPECT_EQ(error_of([&] { load(path); }).code(), ErrorCode::format);
}

TEST_F(NumpyFiles, WhatANpyClaimsIsComparedWithWhatIsThere) {
    const std::string good = npy_file<double>({1, 2, 3}, {3});
    for (std::size_t size = 1; size < good.size(); ++size) {
        write_file(path, good.substr(0, size));
        const Error error = error_of([&] { load(path); });
        EXPECT_TRUE(error.code() == ErrorCode::truncated || error.code() == ErrorCode::format) << size;
        EXPECT_EQ(error.file(), path);
    }
    write_file(path, npy_bytes(DType("<f8"), {std::uint64_t{1} << 50}, "12345678"));
    EXPECT_EQ(error_of([&] { load(path); }).code(), ErrorCode::truncated);
    write_file(path, npy_bytes(DType("|V0"), {std::uint64_t{1} << 50}, ""));
    EXPECT_THAT(error_of([&] { load(path); }).what(), HasSubstr("would cost nothing"));
}

TEST_F(NumpyFiles, NpzIsADictOfArrays) {
    const Doubles many = numbers(50'000);
    const std::string archive =
        zip_archive({{.name = "a.npy", .content = npy_file(many, {many.size()}), .deflated = true},
                     {.name = "b/c.npy", .content = npy_file<double>({1}, {1}), .wide = true},
                     {.name = "folder/", .content = ""},
                     {.name = "note.txt", .content = "hello"}});
    write_file(path, archive);
    EXPECT_EQ(inspect(path).format, "npz");
    const Value value = load(path);
    EXPECT_EQ(value.size(), 3U);
    EXPECT_EQ(value["a"].as<Doubles>(), many);
    EXPECT_EQ(value["b/c"].as<Doubles>(), (Doubles{1}));
    EXPECT_EQ(value["note.txt"].size(), 5U);
    EXPECT_EQ(load(bytes_of(archive))["a"].as<Doubles>(), many);
    EXPECT_TRUE(verify(path).ok());
}

TEST_F(NumpyFiles, NpzComesTyped) {
    write_file(path, zip_archive({{.name = "a.npy", .content = npy_file<double>({1, 2}, {2})},
                                  {.name = "b.npy", .content = npy_file<double>({3}, {1}), .deflated = true}}));
    const auto arrays = load<std::map<std::string, Doubles>>(path);
    EXPECT_EQ(arrays, (std::map<std::string, Doubles>{{"a", {1, 2}}, {"b", {3}}}));
    EXPECT_TRUE((load<std::map<std::string, Doubles>>(bytes_of(zip_archive({}))).empty()));
}

TEST_F(NumpyFiles, NpzMembersCanBeReadOneByOne) {
    write_file(path, zip_archive({{.name = "a.npy", .content = npy_file<double>({1, 2}, {2}), .deflated = true}}));
    const NpzFile archive(path);
    ASSERT_EQ(archive.members().size(), 1U);
    EXPECT_EQ(archive.members()[0].key, "a");
    EXPECT_EQ(archive.members()[0].header->nbytes, 16U);
    const auto bytes = archive.open(0);
    EXPECT_EQ(load<Doubles>(*bytes), (Doubles{1, 2}));
}

TEST_F(NumpyFiles, DamagedNpzMembersAreNamed) {
    const std::string array = npy_file<double>({1, 2}, {2});
    const auto refused = [&](const ZipEntry& entry) {
        write_file(path, zip_archive({entry}));
        const Error error = error_of([&] { load(path); });
        EXPECT_THAT(error.what(), HasSubstr("a.npy"));
        EXPECT_EQ(error.file(), path);
        return error.code();
    };
    EXPECT_EQ(refused({.name = "a.npy", .content = array, .crc_lie = 1}), ErrorCode::checksum);
    EXPECT_FALSE(verify(path).ok());
    EXPECT_EQ(refused({.name = "a.npy", .content = array.substr(0, 100)}), ErrorCode::truncated);
    EXPECT_EQ(refused({.name = "a.npy", .content = array + "x"}), ErrorCode::format);
    EXPECT_EQ(refused({.name = "a.npy", .content = "no header"}), ErrorCode::format);
    EXPECT_EQ(refused({.name = "a.npy", .content = array, .deflated = true, .size_lie = 8}), ErrorCode::format);
    write_file(path, zip_archive({{.name = "a.npy", .content = array}, {.name = "a.npy", .content = array}}));
    EXPECT_THAT(error_of([&] { load(path); }).what(), HasSubstr("two members"));
}

TEST_F(NumpyFiles, OneDamagedMemberLeavesTheOthersReadable) {
    const std::string good = npy_file<double>({1, 2}, {2});
    write_file(path, zip_archive({{.name = "a.npy", .content = "no header"},
                                  {.name = "b.npy", .content = good},
                                  {.name = "c.npy", .content = good, .crc_lie = 1}}));
    const NpzFile archive(path);
    EXPECT_EQ(load<Doubles>(*archive.open(1)), (Doubles{1, 2}));
    const Error error = error_of([&] { archive.open(0); });
    EXPECT_THAT(error.what(), HasSubstr("member a.npy"));
    EXPECT_EQ(error.file(), path);
    const auto bytes = archive.open(2);
    EXPECT_EQ(error_of([&] {
                  std::byte piece[1000];
                  while (bytes->read(piece) > 0) {
                  }
              }).file(),
              path);
    const VerifyReport report = verify(path);
    ASSERT_EQ(report.problems().size(), 2U);
    EXPECT_THAT(report.problems()[0].what(), HasSubstr("member a.npy"));
    EXPECT_THAT(report.problems()[1].what(), HasSubstr("member c.npy"));
}

TEST_F(NumpyFiles, NestingInsideOfAnArchiveHasItsLimit) {
    const std::string array =
        "cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\n" + std::string("K\0\x85", 3) + py2_text("b") +
        "\x87R(K\1K\1\x85" + "cnumpy\ndtype\n" + py2_text("O8") + std::string("K\0K\1\x87R(K\3", 9) + py2_text("|") +
        "NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK?tb\x89](" + std::string(2'000, ']') + std::string(1'999, 'a') + "etb";
    write_file(path, zip_archive({{.name = "a.npy", .content = npy_bytes(DType("|O"), {1}, pickle_of(array))}}));
    EXPECT_EQ(load(path).size(), 1U);
    EXPECT_THAT(error_of([&] { load(path, {.limits = Limits::untrusted()}); }).what(), HasSubstr("limit: depth"));
}

TEST_F(NumpyFiles, NpzNeedsRandomAccessAndIsNeverMapped) {
    const std::string archive = zip_archive({{.name = "a.npy", .content = npy_file<double>({1, 2}, {2})}});
    std::istringstream stream(archive);
    EXPECT_THAT(error_of([&] { load(stream); }).what(), HasSubstr("read from its end"));
    write_file(path, archive);
    EXPECT_EQ(error_of([&] { load(path, {.mmap_mode = MmapMode::r}); }).code(), ErrorCode::unsupported);
    EXPECT_EQ(load(path, {.mmap_mode = MmapMode::r, .mmap_fallback = Fallback::load}).size(), 1U);
}

TEST_F(NumpyFiles, BombsInAnArchiveMeetTheLimits) {
    const std::string zeros = npy_bytes(DType("|u1"), {8'000'000}, std::string(8'000'000, '\0'));
    write_file(path, zip_archive({{.name = "a.npy", .content = zeros, .deflated = true}}));
    EXPECT_EQ(error_of([&] { load(path, {.limits = {.bytes = 1'000'000}}); }).code(), ErrorCode::limit);
    EXPECT_EQ(error_of([&] { load(path, {.limits = {.ratio = 100}}); }).code(), ErrorCode::limit);
    write_file(path, zip_archive({{.name = "a.txt", .content = std::string(8'000'000, 'x'), .deflated = true}}));
    EXPECT_EQ(error_of([&] { load(path, {.limits = {.bytes = 1'000'000}}); }).code(), ErrorCode::limit);
}

}  // namespace
}  // namespace jl::test
