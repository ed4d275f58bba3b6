#include <array>
#include <gtest/gtest.h>
#include <string>
#include <sys/stat.h>
#include <thread>
#include <vector>

#include "io/file.hpp"
#include "support/error.hpp"
#include "support/temp_dir.hpp"

namespace jl {
namespace {

using test::error_of;

std::string text_at(const FileSource& file, std::uint64_t offset, std::size_t count) {
    std::string text(count, '\0');
    file.read_at(offset, std::as_writable_bytes(std::span(text)));
    return text;
}

TEST(FileSource, ReadsAtAnyOffset) {
    const test::TempDir dir;
    test::write_file(dir / "x", "0123456789");
    const FileSource file(dir / "x");
    EXPECT_EQ(file.size(), 10U);
    EXPECT_EQ(file.path(), dir / "x");
    EXPECT_EQ(text_at(file, 3, 4), "3456");
    EXPECT_EQ(text_at(file, 0, 10), "0123456789");
    EXPECT_EQ(text_at(file, 10, 0), "");
}

TEST(FileSource, IsReadByManyThreadsAtOnce) {
    const test::TempDir dir;
    std::string content(1 << 20, '\0');
    for (std::size_t i = 0; i < content.size(); ++i) content[i] = static_cast<char>(i >> 8);
    test::write_file(dir / "x", content);
    const FileSource file(dir / "x");
    std::vector<std::jthread> threads;
    for (std::size_t t = 0; t < 4; ++t) {
        threads.emplace_back([&, t] {
            for (std::size_t at = t * 1000; at + 4096 < content.size(); at += 40'000) {
                EXPECT_EQ(text_at(file, at, 4096), content.substr(at, 4096));
            }
        });
    }
}

TEST(FileSource, EndsWhereTheFileEnds) {
    const test::TempDir dir;
    test::write_file(dir / "x", "0123456789");
    const FileSource file(dir / "x");
    const Error error = error_of([&] { text_at(file, 8, 3); });
    EXPECT_EQ(error.code(), ErrorCode::truncated);
    EXPECT_EQ(error.what(), dir / "x" + ": 3 bytes wanted from byte 8 on, the input ends at byte 10");
    EXPECT_EQ(error_of([&] { text_at(file, ~std::uint64_t{0}, 1); }).code(), ErrorCode::truncated);
}

TEST(FileSource, NoticesThatTheFileShrankMeanwhile) {
    const test::TempDir dir;
    test::write_file(dir / "x", "0123456789");
    const FileSource file(dir / "x");
    std::filesystem::resize_file(dir / "x", 4);
    EXPECT_EQ(text_at(file, 0, 4), "0123");
    const Error error = error_of([&] { text_at(file, 0, 10); });
    EXPECT_EQ(error.code(), ErrorCode::truncated);
    EXPECT_EQ(error.what(), dir / "x" + ": the file had 10 bytes when it was opened and ends at byte 4 now");
}

TEST(FileSource, WritesInPlaceWhenOpenedForIt) {
    const test::TempDir dir;
    test::write_file(dir / "x", "0123456789");
    FileSource file(dir / "x", FileAccess::read_write);
    file.write_at(2, std::as_bytes(std::span("abc", 3)));
    file.sync();
    EXPECT_EQ(test::read_file(dir / "x"), "01abc56789");
    file.write_at(9, std::as_bytes(std::span("xyz", 3)));
    EXPECT_EQ(file.size(), 12U);
    EXPECT_EQ(text_at(file, 8, 4), "8xyz");
}

TEST(FileSource, RefusesToWriteWhenOpenedForReading) {
    const test::TempDir dir;
    test::write_file(dir / "x", "0123456789");
    FileSource file(dir / "x");
    EXPECT_EQ(error_of([&] { file.write_at(2, std::as_bytes(std::span("abc", 3))); }).code(), ErrorCode::io);
    EXPECT_EQ(test::read_file(dir / "x"), "0123456789");
}

TEST(FileSource, SaysWhatIsWrongWithAName) {
    const test::TempDir dir;
    const auto message = [](const std::string& path) {
        return error_of([&] { FileSource file(path); }).what() + std::string();
    };
    EXPECT_EQ(message(dir / "none"), dir / "none" + ": cannot open for reading: No such file or directory");
    EXPECT_EQ(message(dir.path()), dir.path() + ": is a directory");
    EXPECT_EQ(error_of([&] { FileSource file(dir.path(), FileAccess::read_write); }).what(),
              dir.path() + ": is a directory");
    EXPECT_EQ(error_of([] { FileSource file(""); }).code(), ErrorCode::usage);
    EXPECT_EQ(error_of([&] { FileSource file((dir / "a") + '\0' + "b"); }).code(), ErrorCode::usage);
    EXPECT_EQ(error_of([&] { FileSource file(dir / "none"); }).code(), ErrorCode::io);
}

TEST(FileSource, KnowsWhatCanOnlyBeReadInOrder) {
    const test::TempDir dir;
    test::write_file(dir / "x", "");
    ASSERT_EQ(::mkfifo((dir / "pipe").c_str(), 0600), 0);
    EXPECT_FALSE(FileSource::is_regular(dir / "pipe"));
    EXPECT_FALSE(FileSource::is_regular("/dev/null"));
    EXPECT_TRUE(FileSource::is_regular(dir / "x"));
    EXPECT_TRUE(FileSource::is_regular(dir / "none")) << "whose absence the constructor explains";
}

TEST(FileSource, RefusesAPipeWithoutWaitingForItsWriter) {
    const test::TempDir dir;
    ASSERT_EQ(::mkfifo((dir / "pipe").c_str(), 0600), 0);
    const Error error = error_of([&] { FileSource file(dir / "pipe"); });
    EXPECT_EQ(error.what(), dir / "pipe" + ": is not a regular file: it can only be read in order");
}

}  // namespace
}  // namespace jl
