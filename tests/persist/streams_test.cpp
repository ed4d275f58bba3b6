#include <algorithm>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>
#include <streambuf>

#include <jl/jl.hpp>

#include "persist/support/samples.hpp"
#include "support/error.hpp"
#include "support/faulty_io.hpp"

namespace jl::test {
namespace {

// A pipe in memory: neither tellg nor tellp, and never more than a few characters at once.
class PipeBuffer final : public std::streambuf {
  public:
    explicit PipeBuffer(std::string content = {}) : content_(std::move(content)) {}
    const std::string& content() const { return content_; }

  protected:
    int_type underflow() override {
        if (next_ == content_.size()) return traits_type::eof();
        const std::size_t count = std::min<std::size_t>(7, content_.size() - next_);
        setg(content_.data() + next_, content_.data() + next_, content_.data() + next_ + count);
        next_ += count;
        return traits_type::to_int_type(*gptr());
    }
    int_type overflow(int_type c) override {
        content_ += traits_type::to_char_type(c);
        return c;
    }

  private:
    std::string content_;
    std::size_t next_ = 0;
};

TEST(Streams, SeveralObjectsComeOneAfterTheOther) {
    std::stringstream stream;
    dump(sample(), stream);
    dump(5, stream);
    dump(numbers(100'000), stream);
    dump(std::string("end"), stream);
    EXPECT_EQ(load<Sample>(stream), sample());
    EXPECT_EQ(load<int>(stream), 5);
    EXPECT_EQ(load(stream).as<std::vector<double>>(), numbers(100'000));
    EXPECT_EQ(load<std::string>(stream), "end");
    EXPECT_EQ(error_of([&] { (void)load(stream); }).code(), ErrorCode::truncated);
}

TEST(Streams, ThatCannotSeekLoseNoByteEither) {
    PipeBuffer out;
    std::ostream to(&out);
    dump(sample(), to);
    dump(numbers(100'000), to);
    dump(7, to);
    PipeBuffer in(out.content() + "rest");
    std::istream from(&in);
    EXPECT_EQ(load<Sample>(from), sample());
    EXPECT_EQ(load<std::vector<double>>(from), numbers(100'000));
    EXPECT_EQ(load<int>(from), 7);
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(from), {}), "rest");
}

TEST(Streams, JoblibsObjectsMayStandBetweenOnesOfJl) {
    std::string file =
        dumped_text(numbers(10)) + joblib_file(numbers(20)) + joblib_file(numbers(9'000)) + dumped_text(numbers(30));
    std::istringstream stream(file);
    for (const std::size_t count : {10U, 20U, 9'000U, 30U})
        EXPECT_EQ(load<std::vector<double>>(stream), numbers(count));
    PipeBuffer pipe(file);
    std::istream from(&pipe);
    for (const std::size_t count : {10U, 20U, 9'000U, 30U}) EXPECT_EQ(load<std::vector<double>>(from), numbers(count));
}

TEST(Streams, AFileOfSeveralObjectsLoadsAsItsFirstAndVerifiesAsAWhole) {
    const TempDir dir;
    std::string file = dumped_text(numbers(20'000)) + dumped_text(numbers(30'000));
    write_file(dir / "two.pkl", file);
    EXPECT_EQ(load<std::vector<double>>(dir / "two.pkl"), numbers(20'000));
    EXPECT_TRUE(verify(dir / "two.pkl").ok());
    EXPECT_TRUE(verify(dir / "two.pkl").has_checksums());
    for (const std::size_t at : {50'000U, 300'000U}) {
        std::string damaged = file;
        damaged[at] = static_cast<char>(damaged[at] ^ 1);
        write_file(dir / "two.pkl", damaged);
        EXPECT_FALSE(verify(dir / "two.pkl").ok()) << at;
    }
    file[50'000] = static_cast<char>(file[50'000] ^ 1);
    write_file(dir / "two.pkl", file);
    EXPECT_EQ(error_of([&] { (void)load<std::vector<double>>(dir / "two.pkl"); }).code(), ErrorCode::checksum);
    EXPECT_EQ(error_of([&] { (void)load<Array<double>>(dir / "two.pkl", {.mmap_mode = MmapMode::r_plus}); }).code(),
              ErrorCode::unsupported);
}

TEST(Streams, AFileOfJoblibsObjectsIsVerifiedToItsEnd) {
    const TempDir dir;
    const std::string first = joblib_file(numbers(20)), second = joblib_file(numbers(9'000));
    const auto verified = [&](const std::string& content) {
        write_file(dir / "x.pkl", content);
        return verify(dir / "x.pkl");
    };
    EXPECT_TRUE(verified(first + second).ok());
    EXPECT_EQ(verified(first + second).arrays(), 2U);
    EXPECT_FALSE(verified(first + second.substr(0, second.size() / 2)).ok());
    for (const std::string& mixed : {first + dumped_text(numbers(30'000)), dumped_text(numbers(30'000)) + first}) {
        EXPECT_TRUE(verified(mixed).ok());
        EXPECT_EQ(verified(mixed).arrays(), 2U);
        EXPECT_FALSE(verified(mixed).has_checksums());  // not all of it
        std::string damaged = mixed;
        damaged[100'000] = static_cast<char>(damaged[100'000] ^ 1);
        EXPECT_FALSE(verified(damaged).ok());
    }
    EXPECT_TRUE(verified(first + "what is no pickle").ok());
}

TEST(Streams, PayloadsAreAlignedInTheFileWhereverTheObjectStands) {
    const TempDir dir;
    for (const std::size_t before : {0U, 1U, 63U, 64U, 1'000U}) {
        std::ofstream out(dir / "x.pkl", std::ios::binary);
        out << std::string(before, '.');
        dump(numbers(100), out);
        out.close();
        const std::string file = read_file(dir / "x.pkl");
        const std::vector<double> values = numbers(100);
        const std::string payload = text_of(std::as_bytes(std::span(values)));
        EXPECT_EQ(file.find(payload.substr(64)) % 64, 0U) << before;
        std::ifstream in(dir / "x.pkl", std::ios::binary);
        in.seekg(static_cast<std::streamoff>(before));
        EXPECT_EQ(load<std::vector<double>>(in), numbers(100));
    }
}

TEST(Streams, SourcesMayHandOutAnyNumberOfBytes) {
    for (const Compress& compress : {Compress(), Compress("gzip"), Compress("zlib")}) {
        const std::string bytes = dumped_text(sample(20'000), {.compress = compress});
        for (const std::size_t piece : {1U, 2U, 3U, 64U, 4'097U}) {
            PieceSource source(bytes_of(bytes), piece);
            EXPECT_EQ(load<Sample>(source), sample(20'000)) << piece;
        }
    }
}

TEST(Streams, ObjectsWithReadAndWriteAreStores) {
    struct Store {
        std::string content;
        std::size_t next = 0;
        void write(std::span<const std::byte> bytes) { content += text_of(bytes); }
        std::size_t read(std::span<std::byte> into) {
            const std::size_t count = std::min(into.size(), content.size() - next);
            std::copy_n(std::as_bytes(std::span(content)).begin() + static_cast<std::ptrdiff_t>(next), count,
                        into.begin());
            next += count;
            return count;
        }
    } store;
    dump(sample(), store);
    dump(6, store, {.compress = "gzip"});
    EXPECT_EQ(load<Sample>(store), sample());
    EXPECT_EQ(load<int>(store), 6);
}

TEST(Streams, WhatSourcesAndSinksThrowComesThrough) {
    const std::string bytes = dumped_text(sample(20'000));
    for (const std::size_t good : {0U, 1U, 20U, 5'000U, 100'000U}) {
        FailingSource source(bytes_of(bytes), good);
        EXPECT_THROW((void)load<Sample>(source), Injected) << good;
        FailingSink sink(good);
        EXPECT_THROW(dump(sample(20'000), sink), Injected) << good;
        FailingSink packed(good / 10);
        EXPECT_THROW(dump(numbers(200'000), packed, {.compress = "gzip"}), Injected) << good;
    }
}

TEST(Streams, AFailedStreamIsAnError) {
    std::ofstream closed;
    EXPECT_EQ(error_of([&] { dump(1, closed); }).code(), ErrorCode::io);
    std::ifstream missing("no such file");
    EXPECT_THAT(error_of([&] { (void)load(missing); }).code(), testing::AnyOf(ErrorCode::io, ErrorCode::truncated));
    std::istringstream empty;
    EXPECT_EQ(error_of([&] { (void)load(empty); }).code(), ErrorCode::truncated);
}

TEST(Streams, AreNotMapped) {
    std::stringstream stream;
    dump(numbers(10), stream);
    EXPECT_EQ(error_of([&] { (void)load(stream, {.mmap_mode = MmapMode::r}); }).code(), ErrorCode::unsupported);
    EXPECT_EQ(load<std::vector<double>>(stream, {.mmap_mode = MmapMode::r, .mmap_fallback = Fallback::load}),
              numbers(10));
}

}  // namespace
}  // namespace jl::test
