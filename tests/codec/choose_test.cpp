#include <algorithm>
#include <gtest/gtest.h>

#include "codec/registry.hpp"
#include "codec/support/samples.hpp"
#include "codec/support/xor_codec.hpp"
#include "support/error.hpp"

namespace jl {
namespace {

using test::error_of;

// "gzip 3", or "none".
std::string chosen(const Compress& compress, std::string_view file_name) {
    const std::optional<CodecChoice> choice = choose(compress, file_name);
    return choice ? choice->codec->name + " " + std::to_string(choice->level) : "none";
}

std::string refused(const Compress& compress, std::string_view file_name) {
    const Error error = error_of([&] { choose(compress, file_name); });
    return std::string(name_of(error.code())) + ": " + error.detail();
}

TEST(Choose, TakesTheExtensionWhenNothingIsSaid) {
    EXPECT_EQ(chosen({}, "x.pkl"), "none");
    EXPECT_EQ(chosen({}, ""), "none");
    EXPECT_EQ(chosen({}, "x.pkl.gz"), "gzip 3");
    EXPECT_EQ(chosen({}, "x.pkl.z"), "zlib 3");
    EXPECT_EQ(chosen(false, "x.z"), "zlib 3");
    EXPECT_EQ(chosen(0, "x.gz"), "gzip 3");
    EXPECT_EQ(chosen(0, "x.pkl"), "none");
}

TEST(Choose, MatchesExtensionsAsTheyAreWritten) {
    EXPECT_EQ(chosen({}, "x.GZ"), "none");
    EXPECT_EQ(chosen({}, "x.gzip"), "none");
    EXPECT_EQ(chosen({}, "x.gz.pkl"), "none");
}

TEST(Choose, GivesALevelToTheExtensionsCodecOrToZlib) {
    EXPECT_EQ(chosen(7, "x.gz"), "gzip 7");
    EXPECT_EQ(chosen(7, "x.pkl"), "zlib 7");
    EXPECT_EQ(chosen(true, "x.gz"), "gzip 3");
    EXPECT_EQ(chosen(true, "x.pkl"), "zlib 3");
    EXPECT_EQ(chosen(true, ""), "zlib 3");
}

TEST(Choose, LetsANamedMethodWinOverTheExtension) {
    EXPECT_EQ(chosen("gzip", "x.z"), "gzip 3");
    EXPECT_EQ(chosen("gzip", "x.bz2"), "gzip 3");
    EXPECT_EQ(chosen({"zlib", 9}, "x.gz"), "zlib 9");
    EXPECT_EQ(chosen({"gzip", 0}, "x.gz"), "none");
    EXPECT_EQ(chosen({"gzip", false}, "x.gz"), "none");
    EXPECT_EQ(chosen({"gzip", true}, "x.gz"), "gzip 1");
}

TEST(Choose, RefusesALevelInJoblibsWords) {
    const std::string possible = "Possible values are [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].";
    EXPECT_EQ(refused(10, "x.pkl"), "usage: Non valid compress level given: \"10\". " + possible);
    EXPECT_EQ(refused(-1, "x.gz"), "usage: Non valid compress level given: \"-1\". " + possible);
    EXPECT_EQ(refused({"gzip", 11}, "x"), "usage: Non valid compress level given: \"11\". " + possible);
}

TEST(Choose, RefusesAMethodInJoblibsWords) {
    const std::string text = refused("secret", "x.gz");
    EXPECT_EQ(text.find("usage: Non valid compression method given: \"secret\". Possible values are ['zlib', 'gzip'"),
              0U)
        << text;
}

// Defaults and levels of the built-in codecs are joblib's.
TEST(Choose, KnowsEachCodecsLevels) {
    const std::vector<std::pair<std::string, int>> defaults{{"zlib", 3}, {"gzip", 3}, {"bz2", 9}, {"lzma", 6},
                                                            {"xz", 6},   {"lz4", 0},  {"zstd", 3}};
    for (const auto& [name, level] : defaults) {
        const auto codecs = compressors();
        if (std::ranges::find(codecs, name) == codecs.end()) continue;
        const auto codec = detail::codec_named(name);
        EXPECT_EQ(chosen(name, "x"), name + " " + std::to_string(level));
        EXPECT_EQ(chosen({}, "x" + codec->extension), name + " " + std::to_string(level));
        EXPECT_EQ(chosen(5, "x" + codec->extension), name + " 5");
        EXPECT_EQ(chosen({name, 0}, "x"), "none");
        const int most = name == "lz4" ? 12 : name == "zstd" ? 19 : 9;
        EXPECT_EQ(chosen({name, most}, "x"), name + " " + std::to_string(most));
        EXPECT_EQ(refused({name, most + 1}, "x").find("usage: Non valid compress level given:"), 0U);
    }
}

TEST(Choose, KnowsARegisteredCodecAndItsLevels) {
    Codec codec = test::xor_codec(".c1",
                                  "\x01"
                                  "c1");
    codec.min_level = -2;
    codec.max_level = 2;
    codec.default_level = 1;
    register_compressor("c1", codec);
    EXPECT_EQ(chosen({}, "x.c1"), "c1 1");
    EXPECT_EQ(chosen({"c1", -2}, "x"), "c1 -2");
    EXPECT_EQ(refused({"c1", 3}, "x"),
              "usage: Non valid compress level given: \"3\". Possible values are [-2, -1, 0, 1, 2].");
}

}  // namespace
}  // namespace jl
