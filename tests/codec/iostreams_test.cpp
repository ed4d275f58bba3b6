// Every codec as a filter of Boost.Iostreams.
#include <boost/iostreams/device/array.hpp>
#include <boost/iostreams/device/back_inserter.hpp>
#include <boost/iostreams/filter/counter.hpp>
#include <boost/iostreams/filtering_stream.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <utility>

#include <jl/iostreams.hpp>

#include "codec/support/every_codec.hpp"
#include "codec/support/filter_chains.hpp"
#include "support/error.hpp"

namespace jl {
namespace {

namespace io = boost::iostreams;
using test::chars;
using test::error_of;
using test::pulled;
using test::pushed;
using testing::HasSubstr;

class Filters : public test::EveryCodec {
  protected:
    Compress fast() const { return {codec().name, quick().level}; }
    std::string text(std::size_t size) const { return chars(sample(size)); }
};
INSTANTIATE_TEST_SUITE_P(, Filters, test::every_codec(), test::codec_name);

TEST_P(Filters, GiveBackContentOfEverySizeInBothDirections) {
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{5000}, unit_bytes() + 77}) {
        const std::string content = text(size);
        const std::string stream = pushed(Compressor(fast()), content);
        EXPECT_TRUE(pulled(Compressor(fast()), content) == stream) << size;
        EXPECT_TRUE(pushed(Decompressor(codec().name), stream) == content) << size;
        EXPECT_TRUE(pulled(Decompressor(codec().name), stream) == content) << size;
        EXPECT_TRUE(pulled(Decompressor(), stream) == content) << size << " detected";
        EXPECT_TRUE(pushed(Decompressor(), stream) == content) << size << " detected";
    }
}

TEST_P(Filters, WriteTheSameBytesAtAnyNumberOfThreads) {
    const std::string content = text(3 * unit_bytes() + 5);
    const std::string expected = pushed(Compressor(fast()), content);
    EXPECT_TRUE(pushed(Compressor(fast(), {.n_threads = 3}), content) == expected);
    EXPECT_TRUE(pulled(Compressor(fast(), {.n_threads = 2}), content) == expected);
}

TEST_P(Filters, WriteWhatJlsOwnReaderTakesAndReadWhatItsWriterWrote) {
    const std::string content = text(unit_bytes() + 10);
    const test::Bytes bytes = test::bytes_of(content);
    EXPECT_TRUE(test::decode_random(test::bytes_of(pushed(Compressor(fast()), content)), codec(), 2) == bytes);
    // With tables of blocks both write the same.
    const std::string own = chars(test::encode(bytes, quick()));
    EXPECT_TRUE(pushed(Compressor(fast(), {.block_tables = BlockTables::jl}), content) == own);
    EXPECT_TRUE(pulled(Decompressor(codec().name), own).substr(0, content.size()) == content);
}

TEST_P(Filters, WorkByteByByte) {
    const std::string content = text(700);
    std::string stream;
    {
        io::filtering_ostream out;
        out.push(Compressor(fast()), 1);
        out.push(io::back_inserter(stream), 1);
        for (const char c : content) out.put(c);
        io::close(out);
    }
    EXPECT_EQ(stream, pushed(Compressor(fast()), content));
    io::filtering_istream in;
    in.push(Decompressor(), 1);
    in.push(test::Dribble(stream), 1);
    std::string found;
    for (int c = in.get(); c != EOF; c = in.get()) found.push_back(static_cast<char>(c));
    EXPECT_EQ(found, content);
    std::string into;
    io::filtering_ostream out;
    out.push(Decompressor(codec().name), 1);
    out.push(io::back_inserter(into), 1);
    for (const char c : stream) out.put(c);
    io::close(out);
    EXPECT_EQ(into, content);
}

TEST_P(Filters, ReadSeveralStreamsOneAfterTheOther) {
    const std::string stream = pushed(Compressor(fast()), "one ") + pushed(Compressor(fast()), "two");
    EXPECT_EQ(pulled(Decompressor(), stream), "one two");
    EXPECT_EQ(pushed(Decompressor(codec().name), stream), "one two");
}

TEST_P(Filters, FindEveryTruncation) {
    const std::string stream = pushed(Compressor(fast()), text(300));
    for (std::size_t size = 0; size < stream.size(); ++size) {
        const std::string part = stream.substr(0, size);
        const Error pull = error_of([&] { pulled(Decompressor(codec().name), part); });
        EXPECT_EQ(pull.code(), ErrorCode::truncated) << size << pull.what();
        const Error push = error_of([&] { pushed(Decompressor(codec().name), part); });
        EXPECT_EQ(push.code(), ErrorCode::truncated) << size << push.what();
        // Without a name, what has lost a part of its magic is no codec's stream.
        const Error unnamed = error_of([&] { pulled(Decompressor(), part); });
        const bool is_found = size > 0 && size >= codec().magic.size();
        EXPECT_EQ(unnamed.code(), is_found || size == 0 ? ErrorCode::truncated : unnamed.code())
            << size << unnamed.what();
        EXPECT_NE(unnamed.code(), ErrorCode::usage) << size;
    }
}

// lzma (alone) has no checksum.
TEST_P(Filters, RefuseDamageAndGarbage) {
    const std::string content = text(500);
    const std::string stream = pushed(Compressor(fast()), content);
    for (std::size_t at = 0; at < stream.size(); ++at) {
        std::string damaged = stream;
        damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
        try {
            const std::string found = pulled(Decompressor(codec().name), damaged);
            EXPECT_TRUE(found == content || is("lzma")) << at;
        } catch (const Error&) {
        }
    }
    const Error behind = error_of([&] { pulled(Decompressor(codec().name), stream + "garbage"); });
    EXPECT_THAT(behind.detail(), HasSubstr("behind the end of the " + codec().name + " stream"));
    const Error other = error_of([&] { pushed(Decompressor(codec().name), "plain text of no codec"); });
    EXPECT_EQ(other.code(), ErrorCode::format);
}

TEST_P(Filters, EndTheirStreamOnceHoweverOftenTheyAreClosed) {
    std::string stream;
    auto device = io::back_inserter(stream);
    Compressor filter(fast());
    io::write(filter, device, "some text", 9);
    io::close(filter, device, std::ios::in | std::ios::out);
    const std::string once = stream;
    io::close(filter, device, std::ios::in | std::ios::out);
    EXPECT_EQ(stream, once);
    EXPECT_EQ(pulled(Decompressor(), stream), "some text");
    // Then it begins another stream, as filters of Boost do.
    io::write(filter, device, " and more", 9);
    io::close(filter, device, std::ios::out);
    EXPECT_EQ(pulled(Decompressor(), stream), "some text and more");
}

TEST_P(Filters, LeaveATruncatedStreamWhenTheyAreAbandoned) {
    std::string stream;
    {
        auto device = io::back_inserter(stream);
        Compressor filter(fast());
        const std::string content = text(2 * unit_bytes());
        io::write(filter, device, content.data(), static_cast<std::streamsize>(content.size()));
    }
    EXPECT_EQ(error_of([&] { pulled(Decompressor(codec().name), stream); }).code(), ErrorCode::truncated);
}

TEST_P(Filters, ThatAreLeftInTheMiddleComplainOfNothing) {
    const std::string stream = pushed(Compressor(fast()), text(100'000));
    io::filtering_istream in;
    in.push(Decompressor());
    in.push(io::array_source(stream.data(), stream.size()));
    in.exceptions(std::ios::badbit);
    EXPECT_NE(in.get(), EOF);
    EXPECT_NO_THROW(io::close(in));
}

// Takes a few bytes, then none.
struct SmallDevice : io::sink {
    std::streamsize left = 5;
    std::streamsize write(const char*, std::streamsize count) {
        return std::min(count, std::exchange(left, left - std::min(count, left)));
    }
};

// From a write: while it closes a filter, Boost itself asks such a device again and again.
TEST_P(Filters, TellOfADeviceThatIsFull) {
    SmallDevice device;
    Compressor filter(fast());
    const std::string content = text(5 * unit_bytes());
    const auto write = [&] { io::write(filter, device, content.data(), static_cast<std::streamsize>(content.size())); };
    const Error error = error_of(write);
    EXPECT_EQ(error.code(), ErrorCode::io);
    EXPECT_THAT(error.detail(), HasSubstr("takes none of"));
    EXPECT_EQ(error_of([&] { io::close(filter, device, std::ios::out); }).code(), ErrorCode::io) << "and again";
}

struct BrokenDevice : io::sink {
    std::streamsize write(const char*, std::streamsize) { throw std::ios_base::failure("broken"); }
};

TEST_P(Filters, PassOnWhatADeviceThrows) {
    BrokenDevice device;
    Compressor filter(fast());
    const auto write = [&] {
        io::write(filter, device, "x", 1);
        io::close(filter, device, std::ios::out);
    };
    EXPECT_THROW(write(), std::ios_base::failure);
    EXPECT_THROW(io::close(filter, device, std::ios::out), std::ios_base::failure) << "and again";
}

TEST_P(Filters, GiveWhatStandsBeforeTheDamageFirst) {
    const std::string content = text(200'000);
    const std::string once = pushed(Compressor(fast()), content);
    const std::string stream = once + once.substr(0, once.size() / 2);
    io::filtering_istream in;
    in.push(Decompressor(codec().name));
    in.push(io::array_source(stream.data(), stream.size()));
    std::string found(content.size(), '\0');
    in.read(found.data(), static_cast<std::streamsize>(found.size()));
    EXPECT_TRUE(found == content);
    EXPECT_TRUE(in.good());
    std::string rest(content.size(), '\0');
    in.read(rest.data(), static_cast<std::streamsize>(rest.size()));
    EXPECT_TRUE(in.bad());
}

TEST_P(Filters, StandInPipelines) {
    const std::string content = text(3000);
    std::string out;
    io::filtering_ostream all(io::counter() | Compressor(fast()) | Decompressor(codec().name) | io::back_inserter(out));
    all << content;
    io::close(all);
    EXPECT_EQ(out, content);
}

TEST(FilterErrors, NameTheCodecThatIsUnknownAndTheLevelThatIsNot) {
    EXPECT_EQ(error_of([] { Compressor("nosuch"); }).code(), ErrorCode::usage);
    EXPECT_THAT(error_of([] { Compressor({"gzip", 12}); }).detail(), HasSubstr("12"));
    EXPECT_THAT(error_of([] { Compressor({"gzip", 0}); }).detail(), HasSubstr("needs a codec and a level"));
    EXPECT_THAT(error_of([] { Compressor("blosc"); }).detail(), HasSubstr("blosc"));
    EXPECT_THAT(error_of([] { Decompressor("nosuch"); }).detail(), HasSubstr("'nosuch'"));
    EXPECT_EQ(error_of([] { pulled(Decompressor(), "text of no codec"); }).code(), ErrorCode::format);
    EXPECT_EQ(error_of([] { pulled(Decompressor(), ""); }).code(), ErrorCode::truncated);
    EXPECT_EQ(error_of([] { pushed(Decompressor(), "\x1F"); }).code(), ErrorCode::format);
}

TEST(FilterErrors, CanBeSeenInTheStateOfAStandardStream) {
    const std::string stream = pushed(Compressor("gzip"), "some text");
    io::filtering_istream in;
    in.push(Decompressor());
    in.push(io::array_source(stream.data(), stream.size() - 1));
    std::string word;
    in >> word >> word >> word;
    EXPECT_TRUE(in.bad());
}

TEST(FilterErrors, KeepToTheRatioLimit) {
    const std::string stream = pushed(Compressor("gzip"), std::string(8 << 20, 'x'));
    EXPECT_EQ(error_of([&] { pulled(Decompressor("gzip", {.ratio = 20}), stream); }).code(), ErrorCode::limit);
}

}  // namespace
}  // namespace jl
