#include "shell/number.hpp"

#include <cmath>
#include <gtest/gtest.h>

#include "support/error.hpp"

namespace jl::shell {
namespace {

using test::error_of;

TEST(ParseCodec, KnowsNamesLevelsAndBoth) {
    EXPECT_EQ(parse_codec("").kind(), Compress::Kind::unset);
    EXPECT_EQ(parse_codec("gzip").method(), "gzip");
    EXPECT_EQ(parse_codec("gzip:9").level(), 9);
    EXPECT_EQ(parse_codec("7").kind(), Compress::Kind::level);
    EXPECT_EQ(parse_codec("none").level(), 0);
    for (const char* text : {"gzip:", "gzip:x", "gzip:-1", "gzip:100", "gzip:1.5"})
        EXPECT_EQ(error_of([&] { parse_codec(text); }).code(), ErrorCode::usage) << text;
}

TEST(ParseShape, KnowsSizesAndOneOpenOne) {
    EXPECT_TRUE(parse_shape("").extents.empty());
    EXPECT_EQ(parse_shape("3,4").extents, (std::vector<std::uint64_t>{3, 4}));
    EXPECT_EQ(parse_shape("3x4").extents, (std::vector<std::uint64_t>{3, 4}));
    EXPECT_EQ(parse_shape("3,-1").open, 1U);
    EXPECT_EQ(parse_shape("0").extents, (std::vector<std::uint64_t>{0}));
    for (const char* text : {"a", "3,", ",3", "-2", "-1,-1", "3.5", "99999999999999999999"})
        EXPECT_EQ(error_of([&] { parse_shape(text); }).code(), ErrorCode::usage) << text;
}

TEST(ParseNumber, TakesTheWholeText) {
    EXPECT_EQ(parse_integer("-12"), -12);
    EXPECT_EQ(parse_integer("+12"), 12);
    EXPECT_EQ(parse_real("1e3"), 1000.0);
    EXPECT_TRUE(std::isnan(*parse_real("nan")));
    EXPECT_EQ(parse_real("-inf"), -HUGE_VAL);
    for (const char* text : {"", "1 ", " 1", "1x", "+-1", "--1", "+"}) {
        EXPECT_FALSE(parse_integer(text)) << text;
        EXPECT_FALSE(parse_real(text)) << text;
    }
    EXPECT_FALSE(parse_integer("9223372036854775808"));
}

}  // namespace
}  // namespace jl::shell
