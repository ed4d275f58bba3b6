#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "pickle/machine.hpp"
#include "pickle/support/machine.hpp"

namespace jl::test {
namespace {

using testing::HasSubstr;

TEST(TextOpcodes, ReadNumbers) {
    EXPECT_EQ(ran("I0\n."), "0");
    EXPECT_EQ(ran("I-12\n."), "-12");
    EXPECT_EQ(ran("I9223372036854775807\n."), "9223372036854775807");
    EXPECT_EQ(ran("I01\n."), "True");
    EXPECT_EQ(ran("I00\n."), "False");
    EXPECT_EQ(ran("L12L\n."), "12");
    EXPECT_EQ(ran("L-12\n."), "-12");
    EXPECT_EQ(ran("L18446744073709551616L\n."), "0x000000000000000001");
    EXPECT_EQ(ran("L-18446744073709551616L\n."), "0x0000000000000000ff");
    EXPECT_EQ(ran("F1.5\n."), "1.500000");
    EXPECT_EQ(ran("F-inf\n."), "-inf");
    EXPECT_EQ(ran("Fnan\n."), "nan");
}

TEST(TextOpcodes, RefuseWhatIsNoNumber) {
    for (const char* pickle :
         {"I\n.", "Ix\n.", "I1.5\n.", "I1 \n.", "L\n.", "LL\n.", "L1x\n.", "L--1\n.", "F\n.", "Fx\n.", "F1.5x\n."})
        EXPECT_EQ(refused(pickle).code(), ErrorCode::format) << pickle;
}

TEST(TextOpcodes, RefuseIntegersWithMoreDigitsThanPythonReads) {
    EXPECT_THAT(ran("L" + std::string(4300, '9') + "L\n."), HasSubstr("0x"));
    EXPECT_EQ(refused("L" + std::string(4301, '9') + "L\n.").code(), ErrorCode::format);
}

TEST(TextOpcodes, ReadStringsOfPython2) {
    EXPECT_EQ(ran("S'hi'\n."), "'hi'");
    EXPECT_EQ(ran("S\"it's\"\n."), "'it's'");
    EXPECT_EQ(ran("S'a\\x41\\n\\\\\\''\n."), "'aA\n\\''");
    EXPECT_EQ(ran("S'\\xff'\n."), "b:ff");
}

TEST(TextOpcodes, RefuseStringsWithoutQuotesOrWithDamagedEscapes) {
    for (const char* pickle : {"Shi\n.", "S'hi\n.", "S'\n.", "S\n.", "S'hi\"\n.", "S'\\xg0'\n.", "S'\\x4'\n."})
        EXPECT_EQ(refused(pickle).code(), ErrorCode::format) << pickle;
}

TEST(TextOpcodes, ReadUnicodeWithItsEscapes) {
    EXPECT_EQ(ran("Vhi\n."), "'hi'");
    EXPECT_EQ(ran("V\\u20ac\n."), "'\xe2\x82\xac'");
    EXPECT_EQ(ran("V\\U0001f600\n."), "'\xf0\x9f\x98\x80'");
    EXPECT_EQ(ran("V\xe9\n."), "'\xc3\xa9'");  // Latin-1
    EXPECT_EQ(ran("Va\\b\n."), "'a\\b'");
}

TEST(TextOpcodes, RefuseDamagedEscapes) {
    for (const char* pickle : {"V\\u20a\n.", "V\\uzzzz\n.", "V\\U00110000\n.", "V\\U0001\n."})
        EXPECT_EQ(refused(pickle).code(), ErrorCode::format) << pickle;
}

TEST(TextOpcodes, RefuseMemoIndexesThatAreNoNumbers) {
    for (const char* pickle : {"Np\n.", "Np-1\n.", "Npx\n.", "Np99999999999999999999999\n.", "Np1000000\n.", "g0\n."})
        EXPECT_EQ(refused(pickle).code(), ErrorCode::format) << pickle;
}

TEST(TextOpcodes, RefuseLinesWithoutAnEnd) {
    for (const char* pickle : {"I1", "Vabc", "cmodule\nname", "S'x'"})
        EXPECT_EQ(refused(pickle).code(), ErrorCode::truncated) << pickle;
}

TEST(TextOpcodes, RefuseClassNamesThatAreNoUtf8) {
    EXPECT_EQ(refused("cmodule\nn\xff\n.").code(), ErrorCode::format);
    EXPECT_EQ(refused("(im\xff\nname\n.").code(), ErrorCode::format);
}

TEST(TextOpcodes, TakeLinesLongerThanTheWindow) {
    const std::string text(1'000'000, 'a');
    EXPECT_EQ(ran("V" + text + "\n."), "'" + text + "'");
}

// Python 2: pickle.dumps({'a': [1, 2.5, u'x', None, True]}, 0)
TEST(TextOpcodes, ReadAWholePickleOfProtocol0) {
    EXPECT_EQ(ran("(dp0\nS'a'\np1\n(lp2\nI1\naF2.5\naVx\np3\naNaI01\nas."), "d{'a'=[1 2.500000 'x' None True]}");
}

}  // namespace
}  // namespace jl::test
