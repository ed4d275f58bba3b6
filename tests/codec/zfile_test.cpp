#include "codec/zfile.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "codec/support/samples.hpp"
#include "support/error.hpp"

namespace jl {
namespace {

using test::Bytes;
using test::bytes_of;
using test::error_of;

// `claim` as joblib writes it, then the zlib stream.
Bytes zfile(const std::string& claim, std::span<const std::byte> content, std::size_t characters = 19) {
    std::string header = "ZF" + claim;
    header.resize(2 + characters, ' ');
    return test::joined(bytes_of(header), test::foreign_zlib(content));
}

Bytes decoded_text(const Bytes& file, std::size_t piece = 1 << 16) {
    const auto codec = detect(std::span(file).first(std::min<std::size_t>(file.size(), 6)));
    return test::decode_in_order(file, *codec, 1, piece);
}

TEST(ZFile, BothLengthsOfTheHeaderAreRead) {
    const Bytes content = bytes_of("a pickle, say");
    for (const std::size_t piece :
         {std::size_t{1}, std::size_t{20}, std::size_t{21}, std::size_t{22}, std::size_t{999}}) {
        EXPECT_EQ(decoded_text(zfile("0xd", content), piece), content);
        EXPECT_EQ(decoded_text(zfile("0xd", content, 20), piece), content);
        EXPECT_EQ(decoded_text(zfile("0xdL", content, 20), piece), content);
    }
    EXPECT_EQ(test::decode_random(zfile("0xd", content), *detail::zfile_codec(), 2), content);
}

TEST(ZFile, IsFoundByItsFirstBytesAndStaysOutOfTheTable) {
    EXPECT_EQ(detect(bytes_of("ZF0x1b"))->name, "zlib");
    EXPECT_EQ(detect(bytes_of("Z")), nullptr);
    for (const std::string& name : compressors()) EXPECT_NE(name, "ZF");
}

TEST(ZFile, TheClaimedLengthHasToBeTheTrueOne) {
    const Bytes content = bytes_of("a pickle, say");
    for (const char* claim : {"0xc", "0xe", "0x0", "0xffffffffffffffff"}) {
        const Error error = error_of([&] { decoded_text(zfile(claim, content)); });
        EXPECT_EQ(error.code(), ErrorCode::format) << claim;
        EXPECT_THAT(error.what(), testing::HasSubstr("ZF header claims")) << claim;
    }
}

TEST(ZFile, HeadersWithoutALengthAreRefused) {
    for (const char* claim : {"", "0x", "0xg", "0xd x", "0xdLL", "-0xd", "0x1ffffffffffffffff"})
        EXPECT_EQ(error_of([&] { decoded_text(zfile(claim, bytes_of("x"))); }).code(), ErrorCode::format) << claim;
}

TEST(ZFile, TruncationAndDamageAreTold) {
    const Bytes whole = zfile("0xd", bytes_of("a pickle, say"));
    for (std::size_t size = 2; size < whole.size(); ++size) {
        const Bytes part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        EXPECT_EQ(error_of([&] { decoded_text(part); }).code(), ErrorCode::truncated) << size;
    }
    Bytes damaged = whole;
    damaged.back() ^= std::byte{1};
    EXPECT_EQ(error_of([&] { decoded_text(damaged); }).code(), ErrorCode::checksum);
    EXPECT_EQ(error_of([&] { decoded_text(test::joined(whole, bytes_of("x"))); }).code(), ErrorCode::format);
}

}  // namespace
}  // namespace jl
