#include "array/python_literal.hpp"

#include <gtest/gtest.h>
#include <string>

#include "support/error.hpp"

namespace jl::detail {
namespace {

using jl::test::error_of;
using Kind = Literal::Kind;

TEST(PythonLiteral, EveryKindIsRead) {
    const Literal all = parse_literal(" { 'a' : [1, -2L, True ], \"b\":(None,False,), 'c': (), } ");
    ASSERT_TRUE(all.is(Kind::dict));
    const Literal& a = *all.find("a");
    EXPECT_EQ(a.items.at(0).integer, 1);
    EXPECT_EQ(a.items.at(1).integer, -2);
    EXPECT_TRUE(a.items.at(2).boolean);
    EXPECT_TRUE(all.find("b")->items.at(0).is(Kind::none));
    EXPECT_TRUE(all.find("c")->items.empty());
    EXPECT_EQ(all.find("d"), nullptr);
}

TEST(PythonLiteral, BracketsAloneMakeNoTuple) {
    EXPECT_TRUE(parse_literal("(1)").is(Kind::integer));
    EXPECT_TRUE(parse_literal("(1,)").is(Kind::tuple));
}

TEST(PythonLiteral, TheLastOfEqualKeysCounts) { EXPECT_EQ(parse_literal("{'a': 1, 'a': 2}").find("a")->integer, 2); }

TEST(PythonLiteral, EscapesAreUndone) {
    EXPECT_EQ(parse_literal(R"('a\n\t\\\'\x41\u2603\U0001f600')").text, "a\n\t\\'A☃😀");
    EXPECT_EQ(parse_literal(R"(u"it's")").text, "it's");
    EXPECT_EQ(parse_literal("b'raw'").text, "raw");
    for (const char* text : {"plain", "it's", "\"it's\"", "new\nline", "\x1b\\", "ä☃"})
        EXPECT_EQ(parse_literal(python_text(text)).text, text);
}

TEST(PythonLiteral, AnythingElseIsRefusedAtItsPlace) {
    for (const char* text : {"", "{", "{'a'}", "{'a' 1}", "{'a': 1 'b': 2}", "[1 2]", "(1", "'a", "'\\q'", "'\\x4'",
                             "1 2", "eval('1')", "True1", "99999999999999999999", "-", "b", "[,]"})
        EXPECT_EQ(error_of([&] { parse_literal(text); }).code(), ErrorCode::format) << text;
    EXPECT_NE(std::string(error_of([] { parse_literal("[1 2]"); }).what()).find("character 3"), std::string::npos);
}

TEST(PythonLiteral, NestingIsBounded) {
    EXPECT_EQ(error_of([] { parse_literal(std::string(100'000, '[')); }).code(), ErrorCode::format);
    EXPECT_TRUE(parse_literal(std::string(30, '[') + std::string(30, ']')).is(Kind::list));
}

}  // namespace
}  // namespace jl::detail
