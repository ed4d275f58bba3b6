#include <fstream>
#include <gtest/gtest.h>
#include <ostream>
#include <sstream>
#include <streambuf>
#include <string>
#include <string_view>

#include <jl/sink.hpp>

#include "support/error.hpp"
#include "support/temp_dir.hpp"

namespace jl {
namespace {

using test::error_of;

std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

// Takes a few bytes and then no more; cannot seek, and says so with an exception, as Boost.Iostreams does.
class Narrow final : public std::streambuf {
  public:
    explicit Narrow(std::streamsize room) : room_(room) {}

  protected:
    int_type overflow(int_type c) override { return room_-- > 0 ? c : traits_type::eof(); }
    pos_type seekoff(off_type, std::ios_base::seekdir, std::ios_base::openmode) override {
        throw std::ios_base::failure("no random access");
    }

  private:
    std::streamsize room_;
};

TEST(StreamSink, WritesAndTellsItsPosition) {
    std::ostringstream stream;
    StreamSink sink(stream);
    EXPECT_EQ(sink.position(), 0U);
    sink.write(bytes_of("abc"));
    sink.write({});
    EXPECT_EQ(sink.position(), 3U);
    EXPECT_EQ(stream.str(), "abc");
}

TEST(StreamSink, CountsFromTheBeginningOfTheFile) {
    const test::TempDir dir;
    std::ofstream stream(dir / "x", std::ios::binary);
    stream << "12345";
    StreamSink sink(stream);
    EXPECT_EQ(sink.position(), 5U);
    sink.write(bytes_of("abc"));
    EXPECT_EQ(sink.position(), 8U);
}

TEST(StreamSink, WithoutPositionsStaysUsable) {
    Narrow narrow(100);
    std::ostream stream(&narrow);
    StreamSink sink(stream);
    EXPECT_EQ(sink.position(), std::nullopt);
    sink.write(bytes_of("abc"));
    EXPECT_TRUE(stream.good());
}

TEST(StreamSink, ThatIsFullIsAnError) {
    Narrow narrow(2);
    std::ostream stream(&narrow);
    StreamSink sink(stream);
    const Error error = error_of([&] { sink.write(bytes_of("abc")); });
    EXPECT_EQ(error.code(), ErrorCode::io);
    EXPECT_STREQ(error.what(), "the stream does not take 3 bytes");
}

TEST(StreamSink, ThatThrowsByItselfIsTheSameError) {
    Narrow narrow(2);
    std::ostream stream(&narrow);
    stream.exceptions(std::ios::badbit | std::ios::failbit);
    StreamSink sink(stream);
    EXPECT_EQ(error_of([&] { sink.write(bytes_of("abc")); }).code(), ErrorCode::io);
}

TEST(StreamSink, ThatIsNotOpenIsAnError) {
    std::ofstream stream("no/such/folder/x");
    StreamSink sink(stream);
    EXPECT_EQ(sink.position(), std::nullopt);
    EXPECT_EQ(error_of([&] { sink.write(bytes_of("abc")); }).code(), ErrorCode::io);
}

TEST(StreamSink, WithoutABufferIsAnError) {
    std::ostream stream(nullptr);
    StreamSink sink(stream);
    EXPECT_EQ(sink.position(), std::nullopt);
    EXPECT_NE(std::string(error_of([&] { sink.write(bytes_of("abc")); }).what()).find("no buffer"), std::string::npos);
}

TEST(MemorySink, CollectsWhatIsWritten) {
    MemorySink sink;
    sink.write(bytes_of("ab"));
    sink.write(bytes_of("c"));
    EXPECT_EQ(sink.position(), 3U);
    EXPECT_EQ(sink.take(), std::vector<std::byte>(bytes_of("abc").begin(), bytes_of("abc").end()));
}

struct Store {
    std::string content;
    void write(std::span<const std::byte> bytes) {
        content.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    }
};

TEST(ObjectSink, IsAnyTypeWithWrite) {
    Store store;
    ObjectSink<Store> sink(store);
    sink.write(bytes_of("abc"));
    EXPECT_EQ(store.content, "abc");
    EXPECT_EQ(sink.position(), std::nullopt);
    static_assert(WritableObject<Store> && !WritableObject<std::string> && !WritableObject<MemorySink>);
}

}  // namespace
}  // namespace jl
