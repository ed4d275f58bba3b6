// Files of other programs whose parts can be found are decoded in parallel and at random; of the others none is taken
// for one.
#include "codec/find_units.hpp"

#include <gtest/gtest.h>

#include "codec/support/every_codec.hpp"
#include "io/file.hpp"
#include "support/error.hpp"
#include "support/temp_dir.hpp"
#include "support/tool.hpp"

namespace jl::detail {
namespace {

using test::Bytes;
using test::unit;

const Codec* codec_called(std::string_view name) {
    for (const BuiltInCodec& each : built_in_codecs()) {
        if (each.codec->name == name) return each.codec.get();
    }
    return nullptr;
}

// The number of units; 0 where they are not known.
std::size_t units_in(const Bytes& stream, const Codec& codec) {
    const FoundUnits found = find_units(MemorySource(stream), codec, 0);
    return found.units ? found.units->table().unit_count() : 0;
}

void expect_parts(const Bytes& stream, const Codec& codec, const Bytes& content, std::size_t units) {
    EXPECT_EQ(units_in(stream, codec), units) << codec.name;
    for (const unsigned threads : {1U, 3U}) {
        EXPECT_TRUE(test::decode_random(stream, codec, threads) == content) << codec.name;
        EXPECT_TRUE(test::decode_in_order(stream, codec, threads) == content) << codec.name;
    }
    const auto blocks = block_source(std::make_shared<MemorySource>(stream), codec, {.n_threads = 2});
    ASSERT_EQ(blocks != nullptr, units > 0);
    if (!blocks) return;
    Bytes part(content.size() / 2);
    blocks->read_at(content.size() / 3, part);
    EXPECT_TRUE(
        std::equal(part.begin(), part.end(), content.begin() + static_cast<std::ptrdiff_t>(content.size() / 3)));
}

class FindUnits : public testing::Test {
  protected:
    // What a shell command makes of the content, in which % stands for its file.
    Bytes made(const std::string& command, const Bytes& content) {
        test::write_file(dir_ / "x", {reinterpret_cast<const char*>(content.data()), content.size()});
        std::string whole = command;
        for (std::size_t at = 0; (at = whole.find('%', at)) != std::string::npos;) {
            whole.replace(at, 1, test::quoted(dir_ / "x"));
        }
        const auto result = test::run_tool("(" + whole + ") > " + test::quoted(dir_ / "made"));
        EXPECT_EQ(result.status, 0) << whole << result.output;
        return test::bytes_of(test::read_file(dir_ / "made"));
    }

    test::TempDir dir_;
};

TEST_F(FindUnits, TakesTheBlocksOfXzFromItsIndexes) {
    const Codec* const xz = codec_called("xz");
    if (xz == nullptr) return;
    const Bytes content = test::repeating(3 * unit + 100);
    expect_parts(made("xz -c -1 -T2 --block-size=1MiB %", content), *xz, content, 4);
    expect_parts(made("xz -c -1 --check=sha256 --block-size=1MiB %", content), *xz, content, 4);
    expect_parts(made("xz -c -1 --block-size=1MiB %; xz -c -1 %", content), *xz, test::joined(content, content), 5);
    expect_parts(made("xz -c -1 --check=crc32 %; xz -c -1 %", content), *xz, test::joined(content, content), 0);
}

TEST_F(FindUnits, WalksThroughFramesThatTellTheirSize) {
    const Bytes content = test::repeating(unit + 100);
    const Bytes twice = test::joined(content, content);
    if (const Codec* const zstd = codec_called("zstd")) {
        expect_parts(made("zstd -q -c %; zstd -q -c %", content), *zstd, twice, 2);
        expect_parts(made("zstd -q -c < %; zstd -q -c %", content), *zstd, twice, 0);
        expect_parts(made("zstd -q -c --no-check --ultra -20 %; zstd -q -c < /dev/null", content), *zstd, content, 2);
        const Bytes own = test::encode(content, {choose("zstd", "")->codec, 3});
        expect_parts(test::joined(own, own), *zstd, twice, 4);
    }
    if (const Codec* const lz4 = codec_called("lz4")) {
        expect_parts(made("lz4 -q -c --content-size %; lz4 -q -BX -c --content-size %", content), *lz4, twice, 2);
        expect_parts(made("lz4 -q -c %; lz4 -q -c %", content), *lz4, twice, 0);
        const Bytes own = test::encode(content, {choose("lz4", "")->codec, 3});
        expect_parts(test::joined(own, own), *lz4, twice, 4);
    }
}

// As bgzip writes them.
Bytes bgzip_member(std::span<const std::byte> content) {
    const Bytes plain = test::foreign_gzip(content);
    Bytes member = test::bytes_of(std::string_view("\x1f\x8b\x08\x04\0\0\0\0\0\xff\x06\0BC\x02\0", 16));
    const std::size_t size = plain.size() + 8;
    member.push_back(static_cast<std::byte>((size - 1) & 255));
    member.push_back(static_cast<std::byte>((size - 1) >> 8));
    return test::joined(member, std::span(plain).subspan(10));
}

TEST_F(FindUnits, WalksThroughMembersOfBgzip) {
    const Bytes content = test::image_like(200'000);
    Bytes stream;
    for (std::size_t at = 0; at < content.size(); at += 50'000) {
        stream = test::joined(stream, bgzip_member(std::span(content).subspan(at, 50'000)));
    }
    stream = test::joined(stream, bgzip_member({}));
    const Codec& gzip = *codec_called("gzip");
    expect_parts(stream, gzip, content, 5);
    expect_parts(test::joined(stream, test::foreign_gzip(content)), gzip, test::joined(content, content), 0);
    stream[stream.size() / 2] ^= std::byte{1};
    EXPECT_THROW(test::decode_random(stream, gzip, 2), Error);
}

TEST_F(FindUnits, DoesNotTakeDamageForATable) {
    for (const BuiltInCodec& each : built_in_codecs()) {
        if (each.framing == nullptr) continue;
        const Bytes stream = test::encode(test::image_like(1000), {each.codec, std::max(1, each.codec->min_level)});
        for (std::size_t i = 0; i < stream.size(); ++i) {
            Bytes damaged = stream;
            damaged[i] ^= std::byte{0x55};
            const FoundUnits found = find_units(MemorySource(damaged), *each.codec, 0);
            if (!found.units) continue;
            const BlockTable& table = found.units->table();
            for (std::size_t k = 0; k < table.unit_count(); ++k) {
                EXPECT_LE(table.compressed(k).offset + table.compressed(k).size, damaged.size());
            }
        }
    }
}

}  // namespace
}  // namespace jl::detail
