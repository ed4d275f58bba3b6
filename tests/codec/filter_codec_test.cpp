// Filters of Boost.Iostreams as codecs, and jl's filters beside Boost's own.
#include <boost/iostreams/filter/bzip2.hpp>
#include <boost/iostreams/filter/gzip.hpp>
#include <boost/iostreams/filter/lzma.hpp>
#include <boost/iostreams/filter/symmetric.hpp>
#include <boost/iostreams/filter/zlib.hpp>
#include <boost/iostreams/filter/zstd.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <jl/iostreams.hpp>

#include "codec/built_in_codecs.hpp"
#include "codec/registry.hpp"
#include "codec/support/cuts.hpp"
#include "codec/support/filter_chains.hpp"
#include "support/error.hpp"
#include "support/random.hpp"

namespace jl {
namespace {

namespace io = boost::iostreams;
using test::Bytes;
using test::chars;
using test::error_of;
using test::pulled;
using test::pushed;

// Other tests may register a codec by the name of one that is not.
bool is_built_in(std::string_view name) {
    return std::ranges::any_of(detail::built_in_codecs(), [&](const auto& each) { return each.codec->name == name; });
}

// A filter as a user may write one, a character at a time: each byte XOR a key that changes; no magic, no end.
class Scramble : public io::multichar_output_filter {
  public:
    template <class Sink>
    std::streamsize write(Sink& to, const char* bytes, std::streamsize count) {
        for (std::streamsize i = 0; i < count; ++i) {
            key_ = static_cast<unsigned char>(key_ * 5 + 1);
            if (!io::put(to, static_cast<char>(bytes[i] ^ static_cast<char>(key_)))) return i;
        }
        return count;
    }

  private:
    unsigned char key_ = 7;
};

struct Refusing : io::output_filter {
    template <class Sink>
    bool put(Sink& to, char c) {
        if (c == 'x') throw std::ios_base::failure("no x, please");
        return io::put(to, c);
    }
};

template <class Compressing, class Decompressing>
auto codec_of(std::string_view magic, MagicFrom from = MagicFrom::filters) {
    Codec codec{.name = "own", .extension = ".own", .magic = test::bytes_of(magic)};
    const auto compressor = [](int) { return Compressing(); };
    const auto decompressor = [] { return Decompressing(); };
    return std::make_shared<const Codec>(filter_codec(codec, compressor, decompressor, from));
}

struct Named {
    std::string name;
    std::shared_ptr<const Codec> codec;
    bool finds_truncation;
};
void PrintTo(const Named& named, std::ostream* out) { *out << named.name; }

// Boost 1.81 takes any end of a zstd stream for the right one; Scramble knows none.
std::vector<Named> filters() {
    return {{"zlib", codec_of<io::zlib_compressor, io::zlib_decompressor>("\x78"), true},
            {"gzip", codec_of<io::gzip_compressor, io::gzip_decompressor>("\x1F\x8B"), true},
            {"bz2", codec_of<io::bzip2_compressor, io::bzip2_decompressor>("BZ"), true},
            {"xz", codec_of<io::lzma_compressor, io::lzma_decompressor>("\xFD\x37\x7A"), true},
            {"zstd", codec_of<io::zstd_compressor, io::zstd_decompressor>("\x28\xB5\x2F\xFD"), false},
            {"scramble", codec_of<Scramble, Scramble>("SCR1", MagicFrom::adapter), false}};
}

class FilterCodec : public testing::TestWithParam<Named> {
  protected:
    const Codec& codec() const { return *GetParam().codec; }
    CodecChoice choice() const { return {GetParam().codec, 3}; }
};

INSTANTIATE_TEST_SUITE_P(, FilterCodec, testing::ValuesIn(filters()), [](const auto& each) { return each.param.name; });

TEST_P(FilterCodec, ComesBackThroughEveryReader) {
    test::Random random;
    SCOPED_TRACE(random.seed_text());
    for (const std::size_t size : {0U, 1U, 4096U, 300'000U}) {
        const Bytes content = test::joined(test::image_like(size), random.bytes(size));
        const Bytes stream = test::encode(content, choice());
        for (const unsigned threads : {1U, 2U}) {
            EXPECT_TRUE(test::decode_in_order(stream, codec(), threads) == content) << size;
            EXPECT_TRUE(test::decode_random(stream, codec(), threads) == content) << size;
        }
        EXPECT_TRUE(test::decode_in_order(stream, codec(), 1, 1) == content) << size << " byte by byte";
    }
}

TEST_P(FilterCodec, DoesNotCareHowInputAndOutputAreCut) {
    test::expect_the_same_however_cut(test::encode(test::image_like(300), choice()), codec());
}

TEST_P(FilterCodec, FindsTruncationsWhereTheFilterDoes) {
    const Bytes content = test::image_like(400);
    const Bytes stream = test::encode(content, choice());
    for (std::size_t size = 0; size < stream.size(); ++size) {
        const auto part = std::span(stream).first(size);
        try {
            const Bytes found = test::decode_in_order(part, codec(), 1 + size % 2);
            ASSERT_FALSE(GetParam().finds_truncation) << size << " of " << stream.size();
            ASSERT_TRUE(std::equal(found.begin(), found.end(), content.begin())) << size;
        } catch (const Error& error) {
            ASSERT_EQ(error.code(), ErrorCode::truncated) << size << " of " << stream.size() << error.what();
        }
    }
}

TEST_P(FilterCodec, SaysWhatTheFilterSaysOfDamage) {
    const Bytes stream = test::encode(test::image_like(2000), choice());
    for (std::size_t at = 0; at < stream.size(); at += 7) {
        Bytes damaged = stream;
        damaged[at] ^= std::byte{0x41};
        try {
            test::decode_in_order(damaged, codec());
        } catch (const Error& error) {
            ASSERT_THAT(error.code(), testing::AnyOf(ErrorCode::format, ErrorCode::truncated)) << at << error.what();
        }
    }
}

// What one writes the other reads.
TEST_P(FilterCodec, AgreesWithJlsCodecOfThatName) {
    if (GetParam().name == "scramble") return;
    if (!is_built_in(GetParam().name)) GTEST_SKIP() << GetParam().name << " is not built in";
    const std::string content = chars(test::image_like(2'500'000));
    const auto own = detail::codec_named(GetParam().name);
    const std::string by_jl = pushed(Compressor({GetParam().name, 1}), content);
    EXPECT_TRUE(test::decode_in_order(test::bytes_of(by_jl), codec()) == test::bytes_of(content));
    EXPECT_TRUE(pulled(Decompressor(own->name), chars(test::encode(test::bytes_of(content), choice()))) == content);
}

TEST(FilterCodecErrors, NameTheFiltersReason) {
    const auto codec = codec_of<Refusing, Refusing>("R", MagicFrom::adapter);
    const Error writing = error_of([&] { test::encode(test::bytes_of("a fox"), {codec, 3}); });
    EXPECT_EQ(writing.code(), ErrorCode::io);
    EXPECT_THAT(writing.detail(), testing::HasSubstr("no x, please"));
    const Error reading = error_of([&] { test::decode_in_order(test::bytes_of("Ra fox"), *codec); });
    EXPECT_EQ(reading.code(), ErrorCode::format);
    EXPECT_THAT(reading.detail(), testing::HasSubstr("no x, please"));
}

template <class Compressing, class Decompressing>
void expect_agreement(const std::string& name) {
    if (!is_built_in(name)) GTEST_SKIP() << name << " is not built in";
    for (const std::size_t size : {std::size_t{0}, std::size_t{100}, std::size_t{4'000'000}}) {
        const std::string content = chars(test::image_like(size));
        const std::string by_jl = pushed(Compressor({name, 1}, {.n_threads = 2}), content);
        EXPECT_TRUE(pulled(Decompressing(), by_jl) == content) << size;
        EXPECT_TRUE(pushed(Decompressing(), by_jl) == content) << size;
        const std::string by_boost = pulled(Compressing(), content);
        EXPECT_TRUE(pulled(Decompressor(name), by_boost) == content) << size;
        EXPECT_TRUE(pushed(Decompressor(), by_boost) == content) << size;
    }
}

TEST(BoostsOwnFilters, ReadWhatJlsWriteAndTheOtherWayRound) {
    expect_agreement<io::zlib_compressor, io::zlib_decompressor>("zlib");
    expect_agreement<io::gzip_compressor, io::gzip_decompressor>("gzip");
}
TEST(BoostsOwnFilters, AgreeOnBz2) { expect_agreement<io::bzip2_compressor, io::bzip2_decompressor>("bz2"); }
TEST(BoostsOwnFilters, AgreeOnXz) { expect_agreement<io::lzma_compressor, io::lzma_decompressor>("xz"); }
TEST(BoostsOwnFilters, AgreeOnZstd) { expect_agreement<io::zstd_compressor, io::zstd_decompressor>("zstd"); }

}  // namespace
}  // namespace jl
