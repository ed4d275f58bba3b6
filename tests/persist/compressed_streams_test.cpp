// Compressed objects among others in one stream: after each load the position is right behind what belongs to it.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

#include <jl/jl.hpp>

#include "persist/support/samples.hpp"
#include "support/error.hpp"
#include "support/faulty_io.hpp"

namespace jl::test {
namespace {

class CompressedStreams : public testing::TestWithParam<std::string> {
  protected:
    static std::string of(std::size_t count) { return dumped_text(numbers(count), {.compress = {GetParam(), 1}}); }
    // One of several units, small ones, plain ones of both libraries, and another codec's.
    static std::string mixed() {
        return of(400'000) + of(3) + joblib_file(numbers(20)) + of(0) + dumped_text(numbers(30)) + of(200) +
               dumped_text(numbers(7), {.compress = "gzip"}) + "rest";
    }
    static std::vector<std::size_t> counts() { return {400'000, 3, 20, 0, 30, 200, 7}; }
};
INSTANTIATE_TEST_SUITE_P(, CompressedStreams, testing::ValuesIn(compressors()),
                         [](const auto& each) { return each.param; });

TEST_P(CompressedStreams, ThatSeekStandBehindEachObject) {
    std::istringstream stream(mixed());
    for (const std::size_t count : counts()) EXPECT_EQ(load<std::vector<double>>(stream), numbers(count)) << count;
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(stream), {}), "rest");
}

// Hands out its characters in pieces and cannot seek.
class Pieces final : public std::streambuf {
  public:
    Pieces(std::string content, std::size_t piece) : content_(std::move(content)), piece_(piece) {}

  protected:
    int_type underflow() override {
        if (next_ == content_.size()) return traits_type::eof();
        const std::size_t count = std::min(piece_, content_.size() - next_);
        setg(content_.data() + next_, content_.data() + next_, content_.data() + next_ + count);
        next_ += count;
        return traits_type::to_int_type(*gptr());
    }

  private:
    std::string content_;
    std::size_t piece_;
    std::size_t next_ = 0;
};

TEST_P(CompressedStreams, ThatCannotSeekStandBehindEachObject) {
    for (const std::size_t piece : {1U, 7U, 4'096U, 10'000'000U}) {
        Pieces pieces(mixed(), piece);
        std::istream stream(&pieces);
        stream.exceptions(std::ios::badbit | std::ios::failbit | std::ios::eofbit);
        for (const std::size_t count : counts())
            EXPECT_EQ(load<std::vector<double>>(stream), numbers(count)) << count << " by " << piece;
        EXPECT_TRUE(stream.good());
        EXPECT_EQ(std::string(std::istreambuf_iterator<char>(stream), {}), "rest") << piece;
    }
}

std::string drained(int fd) {
    std::string text(100, '\0');
    const ssize_t count = ::read(fd, text.data(), text.size());
    return text.substr(0, static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
}

void send(int fd, const std::string& text) {
    DescriptorSink sink(FileDescriptor{fd});
    sink.write(bytes_of(text));
    ::close(fd);
}

TEST_P(CompressedStreams, ThroughPipesAndSocketsAreReadToTheByte) {
    for (const bool is_socket : {false, true}) {
        int ends[2];
        ASSERT_EQ(is_socket ? ::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) : ::pipe(ends), 0);
        std::jthread writer([&] { send(ends[1], mixed()); });
        for (const std::size_t count : counts())
            EXPECT_EQ(load<std::vector<double>>(FileDescriptor{ends[0]}), numbers(count)) << count;
        EXPECT_EQ(drained(ends[0]), "rest");
        ::close(ends[0]);
    }
}

TEST_P(CompressedStreams, ThroughCStreamsAreReadToTheByte) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    std::jthread writer([&] { send(ends[1], mixed()); });
    std::FILE* const file = ::fdopen(ends[0], "rb");
    for (const std::size_t count : counts()) EXPECT_EQ(load<std::vector<double>>(file), numbers(count)) << count;
    char rest[5] = {};
    EXPECT_EQ(std::fread(rest, 1, 4, file), 4U);
    EXPECT_STREQ(rest, "rest");
    std::fclose(file);
}

// An answer is loaded while the other end waits for the next question: nothing behind it is waited for.
TEST_P(CompressedStreams, NeedNothingBehindTheObject) {
    int ends[2];
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    for (const std::size_t count : {3U, 100'000U}) {
        std::jthread writer([&] { dump(numbers(count), FileDescriptor{ends[1]}, {.compress = {GetParam(), 1}}); });
        EXPECT_EQ(load<std::vector<double>>(FileDescriptor{ends[0]}), numbers(count));
    }
    ::close(ends[0]), ::close(ends[1]);
}

TEST_P(CompressedStreams, OfSourcesThatTakeNothingBackLoseNothingSilently) {
    const std::string bytes = of(3) + of(4);
    PieceSource source(bytes_of(bytes), 1'000'000);
    const Error error = error_of([&] { (void)load(source); });
    EXPECT_EQ(error.code(), ErrorCode::unsupported);
    EXPECT_THAT(error.what(), testing::HasSubstr("jl::read_all"));
    PieceSource byte_by_byte(bytes_of(bytes), 1);
    EXPECT_EQ(load<std::vector<double>>(byte_by_byte), numbers(3));
    PieceSource all(bytes_of(bytes), 1'000'000);
    std::vector<std::size_t> sizes;
    for (const auto& each : jl::read_all<std::vector<double>>(all)) sizes.push_back(each.size());
    EXPECT_EQ(sizes, (std::vector<std::size_t>{3, 4}));
}

TEST_P(CompressedStreams, ThatAreCutAreTruncated) {
    for (const std::size_t count : {3U, 400'000U}) {
        const std::string whole = of(count);
        for (const std::size_t size : {whole.size() / 2, whole.size() - 300, whole.size() - 1}) {
            if (size >= whole.size()) continue;
            std::istringstream stream(whole.substr(0, size));
            try {
                // What is cut off behind the object is a table of units.
                EXPECT_EQ(load<std::vector<double>>(stream), numbers(count));
            } catch (const Error& error) {
                EXPECT_EQ(error.code(), ErrorCode::truncated) << error.what();
            }
        }
    }
}

}  // namespace
}  // namespace jl::test
