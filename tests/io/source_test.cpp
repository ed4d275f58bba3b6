#include <array>
#include <fstream>
#include <gtest/gtest.h>
#include <istream>
#include <sstream>
#include <streambuf>
#include <string>
#include <string_view>

#include <jl/source.hpp>

#include "support/error.hpp"
#include "support/temp_dir.hpp"

namespace jl {
namespace {

using test::error_of;

std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

// What `source` gives until its end, asking for `at_once` bytes each time.
std::string drain(Source& source, std::size_t at_once = 1000) {
    std::string all;
    std::string part(at_once, '\0');
    while (const std::size_t count = source.read(std::as_writable_bytes(std::span(part)))) all.append(part, 0, count);
    return all;
}

std::string take(Source& source, std::size_t count) {
    std::string text(count, '\0');
    text.resize(source.read(std::as_writable_bytes(std::span(text))));
    return text;
}

// Hands out one byte at a time and cannot go back; then, if asked to, fails.
class Dripping final : public std::streambuf {
  public:
    enum class End { quiet, failure };
    Dripping(std::string text, End end) : text_(std::move(text)), end_(end) {}

  protected:
    int_type underflow() override {
        if (next_ == text_.size()) {
            if (end_ == End::failure) throw std::ios_base::failure("the line is dead");
            return traits_type::eof();
        }
        setg(&text_[next_], &text_[next_], &text_[next_] + 1);
        return traits_type::to_int_type(text_[next_++]);
    }

  private:
    std::string text_;
    std::size_t next_ = 0;
    End end_;
};

TEST(MemorySource, ReadsAnywhereWithinItsBytes) {
    const auto bytes = bytes_of("0123456789");
    const MemorySource source(bytes);
    EXPECT_EQ(source.size(), 10U);
    std::array<std::byte, 4> into{};
    source.read_at(6, into);
    EXPECT_TRUE(std::ranges::equal(into, bytes_of("6789")));
    source.read_at(10, {});
    EXPECT_EQ(source.view().data(), bytes.data());
}

TEST(MemorySource, EndsWhereItEnds) {
    const MemorySource source(bytes_of("0123456789"));
    std::array<std::byte, 4> into{};
    const Error error = error_of([&] { source.read_at(7, into); });
    EXPECT_EQ(error.code(), ErrorCode::truncated);
    EXPECT_STREQ(error.what(), "4 bytes wanted from byte 7 on, the input ends at byte 10");
    EXPECT_EQ(error_of([&] { source.read_at(~std::uint64_t{0}, into); }).code(), ErrorCode::truncated);
    EXPECT_EQ(error_of([&] { source.read_at(11, {}); }).code(), ErrorCode::truncated);
}

TEST(SequentialSource, GivesARangeInOrder) {
    const MemorySource source(bytes_of("0123456789"));
    SequentialSource range(source, 2, 9);
    EXPECT_EQ(range.remaining(), 7U);
    EXPECT_EQ(take(range, 3), "234");
    EXPECT_EQ(range.remaining(), 4U);
    EXPECT_EQ(drain(range), "5678");
    EXPECT_EQ(range.remaining(), 0U);
}

TEST(StreamSource, ReadsToTheEndAndLeavesTheStreamGood) {
    std::istringstream stream("hello");
    StreamSource source(stream);
    EXPECT_EQ(drain(source, 2), "hello");
    EXPECT_EQ(drain(source), "");
    EXPECT_TRUE(stream.good());
}

TEST(StreamSource, ReadsFilesInAnyPortions) {
    const test::TempDir dir;
    std::string content(100'000, '\0');
    for (std::size_t i = 0; i < content.size(); ++i) content[i] = static_cast<char>(i * i >> 5);
    test::write_file(dir / "x", content);
    for (const std::size_t at_once : {1UL, 7UL, 4096UL, 8191UL, 8192UL, 50'000UL, 1'000'000UL}) {
        std::ifstream stream(dir / "x", std::ios::binary);
        StreamSource source(stream);
        EXPECT_EQ(drain(source, at_once), content) << at_once;
    }
}

TEST(StreamSource, GivesBackWhatWasReadTooMuch) {
    const test::TempDir dir;
    test::write_file(dir / "x", std::string(20'000, 'a') + "bcd");
    std::ifstream stream(dir / "x", std::ios::binary);
    StreamSource source(stream);
    EXPECT_EQ(drain(source).size(), 20'003U);
    EXPECT_TRUE(source.prepare_unread());
    source.unread(2);
    EXPECT_EQ(stream.tellg(), 20'001);
    EXPECT_EQ(drain(source), "cd");
    source.unread(0);
}

TEST(StreamSource, SaysWhenItCannotGoBack) {
    Dripping dripping("abc", Dripping::End::quiet);
    std::istream stream(&dripping);
    StreamSource source(stream);
    EXPECT_EQ(drain(source), "abc");
    source.unread(0);
    EXPECT_EQ(error_of([&] { source.unread(2); }).code(), ErrorCode::io);
    std::istringstream short_one("abc");
    StreamSource short_source(short_one);
    EXPECT_EQ(take(short_source, 2), "ab");
    EXPECT_EQ(error_of([&] { short_source.unread(3); }).code(), ErrorCode::io);
}

TEST(StreamSource, DoesNotWaitForMoreThanThereIs) {
    Dripping dripping("abc", Dripping::End::failure);
    std::istream stream(&dripping);
    StreamSource source(stream);
    EXPECT_EQ(take(source, 100), "a");
    EXPECT_EQ(take(source, 100), "b");
}

TEST(StreamSource, ThatFailsIsAnError) {
    Dripping dripping("a", Dripping::End::failure);
    std::istream stream(&dripping);
    StreamSource source(stream);
    EXPECT_EQ(take(source, 1), "a");
    const Error error = error_of([&] { drain(source); });
    EXPECT_EQ(error.code(), ErrorCode::io);
    EXPECT_NE(std::string(error.what()).find("the line is dead"), std::string::npos);
}

TEST(StreamSource, ThatIsNotOpenIsAnError) {
    std::ifstream stream("no/such/file");
    StreamSource source(stream);
    const Error error = error_of([&] { drain(source); });
    EXPECT_EQ(error.code(), ErrorCode::io);
    EXPECT_STREQ(error.what(), "the stream cannot be read: it is not open or has failed (failbit)");
}

TEST(StreamSource, OfAFolderIsAnError) {
    const test::TempDir dir;
    std::ifstream stream(dir.path(), std::ios::binary);
    StreamSource source(stream);
    EXPECT_EQ(error_of([&] { drain(source); }).code(), ErrorCode::io);
}

TEST(StreamSource, WithoutABufferIsAnError) {
    std::istream stream(nullptr);
    StreamSource source(stream);
    EXPECT_EQ(error_of([&] { drain(source); }).code(), ErrorCode::io);
    EXPECT_EQ(error_of([&] { source.unread(1); }).code(), ErrorCode::io);
}

TEST(StreamSource, AtTheEndAlreadyGivesNothing) {
    std::istringstream stream("a");
    stream.get();
    stream.get();
    EXPECT_TRUE(stream.eof());
    StreamSource source(stream);
    EXPECT_EQ(drain(source), "");
}

struct Store {
    std::string content;
    std::size_t read(std::span<std::byte> into) {
        const std::size_t count = std::min(into.size(), content.size());
        std::memcpy(into.data(), content.data(), count);
        content.erase(0, count);
        return count;
    }
};

TEST(ObjectSource, IsAnyTypeWithRead) {
    Store store{"hello"};
    ObjectSource<Store> source(store);
    EXPECT_EQ(drain(source, 2), "hello");
    EXPECT_EQ(source.remaining(), std::nullopt);
    static_assert(ReadableObject<Store> && !ReadableObject<std::string> && !ReadableObject<StreamSource>);
}

}  // namespace
}  // namespace jl
