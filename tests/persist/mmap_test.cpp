#include <csignal>
#include <cstdlib>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <jl/jl.hpp>

#include "persist/support/samples.hpp"
#include "support/error.hpp"

namespace jl::test {
namespace {

using testing::HasSubstr;
using Mapped = Array<double>;

class Mmap : public testing::Test {
  protected:
    void SetUp() override {
        dump(std::map<std::string, std::vector<double>>{{"a", numbers(200'000)}, {"b", numbers(10)}}, path);
    }
    std::map<std::string, Mapped> mapped(MmapMode mode) const {
        return load<std::map<std::string, Mapped>>(path, {.mmap_mode = mode});
    }
    double first() const { return load<std::map<std::string, std::vector<double>>>(path).at("a").at(0); }

    TempDir dir;
    const std::string path = dir / "x.pkl";
};

[[noreturn]] void die() {
    ::kill(::getpid(), SIGKILL);
    std::abort();
}

// `work` in a process of its own, in which it dies without a goodbye.
template <class Work>
void in_killed_process(Work work) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        work();
        ::_exit(0);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

TEST_F(Mmap, ReadOnlyMapsShowTheFile) {
    const auto maps = mapped(MmapMode::r);
    EXPECT_EQ(std::vector(maps.at("a").begin(), maps.at("a").end()), numbers(200'000));
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(maps.at("a").data()) % 64, 0U);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(maps.at("b").data()) % 64, 0U);
}

TEST_F(Mmap, OutliveTheFileAndEachOther) {
    Mapped a;
    {
        const auto maps = mapped(MmapMode::r);
        a = maps.at("a");
    }
    std::filesystem::remove(path);
    EXPECT_EQ(a(199'999), numbers(200'000).back());
}

TEST_F(Mmap, CopyOnWriteStaysPrivate) {
    const std::string before = read_file(path);
    {
        auto maps = mapped(MmapMode::c);
        maps.at("a")(0) = 42;
        EXPECT_EQ(maps.at("a")(0), 42);
        EXPECT_EQ(first(), 0);
    }
    EXPECT_EQ(read_file(path), before);
}

TEST_F(Mmap, WritesReachTheFileAndChecksumsAreRenewed) {
    {
        auto maps = mapped(MmapMode::r_plus);
        EXPECT_TRUE(verify(path).modified_in_place());
        maps.at("a")(0) = 42;
        EXPECT_EQ(first(), 42);
        EXPECT_TRUE(verify(path).ok());
    }
    const VerifyReport report = verify(path);
    EXPECT_TRUE(report.ok());
    EXPECT_FALSE(report.modified_in_place());
    EXPECT_EQ(first(), 42);
    std::string damaged = read_file(path);
    damaged[500'000] = static_cast<char>(damaged[500'000] ^ 1);
    write_file(path, damaged);
    EXPECT_FALSE(verify(path).ok());
}

TEST_F(Mmap, AnUnchangedFileIsTheSameFileAfterwards) {
    const std::string before = read_file(path);
    mapped(MmapMode::r_plus);
    EXPECT_EQ(read_file(path), before);
}

TEST_F(Mmap, ACrashLeavesModifiedInPlaceAndNotCorrupt) {
    in_killed_process([&] {
        auto maps = mapped(MmapMode::r_plus);
        maps.at("a")(0) = 42;
        die();
    });
    const VerifyReport report = verify(path);
    EXPECT_TRUE(report.ok());
    EXPECT_TRUE(report.modified_in_place());
    EXPECT_EQ(first(), 42);
    EXPECT_EQ(File(path).array<double>("a")(0), 42);
    std::ifstream stream(path, std::ios::binary);
    EXPECT_EQ((load<std::map<std::string, std::vector<double>>>(stream).at("a")[0]), 42);
    mapped(MmapMode::r_plus);  // the next one that closes it renews the checksums
    EXPECT_FALSE(verify(path).modified_in_place());
    EXPECT_TRUE(verify(path).ok());
}

TEST_F(Mmap, ACrashAfterFlushIsStillOnlyModifiedInPlace) {
    in_killed_process([&] {
        File file(path, {.mmap_mode = MmapMode::r_plus});
        auto a = file.array<double>("a");
        a(0) = 41;
        file.flush();
        a(1) = 42;
        die();
    });
    EXPECT_TRUE(verify(path).ok()) << verify(path).problems().front().what();
    EXPECT_TRUE(verify(path).modified_in_place());
    EXPECT_EQ(first(), 41);
}

TEST_F(Mmap, TheLastOfSeveralWritersRenews) {
    auto one = std::make_unique<File>(path, FileOptions{.mmap_mode = MmapMode::r_plus});
    auto other = std::make_unique<File>(path, FileOptions{.mmap_mode = MmapMode::r_plus});
    one->flush();
    other->array<double>("a")(0) = 1;
    other.reset();
    EXPECT_TRUE(verify(path).modified_in_place());
    one->array<double>("a")(1) = 2;
    one.reset();
    EXPECT_FALSE(verify(path).modified_in_place());
    EXPECT_TRUE(verify(path).ok());
    EXPECT_EQ(first(), 1);
}

TEST_F(Mmap, DamagedBookkeepingIsRefusedBeforeAnythingIsWritten) {
    const std::string good = read_file(path);
    std::string damaged = good;
    damaged[good.size() - 100] = static_cast<char>(damaged[good.size() - 100] ^ 1);  // the checksum table
    write_file(path, damaged);
    EXPECT_EQ(error_of([&] { mapped(MmapMode::r_plus); }).code(), ErrorCode::checksum);
    EXPECT_EQ(read_file(path), damaged);
}

TEST_F(Mmap, ConversionsAreRefusedForWritingAndCopiedForReading) {
    EXPECT_EQ(error_of([&] {
                  (void)load<std::map<std::string, Array<float>>>(path, {.mmap_mode = MmapMode::r_plus});
              }).code(),
              ErrorCode::unsupported);
    EXPECT_EQ((load<std::map<std::string, Array<long double>>>(path, {.mmap_mode = MmapMode::r}).at("b")(1)),
              numbers(10)[1]);
}

TEST_F(Mmap, CompressedFilesAreRefusedOrLoaded) {
    dump(numbers(10), dir / "x.pkl.gz");
    for (const MmapMode mode : {MmapMode::r, MmapMode::r_plus, MmapMode::c}) {
        const Error error = error_of([&] { (void)load<Mapped>(dir / "x.pkl.gz", {.mmap_mode = mode}); });
        EXPECT_EQ(error.code(), ErrorCode::unsupported);
        EXPECT_THAT(error.what(), HasSubstr("gzip"));
        const auto loaded = load<Mapped>(dir / "x.pkl.gz", {.mmap_mode = mode, .mmap_fallback = Fallback::load});
        EXPECT_EQ(loaded(9), numbers(10)[9]);
    }
}

TEST_F(Mmap, FilesThatCannotBeWrittenAreAnError) {
    if (::geteuid() != 0) {  // root may write everywhere
        std::filesystem::permissions(path, std::filesystem::perms::owner_read);
        EXPECT_EQ(error_of([&] { mapped(MmapMode::r_plus); }).code(), ErrorCode::io);
    }
    EXPECT_EQ(error_of([&] { (void)load<Mapped>(dir / "none.pkl", {.mmap_mode = MmapMode::r}); }).code(),
              ErrorCode::io);
    write_file(dir / "empty.pkl", "");
    EXPECT_EQ(error_of([&] { (void)load<Mapped>(dir / "empty.pkl", {.mmap_mode = MmapMode::r}); }).code(),
              ErrorCode::truncated);
}

TEST_F(Mmap, ValuesKeepTheMap) {
    Value a;
    {
        const Value any = load(path, {.mmap_mode = MmapMode::r});
        a = any["a"];
    }
    EXPECT_EQ(a.as<std::vector<double>>(), numbers(200'000));
}

}  // namespace
}  // namespace jl::test
