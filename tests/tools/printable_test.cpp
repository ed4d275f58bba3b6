#include "shell/printable.hpp"

#include <gtest/gtest.h>
#include <string>

namespace jl::shell {
namespace {

std::string json(std::string_view text) {
    std::string out;
    append_json(out, text);
    return out;
}

TEST(Printable, LeavesWhatCanBeSeen) { EXPECT_EQ(printable("a ä☃😀 ~"), "a ä☃😀 ~"); }

TEST(Printable, EscapesWhatATerminalWouldObey) {
    EXPECT_EQ(printable("\x1b[2J\n\t\r\x7f"), "\\x1b[2J\\n\\t\\r\\x7f");
    EXPECT_EQ(printable("\xc2\x9b|\xe2\x80\xae|\xef\xbb\xbf"), "\\x9b|\\u202e|\\ufeff");
    EXPECT_EQ(printable(std::string_view("\0", 1)), "\\x00");
}

TEST(Printable, EscapesBytesThatAreNoUtf8) {
    EXPECT_EQ(printable("\xff|\xc3|\xe2\x82|\xf0\x9f\x98|\xc0\x80|\xf5\x80\x80\x80|\x80"),
              "\\xff|\\xc3|\\xe2\\x82|\\xf0\\x9f\\x98|\\xc0\\x80|\\xf5\\x80\\x80\\x80|\\x80");
    EXPECT_EQ(printable("\xed\xa0\x80"), "\\ud800");
}

TEST(Quoted, TakesPythonsQuotes) {
    EXPECT_EQ(quoted("plain", 60), "'plain'");
    EXPECT_EQ(quoted("it's", 60), "\"it's\"");
    EXPECT_EQ(quoted("it's \"it\"", 60), "'it\\'s \"it\"'");
    EXPECT_EQ(quoted("a\\b\n", 60), "'a\\\\b\\n'");
}

TEST(Quoted, CutsLongTexts) {
    EXPECT_EQ(quoted("abcdef", 3), "'abc…");
    EXPECT_EQ(quoted("äöü", 2), "'äö…");
    EXPECT_EQ(quoted_bytes("ab\xff\\'", 60), "b'ab\\xff\\\\\\''");
    EXPECT_EQ(quoted_bytes("abcd", 2), "b'ab…");
}

TEST(Json, IsValidWhateverTheBytes) {
    EXPECT_EQ(json("a\"\\\n\t\x01\x7f/ä😀"), "\"a\\\"\\\\\\n\\t\\u0001\\u007f/ä😀\"");
    EXPECT_EQ(json("\xed\xa0\x80\xed\xbf\xbf"), "\"\\ud800\\udfff\"");
    EXPECT_EQ(json("\xff\xc3"), "\"\\udcff\\udcc3\"");
    EXPECT_EQ(valid_json("[\"\xff\xed\xa0\x80ä\\\"\"]"), "[\"\\udcff\\ud800ä\\\"\"]");
}

TEST(SizeText, HasThreeDigitsOrFour) {
    EXPECT_EQ(size_text(0), "0 B");
    EXPECT_EQ(size_text(999), "999 B");
    EXPECT_EQ(size_text(1000), "1.0 kB");
    EXPECT_EQ(size_text(999'949), "999.9 kB");
    EXPECT_EQ(size_text(999'999), "1.0 MB");
    EXPECT_EQ(size_text(~std::uint64_t{0}), "18.4 EB");
}

TEST(Hex, IsLowerCase) { EXPECT_EQ(hex("\x01\xab"), "01ab"); }

}  // namespace
}  // namespace jl::shell
