#include "codec/registry.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "codec/built_in_codecs.hpp"
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

// In this build none of these may be left; builds without the optional libraries leave some.
struct Known {
    std::string name, extension;
    test::Bytes magic;
};
std::vector<Known> absent_codecs() {
    using namespace std::string_literals;
    std::vector<Known> all{{"bz2", ".bz2", bytes_of("BZh9")},
                           {"lzma", ".lzma", bytes_of("\x5D\x00\x00"s)},
                           {"xz", ".xz", bytes_of("\xFD\x37zXZ\x00"s)},
                           {"lz4", ".lz4", bytes_of("\x04\x22\x4D\x18"s)},
                           {"zstd", ".zst", bytes_of("\x28\xB5\x2F\xFD"s)}};
    std::erase_if(all, [](const Known& known) {
        return std::ranges::any_of(detail::built_in_codecs(),
                                   [&](const auto& each) { return each.codec->name == known.name; });
    });
    return all;
}

TEST(Registry, KnowsEachBuiltInCodecByNameExtensionAndMagic) {
    for (const auto& each : detail::built_in_codecs()) {
        EXPECT_EQ(detail::codec_named(each.codec->name), each.codec);
        EXPECT_EQ(detail::codec_for_file("x.pkl" + each.codec->extension), each.codec);
        EXPECT_EQ(detect(test::encode({}, {each.codec, each.codec->default_level})), each.codec);
        EXPECT_LE(each.codec->magic.size(), magic_bytes());
    }
}

TEST(Registry, NamesACodecThatIsNotBuiltIn) {
    for (const Known& known : absent_codecs()) {
        EXPECT_LE(known.magic.size(), magic_bytes());
        const Error found = error_of([&] { detect(known.magic); });
        EXPECT_EQ(found.code(), ErrorCode::unsupported);
        EXPECT_EQ(found.detail(), "compressed with the codec " + known.name + ", which is not built into this jl");
        const Error asked = error_of([&] { choose({known.name.c_str(), 0}, "x"); });
        EXPECT_EQ(asked.code(), ErrorCode::unsupported);
        EXPECT_EQ(asked.detail(), "asked for the codec " + known.name + ", which is not built into this jl");
        EXPECT_EQ(error_of([&] { choose(3, "x" + known.extension); }).detail(),
                  "the file's extension stands for the codec " + known.name + ", which is not built into this jl");
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
    for (const Known& known : absent_codecs()) {
        Codec codec = test::xor_codec(known.extension, "x");
        codec.magic = test::joined(known.magic, bytes_of("x"));
        register_compressor(known.name, codec);
        EXPECT_EQ(detect(codec.magic)->name, known.name);
        EXPECT_EQ(detail::codec_for_file("x.pkl" + known.extension)->name, known.name);
        EXPECT_EQ(error_of([&] { detect(known.magic); }).code(), ErrorCode::unsupported);
    }
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
