// Pickles of joblib before 0.10, whose arrays are in files of their own. (Files that joblib itself wrote:
// golden_legacy.)
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <jl/inspect.hpp>

#include "persist/support/numpy_files.hpp"
#include "support/error.hpp"

namespace jl::test {
namespace {

using testing::HasSubstr;
using Doubles = std::vector<double>;

class Companions : public testing::Test {
  protected:
    void SetUp() override { write_file(dir / "x.pkl_01.npy", npy_file<double>({1, 2, 3}, {3})); }
    Error refused(const std::string& opcodes, const LoadOptions& options = {}) {
        write_file(path, pickle_of(opcodes));
        return error_of([&] { load(path, options); });
    }

    TempDir dir;
    const std::string path = dir / "x.pkl";
};

TEST_F(Companions, TheArrayOfTheFileBesideComesTypedAndUntyped) {
    write_file(path, pickle_of(wrapper("x.pkl_01.npy")));
    EXPECT_EQ(load<Doubles>(path), (Doubles{1, 2, 3}));
    EXPECT_EQ(load(path).as<Doubles>(), (Doubles{1, 2, 3}));
    EXPECT_TRUE(verify(path).ok());
    EXPECT_EQ(inspect(path).format, "joblib-0.9");
}

TEST_F(Companions, AFileInTheWorkingDirectoryNeedsNoFolder) {
    write_file(path, pickle_of(wrapper("x.pkl_01.npy")));
    const auto before = std::filesystem::current_path();
    std::filesystem::current_path(dir.path());
    EXPECT_EQ(load<Doubles>("x.pkl"), (Doubles{1, 2, 3}));
    std::filesystem::current_path(before);
}

TEST_F(Companions, WrappersAreFoundUnderVendoredPaths) {
    write_file(path, pickle_of(wrapper("x.pkl_01.npy", "sklearn.externals.joblib.numpy_pickle")));
    EXPECT_EQ(load<Doubles>(path), (Doubles{1, 2, 3}));
    write_file(path, pickle_of(wrapper("x.pkl_01.npy", "notjoblib.numpy_pickle")));
    EXPECT_EQ(load(path).class_name(), "notjoblib.numpy_pickle.NDArrayWrapper");
}

TEST_F(Companions, LongArraysAndSubclassesToo) {
    const Doubles many = numbers(100'000);
    write_file(dir / "x.pkl_02.npy", npy_file(many, {many.size()}));
    write_file(path, pickle_of("](" + wrapper("x.pkl_01.npy", "joblib.numpy_pickle", "matrix") +
                               wrapper("x.pkl_02.npy") + "e"));
    const Value value = load(path);
    EXPECT_EQ(value[0].class_name(), "numpy.matrix");
    EXPECT_EQ(value[1].as<Doubles>(), many);
}

TEST_F(Companions, ArraysAreMappedAsThoseOfOneFile) {
    const Doubles many = numbers(100'000);
    write_file(dir / "x.pkl_01.npy", npy_file(many, {many.size()}));
    write_file(path, pickle_of(wrapper("x.pkl_01.npy")));
    {
        auto writable = load<Array<double>>(path, {.mmap_mode = MmapMode::r_plus});
        writable(0) = 42;
        auto private_copy = load<Array<double>>(path, {.mmap_mode = MmapMode::c});
        private_copy(1) = 43;
    }
    const auto mapped = load<Array<double>>(path, {.mmap_mode = MmapMode::r});
    EXPECT_EQ(mapped(0), 42);
    EXPECT_EQ(mapped(1), many[1]);
}

TEST_F(Companions, CompressedFilesHaveCompressedCompanions) {
    const Doubles values{0.5, -1};
    write_file(path, zfile(pickle_of(zipped_wrapper("x_01.npy.z", 2))));
    write_file(dir / "x_01.npy.z", zfile(text_of(std::as_bytes(std::span(values)))));
    EXPECT_EQ(load<Doubles>(path), values);
    EXPECT_EQ(load(path).as<Doubles>(), values);
    EXPECT_TRUE(verify(path).ok());
    EXPECT_EQ(inspect(path).codec, "zlib");
    // In memory there is nothing beside the file, but the framing is the same.
    const std::string alone = zfile("\x80\x02K\7.");
    EXPECT_EQ(load<int>(bytes_of(alone)), 7);
    std::istringstream stream(alone);
    EXPECT_EQ(load<int>(stream), 7);
}

TEST_F(Companions, CompressedItemsHaveToBeAsManyAsTheShapeNeeds) {
    write_file(path, zfile(pickle_of(zipped_wrapper("x_01.npy.z", 3))));
    write_file(dir / "x_01.npy.z", zfile(std::string(16, 'x')));
    const Error error = error_of([&] { load(path); });
    EXPECT_EQ(error.code(), ErrorCode::format);
    EXPECT_THAT(error.what(), HasSubstr("x_01.npy.z"));
    EXPECT_THAT(error.what(), HasSubstr("needs 24 bytes, 16 are there"));
}

TEST_F(Companions, OnlyNamesOfFilesBesideThePickleAreTaken) {
    for (const char* name :
         {"", ".", "..", "../x.pkl_01.npy", "/etc/passwd", "a/b.npy", "a\\b.npy", "./x.pkl_01.npy"}) {
        const Error error = refused(wrapper(name));
        EXPECT_EQ(error.code(), ErrorCode::format) << name;
        EXPECT_THAT(error.what(), HasSubstr("'" + std::string(name) + "'"));
    }
    EXPECT_EQ(refused(wrapper(std::string_view("x.pkl_01.npy\0", 13))).code(), ErrorCode::format);
}

TEST_F(Companions, AMissingOneIsNamed) {
    const Error error = refused(wrapper("x.pkl_07.npy"));
    EXPECT_EQ(error.code(), ErrorCode::missing);
    EXPECT_THAT(error.what(), HasSubstr("'x.pkl_07.npy', which is not there"));
    EXPECT_THAT(error.what(), HasSubstr(path));
}

TEST_F(Companions, WrongOnesAreNamed) {
    const std::string good = npy_file<double>({1, 2, 3}, {3});
    for (const std::string& content :
         {std::string(), std::string("hello"), good.substr(0, 60), good.substr(0, good.size() - 1)}) {
        write_file(dir / "bad.npy", content);
        for (const auto mode : {std::optional<MmapMode>(), std::optional(MmapMode::r)}) {
            const Error error = refused(wrapper("bad.npy"), {.mmap_mode = mode});
            EXPECT_TRUE(error.code() == ErrorCode::format || error.code() == ErrorCode::truncated);
            EXPECT_EQ(error.file(), dir / "bad.npy");
        }
    }
    std::filesystem::create_directory(dir / "folder.npy");
    EXPECT_THAT(refused(wrapper("folder.npy")).what(), HasSubstr("not a regular file"));
    std::filesystem::create_symlink("/etc/hostname", std::string(dir / "link.npy"));
    EXPECT_THAT(refused(wrapper("link.npy")).what(), HasSubstr("is a link"));
    ASSERT_EQ(::mkfifo((dir / "pipe.npy").c_str(), 0600), 0);
    EXPECT_THAT(refused(wrapper("pipe.npy")).what(), HasSubstr("not a regular file"));
}

TEST_F(Companions, NoneServesTwice) {
    EXPECT_THAT(refused("](" + wrapper("x.pkl_01.npy") + wrapper("x.pkl_01.npy") + "e").what(),
                HasSubstr("two arrays"));
}

TEST_F(Companions, WithoutAPathThereIsNothingBeside) {
    const std::string pickle = pickle_of(wrapper("x.pkl_01.npy"));
    const Error error = error_of([&] { load(bytes_of(pickle)); });
    EXPECT_EQ(error.code(), ErrorCode::unsupported);
    EXPECT_THAT(error.what(), HasSubstr("'x.pkl_01.npy' beside the pickle: load the pickle by its path"));
    std::istringstream stream(pickle);
    EXPECT_EQ(error_of([&] { load(stream); }).code(), ErrorCode::unsupported);
}

TEST_F(Companions, LimitsHoldAcrossFiles) {
    const Doubles many = numbers(100'000);
    write_file(dir / "x.pkl_02.npy", npy_file(many, {many.size()}));
    EXPECT_EQ(refused(wrapper("x.pkl_02.npy"), {.limits = {.bytes = 100'000}}).code(), ErrorCode::limit);
    write_file(dir / "x_01.npy.z", zfile(std::string(8'000'000, '\0')));
    EXPECT_EQ(refused(zipped_wrapper("x_01.npy.z", 2), {.limits = {.bytes = 1'000'000}}).code(), ErrorCode::limit);
    EXPECT_EQ(refused(zipped_wrapper("x_01.npy.z", 2), {.limits = {.ratio = 100}}).code(), ErrorCode::limit);
}

}  // namespace
}  // namespace jl::test
