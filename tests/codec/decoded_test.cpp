#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "codec/support/cuts.hpp"
#include "codec/support/samples.hpp"
#include "support/error.hpp"
#include "support/random.hpp"

namespace jl {
namespace {

using test::Bytes;
using test::error_of;
using test::unit;
using testing::HasSubstr;

const Codec& gzip_codec() { return *detail::gzip_codec().codec; }
const Codec& zlib_codec() { return *detail::zlib_codec().codec; }

// Every way to decode: in order and by position, with and without threads, long and short reads.
struct Way {
    const char* name;
    Bytes (*decode)(std::span<const std::byte>, const Codec&);
};

const std::vector<Way>& ways() {
    static const std::vector<Way> all{
        {"in order", [](auto stream, const Codec& codec) { return test::decode_in_order(stream, codec, 1); }},
        {"ahead", [](auto stream, const Codec& codec) { return test::decode_in_order(stream, codec, 2); }},
        {"ahead, in small pieces",
         [](auto stream, const Codec& codec) {
             return test::decode_in_order(stream, codec, 2, stream.size() / 2000 + 1);
         }},
        {"by position", [](auto stream, const Codec& codec) { return test::decode_random(stream, codec, 1); }},
        {"parallel", [](auto stream, const Codec& codec) { return test::decode_random(stream, codec, 2); }},
        {"parallel, long reads",
         [](auto stream, const Codec& codec) { return test::decode_random(stream, codec, 3, 4 * unit); }},
        {"parallel, short reads",
         [](auto stream, const Codec& codec) { return test::decode_random(stream, codec, 2, 7777); }},
    };
    return all;
}

TEST(Decoded, IsTheSameInEveryWay) {
    test::Random random;
    SCOPED_TRACE(random.seed_text());
    const Bytes content = test::joined(test::image_like(4 * unit), random.bytes(unit + 100));
    const Bytes stream = test::encode(content, test::gzip(), 2);
    const Bytes expected = test::decode_random(stream, gzip_codec());
    for (const Way& way : ways()) EXPECT_EQ(way.decode(stream, gzip_codec()), expected) << way.name;
}

TEST(Decoded, ReadsStreamsOfZlibItself) {
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{1000}, 3 * unit}) {
        const Bytes content = test::image_like(size);
        for (const Way& way : ways()) {
            EXPECT_EQ(way.decode(test::foreign_gzip(content), gzip_codec()), content) << way.name;
            EXPECT_EQ(way.decode(test::foreign_zlib(content), zlib_codec()), content) << way.name;
        }
    }
}

TEST(Decoded, DoesNotDependOnHowInputAndOutputAreCut) {
    const Bytes content = test::image_like(300);
    const Bytes stream = test::joined(test::encode(content, test::gzip()), test::foreign_gzip(content));
    test::expect_the_same_however_cut(stream, gzip_codec());
}

TEST(Decoded, ReadsThroughFurtherMembersAndStreams) {
    const Bytes a = test::image_like(5000);
    const Bytes b = test::bytes_of("second");
    const Bytes none;
    const Bytes expected = test::joined(test::joined(a, b), a);
    const auto three = [&](Bytes (*make)(std::span<const std::byte>)) {
        return test::joined(test::joined(test::joined(make(a), make(none)), make(b)), make(a));
    };
    for (const Way& way : ways()) {
        EXPECT_EQ(way.decode(three(test::foreign_gzip), gzip_codec()), expected) << way.name;
        EXPECT_EQ(way.decode(three(test::foreign_zlib), zlib_codec()), expected) << way.name;
    }
}

TEST(Decoded, ReadsThroughOwnStreamsThatWereJoined) {
    const Bytes content = test::image_like(2 * unit + 9);
    const Bytes stream = test::encode(content, test::gzip());
    const Bytes once = test::decode_in_order(stream, gzip_codec());
    const Bytes twice = test::joined(stream, stream);
    for (const Way& way : ways()) EXPECT_EQ(way.decode(twice, gzip_codec()), test::joined(once, once)) << way.name;
    const Bytes mixed = test::joined(test::foreign_gzip(content), stream);
    for (const Way& way : ways()) EXPECT_EQ(way.decode(mixed, gzip_codec()), test::joined(content, once)) << way.name;
}

TEST(Decoded, ReadsGzipHeadersWithEveryField) {
    const Bytes content = test::bytes_of("what the header says does not matter");
    const Bytes plain = test::foreign_gzip(content);
    for (unsigned flags = 0; flags < 32; ++flags) {
        Bytes header(plain.begin(), plain.begin() + 10);
        header[3] = static_cast<std::byte>(flags);
        const auto add = [&](std::string_view text) { header = test::joined(std::move(header), test::bytes_of(text)); };
        if ((flags & 4) != 0) add(std::string_view(flags == 4 ? "\0\0" : "\3\0abc", flags == 4 ? 2 : 5));
        if ((flags & 8) != 0) add(std::string_view("name\0", 5));
        if ((flags & 16) != 0) add(std::string_view("\0", 1));
        if ((flags & 2) != 0) {
            const auto crc = crc32_z(0, reinterpret_cast<const Bytef*>(header.data()), header.size());
            header.push_back(static_cast<std::byte>(crc & 255));
            header.push_back(static_cast<std::byte>(crc >> 8 & 255));
        }
        const Bytes stream = test::joined(header, std::span(plain).subspan(10));
        for (const Way& way : ways()) EXPECT_EQ(way.decode(stream, gzip_codec()), content) << way.name << " " << flags;
        if ((flags & 2) != 0) {
            Bytes bad = stream;
            bad[header.size() - 1] ^= std::byte{1};
            EXPECT_EQ(error_of([&] { test::decode_in_order(bad, gzip_codec()); }).code(), ErrorCode::checksum);
        }
    }
}

TEST(Decoded, RefusesHeadersThatAreNone) {
    const auto code = [](const Bytes& stream, const Codec& codec) {
        return error_of([&] { test::decode_in_order(stream, codec); }).code();
    };
    const auto changed = [](Bytes stream, std::size_t at, unsigned value) {
        stream[at] = static_cast<std::byte>(value);
        return stream;
    };
    const Bytes gzip = test::foreign_gzip({});
    EXPECT_EQ(code(changed(gzip, 0, 0), gzip_codec()), ErrorCode::format);
    EXPECT_EQ(code(changed(gzip, 2, 7), gzip_codec()), ErrorCode::format);
    EXPECT_EQ(code(changed(gzip, 3, 0x20), gzip_codec()), ErrorCode::format);
    const Bytes zlib = test::foreign_zlib({});
    EXPECT_EQ(code(changed(zlib, 1, 0), zlib_codec()), ErrorCode::format);
    EXPECT_EQ(code(changed(zlib, 1, 0xBB), zlib_codec()), ErrorCode::unsupported);  // a preset dictionary
}

TEST(Decoded, NamesWhatIsBehindTheStream) {
    const Bytes stream = test::encode(test::image_like(1000), test::gzip());
    const auto text = [&](std::string_view behind, const Way& way) {
        const Error error = error_of([&] { way.decode(test::joined(stream, test::bytes_of(behind)), gzip_codec()); });
        EXPECT_EQ(error.code(), ErrorCode::format) << way.name;
        return error.detail();
    };
    for (const Way& way : ways()) {
        EXPECT_THAT(text("garbage", way),
                    HasSubstr("bytes that begin no further stream behind the end of the gzip stream"));
        EXPECT_THAT(text(std::string_view("\0\0\0\0", 4), way),
                    HasSubstr("zero padding behind the end of the gzip stream"));
        EXPECT_THAT(text("\x1f\x8c", way), HasSubstr("begin no further stream"));
    }
}

TEST(Decoded, FindsEveryTruncation) {
    const Bytes content = test::image_like(400);
    const std::vector<std::pair<Bytes, const Codec*>> streams{{test::encode(content, test::gzip()), &gzip_codec()},
                                                              {test::encode(content, test::zlib()), &zlib_codec()},
                                                              {test::foreign_gzip(content), &gzip_codec()},
                                                              {test::foreign_zlib(content), &zlib_codec()}};
    for (const auto& each : streams) {
        const auto& [stream, codec] = each;
        for (const Way& way : {ways()[0], ways()[1], ways()[4]}) {
            for (std::size_t size = 0; size < stream.size(); ++size) {
                const auto part = std::span(stream).first(size);
                const Error error = error_of([&, &codec = codec] { way.decode(part, *codec); });
                ASSERT_EQ(error.code(), ErrorCode::truncated) << way.name << " " << size << " of " << stream.size();
            }
        }
    }
}

// Every single flipped bit is found, or changes nothing.
void flip_every_bit(const Bytes& stream, const Codec& codec, const Way& way) {
    const Bytes expected = test::decode_in_order(stream, codec);
    Bytes damaged = stream;
    for (std::size_t bit = 0; bit < stream.size() * 8; ++bit) {
        const auto mask = static_cast<std::byte>(1U << bit % 8);
        damaged[bit / 8] ^= mask;
        try {
            ASSERT_EQ(way.decode(damaged, codec), expected) << way.name << " bit " << bit;
        } catch (const Error&) {
        }
        damaged[bit / 8] ^= mask;
    }
}

TEST(Decoded, FindsEveryFlippedBit) {
    const Bytes content = test::image_like(200);
    for (const Way& way : {ways()[0], ways()[4]}) {
        flip_every_bit(test::encode(content, test::gzip()), gzip_codec(), way);
        flip_every_bit(test::encode(content, test::zlib()), zlib_codec(), way);
        flip_every_bit(test::foreign_gzip(content), gzip_codec(), way);
    }
}

TEST(Decoded, NamesTheChecksumThatDiffers) {
    const Bytes stream = test::foreign_gzip(test::image_like(1000));
    const auto damaged = [&](std::size_t from_end) {
        Bytes bytes = stream;
        bytes[bytes.size() - from_end] ^= std::byte{1};
        const Error error = error_of([&] { test::decode_in_order(bytes, gzip_codec()); });
        EXPECT_EQ(error.code(), ErrorCode::checksum);
        return error.detail();
    };
    EXPECT_THAT(damaged(8), HasSubstr("the crc32 at the end of the gzip stream differs"));
    EXPECT_THAT(damaged(1), HasSubstr("the length field at the end of the gzip stream differs"));
}

TEST(Decoded, KeepsToTheRatioLimit) {
    const Bytes zeros(8 * unit);
    const Bytes own = test::encode(zeros, test::gzip());
    const Bytes other = test::foreign_gzip(zeros);
    const auto read = [](const Bytes& stream, double ratio, bool random, unsigned threads) {
        const CodingOptions options{.n_threads = threads, .limits = {.ratio = ratio}};
        const MemorySource source(stream);
        const auto in = random ? decoded(source, gzip_codec(), options)
                               : decoded(std::make_unique<test::PieceSource>(stream, 1000), gzip_codec(), options);
        return test::read_all(*in).size();
    };
    for (const bool random : {false, true}) {
        for (const unsigned threads : {1U, 2U}) {
            for (const Bytes& stream : {own, other}) {
                const Error error = error_of([&] { read(stream, 100, random, threads); });
                EXPECT_EQ(error.code(), ErrorCode::limit);
                EXPECT_THAT(error.detail(), HasSubstr("the limit is 100 to 1"));
                EXPECT_GE(read(stream, Limits::untrusted().ratio, random, threads), zeros.size());
            }
            const Bytes small = test::encode(std::span(zeros).first(unit / 2), test::gzip());
            EXPECT_GE(read(small, 2, random, threads), unit / 2) << "the first MiB is free";
        }
    }
}

TEST(Decoded, CarriesTheSourcesFailureToTheCaller) {
    const Bytes stream = test::encode(test::image_like(5 * unit), test::gzip());
    for (const unsigned threads : {1U, 2U, 3U}) {
        for (const std::size_t good : {std::size_t{0}, std::size_t{5}, stream.size() / 2, stream.size() - 1}) {
            auto source = std::make_unique<test::FailingSource>(stream, good);
            const auto in = decoded(std::move(source), gzip_codec(), {.n_threads = threads});
            EXPECT_THROW(test::read_all(*in), test::Injected) << threads << " " << good;
            EXPECT_THROW(test::read_all(*in), test::Injected) << "and again";
        }
        const test::FailingRandomSource random(stream, stream.size() / 2, stream.size() / 2 + 1);
        const auto in = decoded(random, gzip_codec(), {.n_threads = threads});
        EXPECT_THROW(test::read_all(*in, 4 * unit), test::Injected) << threads;
        EXPECT_THROW(test::read_all(*in), test::Injected) << "and again";
    }
}

TEST(Decoded, FailsInTheSameWayAgain) {
    Bytes stream = test::foreign_gzip(test::image_like(unit));
    stream[stream.size() - 5] ^= std::byte{1};
    for (const unsigned threads : {1U, 2U}) {
        const auto in =
            decoded(std::make_unique<test::PieceSource>(stream, 5000), gzip_codec(), {.n_threads = threads});
        const Error first = error_of([&] { test::read_all(*in); });
        EXPECT_EQ(error_of([&] { test::read_all(*in); }).detail(), first.detail());
    }
}

TEST(Decoded, StopsPromptlyWhenItIsAbandoned) {
    const Bytes stream = test::encode(test::image_like(20 * unit), test::gzip());
    Bytes some(100);
    for (int round = 0; round < 10; ++round) {
        const auto ahead =
            decoded(std::make_unique<test::PieceSource>(stream, 100'000), gzip_codec(), {.n_threads = 2});
        ahead->read(some);
        const MemorySource source(stream);
        const auto parallel = decoded(source, gzip_codec(), {.n_threads = 3});
        parallel->read(some);
        decoded(source, gzip_codec(), {.n_threads = 3});
    }
}

// What has arrived is handed out before more is asked for: the other side of a pipe may be waiting for an answer.
TEST(Decoded, DoesNotWaitForInputThatItDoesNotNeed) {
    const Bytes stream = test::encode(test::bytes_of("question"), test::gzip());
    struct Pipe final : Source {
        std::span<const std::byte> bytes;
        std::size_t read(std::span<std::byte> into) override {
            if (bytes.empty()) throw test::Injected();  // here a real one would wait
            std::copy(bytes.begin(), bytes.end(), into.begin());
            return std::exchange(bytes, {}).size();
        }
    };
    for (const unsigned threads : {1U, 2U}) {
        auto pipe = std::make_unique<Pipe>();
        pipe->bytes = stream;
        const auto in = decoded(std::move(pipe), gzip_codec(), {.n_threads = threads});
        Bytes answer(8);
        for (std::size_t got = 0; got < answer.size();) got += in->read(std::span(answer).subspan(got));
        EXPECT_EQ(answer, test::bytes_of("question"));
    }
}

TEST(Decoded, ReadsNothingIntoNothing) {
    const Bytes stream = test::encode(test::bytes_of("x"), test::gzip());
    const MemorySource source(stream);
    for (const unsigned threads : {1U, 2U}) {
        EXPECT_EQ(decoded(source, gzip_codec(), {.n_threads = threads})->read({}), 0U);
        const auto in = decoded(std::make_unique<test::PieceSource>(stream, 1), gzip_codec(), {.n_threads = threads});
        EXPECT_EQ(in->read({}), 0U);
    }
}

}  // namespace
}  // namespace jl
