#include "codec/registry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "codec/support/samples.hpp"
#include "codec/support/xor_codec.hpp"
#include "support/error.hpp"

namespace jl {
namespace {

using test::bytes_of;
using test::error_of;
using testing::HasSubstr;

Error refusal(Codec codec, const std::string& name) {
    return error_of([&] { register_compressor(name, std::move(codec)); });
}

TEST(Registry, HoldsTheBuiltInCodecsInJoblibsOrder) {
    const std::vector<std::string> names = compressors();
    ASSERT_GE(names.size(), 2U);
    EXPECT_EQ(names[0], "zlib");
    EXPECT_EQ(names[1], "gzip");
}

TEST(Registry, DetectsACodecByTheFirstBytes) {
    EXPECT_EQ(detect(test::foreign_gzip({}))->name, "gzip");
    EXPECT_EQ(detect(test::foreign_zlib({}))->name, "zlib");
    EXPECT_EQ(detect(bytes_of("\x80\x04")), nullptr);
    EXPECT_EQ(detect(bytes_of("\x1f")), nullptr);
    EXPECT_EQ(detect({}), nullptr);
}

TEST(Registry, NamesACodecThatIsNotBuiltIn) {
    using namespace std::string_literals;
    const std::vector<std::pair<std::string, std::string>> magics{{"BZh9", "bz2"},
                                                                  {"\x5D\x00\x00"s, "lzma"},
                                                                  {"\xFD\x37zXZ\x00"s, "xz"},
                                                                  {"\x04\x22\x4D\x18"s, "lz4"},
                                                                  {"\x28\xB5\x2F\xFD"s, "zstd"}};
    for (const auto& [magic, name] : magics) {
        EXPECT_LE(magic.size(), magic_bytes());
        const Error error = error_of([&] { detect(bytes_of(magic)); });
        EXPECT_EQ(error.code(), ErrorCode::unsupported);
        EXPECT_EQ(error.detail(), "compressed with the codec " + name + ", which is not built into this jl");
    }
}

TEST(Registry, RefusesANameThatIsTaken) {
    const Error error = refusal(test::xor_codec(".x1",
                                                "\x01"
                                                "x1"),
                                "gzip");
    EXPECT_EQ(error.code(), ErrorCode::usage);
    EXPECT_EQ(error.detail(), "Compressor 'gzip' already registered.");
}

TEST(Registry, RefusesWhatWouldMatchOtherFiles) {
    EXPECT_THAT(refusal(test::xor_codec("",
                                        "\x01"
                                        "x2"),
                        "x2")
                    .detail(),
                HasSubstr("needs a file extension"));
    EXPECT_THAT(refusal(test::xor_codec(".x2", ""), "x2").detail(), HasSubstr("needs a magic"));
    EXPECT_THAT(refusal(test::xor_codec(".x2",
                                        "\x01"
                                        "x2"),
                        "")
                    .detail(),
                HasSubstr("needs a name"));
    EXPECT_THAT(refusal(test::xor_codec(".gz",
                                        "\x01"
                                        "x2"),
                        "x2")
                    .detail(),
                HasSubstr("extension of compressor 'gzip'"));
    EXPECT_THAT(refusal(test::xor_codec(".x2", "\x1f"), "x2").detail(), HasSubstr("magic that cannot be told"));
    EXPECT_THAT(refusal(test::xor_codec(".x2", "x\x9c"), "x2").detail(), HasSubstr("from that of compressor 'zlib'"));
    EXPECT_THAT(refusal(test::xor_codec(".x2", "\x80"), "x2").detail(), HasSubstr("as uncompressed files do"));
}

TEST(Registry, RefusesACodecWithoutCoders) {
    Codec codec = test::xor_codec(".x3",
                                  "\x01"
                                  "x3");
    codec.decoder = nullptr;
    EXPECT_THAT(refusal(codec, "x3").detail(), HasSubstr("needs an encoder and a decoder"));
    codec = test::xor_codec(".x3",
                            "\x01"
                            "x3");
    codec.default_level = 10;
    EXPECT_THAT(refusal(codec, "x3").detail(), HasSubstr("default level"));
}

TEST(Registry, TakesANameThatIsKnownButNotBuiltIn) {
    register_compressor("bz2", test::xor_codec(".bz2", "BZx"));
    EXPECT_EQ(detect(bytes_of("BZx"))->name, "bz2");
    EXPECT_EQ(detail::codec_for_file("x.pkl.bz2")->name, "bz2");
    EXPECT_EQ(error_of([] { detect(bytes_of("BZh")); }).code(), ErrorCode::unsupported);
}

TEST(Registry, ReplacesOnRequestAndThenTheNewestWins) {
    register_compressor("x4", test::xor_codec(".x4",
                                              "\x01"
                                              "x4"));
    const auto first = detail::codec_named("x4");
    const auto count = compressors().size();
    register_compressor("x4",
                        test::xor_codec(".x4",
                                        "\x01"
                                        "x4"),
                        Replace::yes);
    EXPECT_EQ(compressors().size(), count);
    EXPECT_NE(detail::codec_named("x4"), first);
    register_compressor("x5",
                        test::xor_codec(".x4",
                                        "\x01"
                                        "x4"),
                        Replace::yes);
    EXPECT_EQ(detail::codec_for_file("y.x4")->name, "x5");
    EXPECT_EQ(detect(bytes_of("\x01"
                              "x4"))
                  ->name,
              "x5");
}

}  // namespace
}  // namespace jl
