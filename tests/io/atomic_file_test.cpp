#include <csignal>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "io/file.hpp"
#include "support/error.hpp"
#include "support/temp_dir.hpp"

namespace jl {
namespace {

using test::error_of;
using test::read_file;
using test::write_file;
using Names = std::vector<std::string>;
constexpr auto no_sync = AtomicFile::Sync::no;

std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

void replace(const std::string& path, std::string_view content) {
    AtomicFile file(path);
    file.write(bytes_of(content));
    file.commit(no_sync);
}

mode_t mode_of(const std::string& path) {
    struct stat status {};
    EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
    return status.st_mode & 07777U;
}

std::string what_of(const std::string& path) {
    return error_of([&] { AtomicFile file(path); }).what();
}

TEST(AtomicFile, AppearsWithItsWholeContentOnCommit) {
    const test::TempDir dir;
    AtomicFile file(dir / "x");
    file.write(bytes_of("hello "));
    file.write({});
    file.write(bytes_of("world"));
    EXPECT_EQ(file.position(), 11U);
    EXPECT_FALSE(std::filesystem::exists(dir / "x"));
    file.commit(AtomicFile::Sync::yes);
    EXPECT_EQ(read_file(dir / "x"), "hello world");
    EXPECT_EQ(dir.names(), Names{"x"});
}

TEST(AtomicFile, WithoutCommitLeavesTheOldFileAndNothingElse) {
    const test::TempDir dir;
    write_file(dir / "x", "old");
    {
        AtomicFile file(dir / "x");
        file.write(bytes_of("new"));
        EXPECT_EQ(read_file(dir / "x"), "old");
    }
    EXPECT_EQ(read_file(dir / "x"), "old");
    EXPECT_EQ(dir.names(), Names{"x"});
}

// The folders of tests are on file systems that have files without a name.
TEST(AtomicFile, HasNoNameBeforeItIsCommitted) {
    const test::TempDir dir;
    write_file(dir / "old", "old");
    AtomicFile fresh(dir / "x.pkl");
    AtomicFile again(dir / "old");
    fresh.write(bytes_of("new"));
    again.write(bytes_of("new"));
    EXPECT_EQ(dir.names(), Names{"old"});
    fresh.commit(no_sync);
    again.commit(no_sync);
    EXPECT_EQ(dir.names(), (Names{"old", "x.pkl"}));
    EXPECT_EQ(read_file(dir / "x.pkl"), "new");
    EXPECT_EQ(read_file(dir / "old"), "new");
}

TEST(AtomicFile, HasAHiddenNameAfterTargetAndProcessWhereItMustHaveOne) {
    const test::TempDir dir;
    for (const char* content : {"first", "second"}) {
        AtomicFile file(dir / "x.pkl", AtomicFile::Temporary::named);
        file.write(bytes_of(content));
        const std::string beginning = ".x.pkl." + std::to_string(::getpid()) + "-";
        const std::string name = dir.names().at(0);
        EXPECT_TRUE(name.starts_with(beginning) && name.ends_with(".tmp")) << name;
        EXPECT_EQ(mode_of(dir / name), 0600U);
        file.commit(no_sync);
        EXPECT_EQ(dir.names(), Names{"x.pkl"});
        EXPECT_EQ(read_file(dir / "x.pkl"), content);
    }
    const AtomicFile abandoned(dir / "x.pkl", AtomicFile::Temporary::named);
    EXPECT_EQ(dir.names().size(), 2U);
}

TEST(AtomicFile, ReplacesAFileThatAppearedMeanwhile) {
    const test::TempDir dir;
    AtomicFile file(dir / "x");
    file.write(bytes_of("new"));
    write_file(dir / "x", "another's");
    file.commit(no_sync);
    EXPECT_EQ(read_file(dir / "x"), "new");
    EXPECT_EQ(dir.names(), Names{"x"});
}

TEST(AtomicFile, TakesTheLongestNames) {
    const test::TempDir dir;
    const std::string longest(255, 'n');
    replace(dir / longest, "content");
    EXPECT_EQ(read_file(dir / longest), "content");
    EXPECT_NE(what_of(dir / (longest + "n")).find("File name too long"), std::string::npos);
}

TEST(AtomicFile, IsFilledInAnyOrderByManyThreads) {
    const test::TempDir dir;
    AtomicFile file(dir / "x");
    file.write(bytes_of("head"));
    constexpr std::size_t part = 100'000;
    const std::uint64_t begin = file.reserve(8 * part);
    EXPECT_EQ(begin, 4U);
    {
        std::vector<std::jthread> threads;
        for (std::size_t t = 0; t < 8; ++t) {
            threads.emplace_back([&file, begin, t] {
                file.write_at(begin + t * part, bytes_of(std::string(part, static_cast<char>('a' + t))));
            });
        }
        file.write(bytes_of("tail"));
    }
    file.commit(no_sync);
    std::string expected = "head";
    for (std::size_t t = 0; t < 8; ++t) expected.append(part, static_cast<char>('a' + t));
    EXPECT_TRUE(read_file(dir / "x") == expected + "tail");
}

TEST(AtomicFile, ReservesMuchAndFillsItLater) {
    const test::TempDir dir;
    AtomicFile file(dir / "x");
    EXPECT_EQ(file.reserve(5'000'000), 0U);
    EXPECT_EQ(file.position(), 5'000'000U);
    file.write_at(4'999'999, bytes_of("z"));
    file.commit(no_sync);
    EXPECT_EQ(std::filesystem::file_size(dir / "x"), 5'000'000U);
}

TEST(AtomicFile, RefusesToWriteWhereNothingIsReserved) {
    const test::TempDir dir;
    AtomicFile file(dir / "x");
    file.write(bytes_of("0123"));
    file.write_at(2, bytes_of("xx"));
    EXPECT_EQ(error_of([&] { file.write_at(3, bytes_of("xx")); }).code(), ErrorCode::usage);
    EXPECT_EQ(error_of([&] { file.write_at(~std::uint64_t{0}, bytes_of("x")); }).code(), ErrorCode::usage);
    EXPECT_EQ(error_of([&] { file.reserve(~std::uint64_t{0}); }).code(), ErrorCode::range);
    file.commit(no_sync);
    EXPECT_EQ(read_file(dir / "x"), "01xx");
}

TEST(AtomicFile, IsOverAfterCommit) {
    const test::TempDir dir;
    AtomicFile file(dir / "x");
    file.commit(no_sync);
    EXPECT_EQ(read_file(dir / "x"), "");
    EXPECT_EQ(error_of([&] { file.write(bytes_of("x")); }).code(), ErrorCode::usage);
    EXPECT_EQ(error_of([&] { file.write_at(0, {}); }).code(), ErrorCode::usage);
    EXPECT_EQ(error_of([&] { file.commit(no_sync); }).code(), ErrorCode::usage);
}

TEST(AtomicFile, KeepsThePermissionsOfTheFileItReplaces) {
    const test::TempDir dir;
    write_file(dir / "x", "old");
    for (const mode_t mode : {0640U, 0666U, 0600U, 0755U}) {
        ASSERT_EQ(::chmod((dir / "x").c_str(), mode), 0);
        replace(dir / "x", "new");
        EXPECT_EQ(mode_of(dir / "x"), mode);
    }
}

TEST(AtomicFile, GivesANewFileThePermissionsOfTheUmask) {
    const test::TempDir dir;
    const mode_t before = ::umask(0027);
    replace(dir / "x", "new");
    ::umask(before);
    EXPECT_EQ(mode_of(dir / "x"), 0640U);
}

TEST(AtomicFile, ReplacesWhatALinkPointsTo) {
    const test::TempDir dir;
    std::filesystem::create_directory(dir / "data");
    write_file(dir / "data/v1", "old");
    std::filesystem::create_symlink("data/v1", dir / "current");
    std::filesystem::create_symlink(dir / "current", dir / "latest");
    replace(dir / "latest", "new");
    EXPECT_TRUE(std::filesystem::is_symlink(dir / "latest"));
    EXPECT_TRUE(std::filesystem::is_symlink(dir / "current"));
    EXPECT_EQ(read_file(dir / "data/v1"), "new");
    EXPECT_EQ(dir.names(), (Names{"current", "data", "latest"}));
}

TEST(AtomicFile, CreatesWhatADanglingLinkPointsTo) {
    const test::TempDir dir;
    std::filesystem::create_symlink("later", dir / "link");
    replace(dir / "link", "new");
    EXPECT_EQ(read_file(dir / "later"), "new");
    EXPECT_TRUE(std::filesystem::is_symlink(dir / "link"));
}

TEST(AtomicFile, RefusesLinksWithoutEnd) {
    const test::TempDir dir;
    std::filesystem::create_symlink("b", dir / "a");
    std::filesystem::create_symlink("a", dir / "b");
    EXPECT_EQ(what_of(dir / "a"), dir / "a" + ": cannot create the file: Too many levels of symbolic links");
}

TEST(AtomicFile, OtherHardLinksKeepTheOldContent) {
    const test::TempDir dir;
    write_file(dir / "x", "old");
    std::filesystem::create_hard_link(dir / "x", dir / "y");
    replace(dir / "x", "new");
    EXPECT_EQ(read_file(dir / "x"), "new");
    EXPECT_EQ(read_file(dir / "y"), "old");
}

TEST(AtomicFile, SaysWhatIsWrongWithAName) {
    const test::TempDir dir;
    write_file(dir / "file", "");
    EXPECT_EQ(what_of(dir / "no/x"),
              dir / "no/x" + ": cannot create a file in '" + (dir / "no") + "': No such file or directory");
    EXPECT_EQ(what_of(dir.path()), dir.path() + ": cannot be written: it is a directory");
    EXPECT_EQ(what_of(dir / "new/"), dir / "new/" + ": cannot be written: it is a directory");
    EXPECT_EQ(what_of(dir / "file/x"), dir / "file/x" + ": cannot create the file: Not a directory");
    EXPECT_EQ(error_of([] { AtomicFile file(""); }).code(), ErrorCode::usage);
    EXPECT_EQ(error_of([&] { AtomicFile file((dir / "a") + '\0' + "b"); }).code(), ErrorCode::usage);
    EXPECT_EQ(error_of([&] { AtomicFile file(dir / "no/x"); }).code(), ErrorCode::io);
}

// Whoever runs the tests as root stops being it for a moment.
class Ordinary {
  public:
    Ordinary() {
        if (before_ == 0) is_changed_ = ::seteuid(65534) == 0;
    }
    ~Ordinary() {
        if (is_changed_ && ::seteuid(before_) != 0) ADD_FAILURE() << "not root again";
    }
    Ordinary(const Ordinary&) = delete;
    Ordinary& operator=(const Ordinary&) = delete;

  private:
    uid_t before_ = ::geteuid();
    bool is_changed_ = false;
};

TEST(AtomicFile, RespectsAFolderThatMustNotBeWritten) {
    const test::TempDir dir;
    ASSERT_EQ(::chmod(dir.path().c_str(), 0555), 0);
    const Ordinary ordinary;
    EXPECT_EQ(what_of(dir / "x"), dir / "x" + ": cannot create a file in '" + dir.path() + "': Permission denied");
}

TEST(AtomicFile, RespectsAFileThatMustNotBeWritten) {
    const test::TempDir dir;
    write_file(dir / "x", "old");
    ASSERT_EQ(::chmod((dir / "x").c_str(), 0444), 0);
    ASSERT_EQ(::chmod(dir.path().c_str(), 0777), 0);
    const Ordinary ordinary;
    EXPECT_EQ(what_of(dir / "x"), dir / "x" + ": cannot write: Permission denied");
    EXPECT_EQ(read_file(dir / "x"), "old");
}

TEST(AtomicFile, ThatCannotBeRenamedLeavesTheOldFileAndNothingElse) {
    const test::TempDir dir;
    {
        AtomicFile file(dir / "x");
        file.write(bytes_of("new"));
        std::filesystem::create_directories(dir / "x/in_the_way");
        const Error error = error_of([&] { file.commit(no_sync); });
        EXPECT_EQ(error.code(), ErrorCode::io);
        EXPECT_NE(std::string(error.what()).find(": cannot replace the file: "), std::string::npos) << error.what();
    }
    EXPECT_EQ(dir.names(), Names{"x"});
}

// No file of this process grows beyond `bytes`: the full disk of a test.
class SizeLimit {
  public:
    explicit SizeLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit limit{bytes, before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~SizeLimit() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handler_);
    }
    SizeLimit(const SizeLimit&) = delete;
    SizeLimit& operator=(const SizeLimit&) = delete;

  private:
    rlimit before_{};
    void (*handler_)(int);
};

TEST(AtomicFile, ThatBecomesTooBigLeavesTheOldFileAndNothingElse) {
    const test::TempDir dir;
    write_file(dir / "x", "old");
    {
        const SizeLimit limit(10'000);
        AtomicFile file(dir / "x");
        const Error error = error_of([&] { file.write(bytes_of(std::string(20'000, 'n'))); });
        EXPECT_EQ(error.what(), dir / "x" + ": cannot write: File too large");
    }
    EXPECT_EQ(read_file(dir / "x"), "old");
    EXPECT_EQ(dir.names(), Names{"x"});
}

TEST(AtomicFile, ReservesNoMoreThanThereIsRoomFor) {
    const test::TempDir dir;
    const SizeLimit limit(3'000'000);
    AtomicFile file(dir / "x");
    EXPECT_EQ(error_of([&] { file.reserve(4'000'000); }).what(),
              dir / "x" + ": cannot reserve 4000000 bytes: File too large");
    EXPECT_EQ(file.reserve(2'000'000), 0U);
}

TEST(AtomicFile, WritesDevicesInPlace) {
    AtomicFile file("/dev/null");
    EXPECT_FALSE(file.seekable());
    EXPECT_EQ(file.position(), std::nullopt);
    file.write(bytes_of("x"));
    EXPECT_EQ(error_of([&] { file.reserve(1); }).code(), ErrorCode::usage);
    EXPECT_EQ(error_of([&] { file.write_at(0, bytes_of("x")); }).code(), ErrorCode::usage);
    file.commit(AtomicFile::Sync::yes);
    EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
}

TEST(AtomicFile, OnAFullDeviceIsAnError) {
    AtomicFile file("/dev/full");
    EXPECT_STREQ(error_of([&] { file.write(bytes_of("x")); }).what(),
                 "/dev/full: cannot write: No space left on device");
}

TEST(AtomicFile, WritesPipesInPlace) {
    const test::TempDir dir;
    ASSERT_EQ(::mkfifo((dir / "pipe").c_str(), 0600), 0);
    std::string received;
    std::jthread reader([&] { received = read_file(dir / "pipe"); });
    replace(dir / "pipe", "content");
    reader.join();
    EXPECT_EQ(received, "content");
    EXPECT_TRUE(std::filesystem::is_fifo(dir / "pipe"));
}

TEST(AtomicFile, GoesOnWhereAnOpenDescriptorStands) {
    const test::TempDir dir;
    const Descriptor output(::open((dir / "out").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    ASSERT_EQ(::write(output.get(), "before ", 7), 7);
    for (const std::string folder : {"/dev/fd/", "/proc/self/fd/"}) {
        AtomicFile file(folder + std::to_string(output.get()));
        EXPECT_FALSE(file.seekable());
        file.write(bytes_of("content "));
        file.commit(no_sync);
    }
    ASSERT_EQ(::write(output.get(), "after", 5), 5);
    EXPECT_EQ(read_file(dir / "out"), "before content content after");
}

TEST(AtomicFile, NamesAClosedDescriptorInItsError) {
    EXPECT_EQ(what_of("/dev/fd/1234567"), "/dev/fd/1234567: cannot open for writing: Bad file descriptor");
}

}  // namespace
}  // namespace jl
