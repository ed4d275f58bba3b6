#include "pickle/machine.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "pickle/support/machine.hpp"
#include "support/faulty_io.hpp"

namespace jl::test {
namespace {

using testing::HasSubstr;

struct Case {
    const char* name;
    std::string pickle;
    std::string expected;
};

const std::vector<Case> accepted = {
    {"PROTO", "\x80\x05N."s, "None"},
    {"NONE", "N.", "None"},
    {"NEWTRUE", "\x88.", "True"},
    {"NEWFALSE", "\x89.", "False"},
    {"BININT1", "K\xff.", "255"},
    {"BININT2", "M\xff\xff.", "65535"},
    {"BININT", "J\xff\xff\xff\xff.", "-1"},
    {"LONG1 empty", "\x8a\0."s, "0"},
    {"LONG1 small", "\x8a\x02\x00\xff."s, "-256"},
    {"LONG1 of 9 bytes", "\x8a\x09\xff\xff\xff\xff\xff\xff\xff\xff\x00."s, "0xffffffffffffffff00"},
    {"LONG4", "\x8b\x01\0\0\0\x80."s, "-128"},
    {"BINFLOAT", "G\x3f\xf8\0\0\0\0\0\0."s, "1.500000"},
    {"SHORT_BINUNICODE", "\x8c\x03\xe2\x82\xac."s, "'\xe2\x82\xac'"},
    {"BINUNICODE", "X\x02\0\0\0hi."s, "'hi'"},
    {"BINUNICODE8", "\x8d\x02\0\0\0\0\0\0\0hi."s, "'hi'"},
    {"BINUNICODE with a lone surrogate", "X\x03\0\0\0\xed\xa0\x80."s, "'\xed\xa0\x80'"},
    {"SHORT_BINBYTES", "C\x02\xff\x01."s, "b:ff01"},
    {"BINBYTES", "B\x01\0\0\0\x07."s, "b:07"},
    {"BINBYTES8", "\x8e\x01\0\0\0\0\0\0\0\x07."s, "b:07"},
    {"BYTEARRAY8", "\x96\x01\0\0\0\0\0\0\0\x07."s, "ba:07"},
    {"SHORT_BINSTRING of ASCII", "U\x02hi.", "'hi'"},
    {"BINSTRING of other bytes", "T\x01\0\0\0\xff."s, "b:ff"},
    {"EMPTY_LIST", "].", "[]"},
    {"APPEND", "]K\x01\x61.", "[1]"},
    {"APPENDS", "](K\x01K\x02\x65.", "[1 2]"},
    {"LIST", "(K\x01l.", "[1]"},
    {"EMPTY_TUPLE", ").", "()"},
    {"TUPLE1", "N\x85.", "(None)"},
    {"TUPLE2", "NN\x86.", "(None None)"},
    {"TUPLE3", "NNN\x87.", "(None None None)"},
    {"TUPLE", "(NNNNt.", "(None None None None)"},
    {"EMPTY_DICT", "}.", "d{}"},
    {"SETITEM", "}K\x01Ns.", "d{1=None}"},
    {"SETITEMS", "}(K\x01NK\x02Nu.", "d{1=None 2=None}"},
    {"DICT", "(K\x01Nd.", "d{1=None}"},
    {"EMPTY_SET and ADDITEMS", "\x8f(K\x01K\x02\x90.", "{1 2}"},
    {"FROZENSET", "(K\x01\x91.", "f{1}"},
    {"POP", "K\x01N0.", "1"},
    {"POP of a mark", "K\x01(0.", "1"},
    {"POP_MARK", "K\x01(NN1.", "1"},
    {"DUP", "K\x01\x32\x86.", "(1 1)"},
    {"PUT and GET", "]p0\ng0\n\x86.", "([] [])"},
    {"BINPUT and BINGET", "]q\0h\0\x86."s, "([] [])"},
    {"LONG_BINPUT and LONG_BINGET", "]r\0\0\0\0j\0\0\0\0\x86."s, "([] [])"},
    {"MEMOIZE", "K\x07\x94K\x08\x94h\0h\x01\x86\x87."s, "(7 8 (7 8))"},
    {"GLOBAL", "cos\nsystem\n.", "os.system"},
    {"STACK_GLOBAL", "\x8c\x02os\x8c\x06system\x93.", "os.system"},
    {"REDUCE", "cos\nsystem\n\x8c\x01x\x85R.", "<reduce os.system('x')>"},
    {"NEWOBJ", "ca\nB\n)\x81.", "<newobj a.B()>"},
    {"NEWOBJ_EX", "ca\nB\n)}\x92.", "<newobj_ex a.B()d{}>"},
    {"INST", "(K\x01ia\nB\n.", "<reduce a.B(1)>"},
    {"OBJ", "(ca\nB\nK\x01o.", "<reduce a.B(1)>"},
    {"BUILD", "ca\nB\n)\x81}b.", "<newobj a.B() state d{}>"},
    {"APPENDS on an object", "ca\nB\n)\x81(K\x01\x65.", "<newobj a.B() items 1>"},
    {"SETITEMS on an object", "ca\nB\n)\x81(K\x01K\x02u.", "<newobj a.B() pairs 1=2>"},
    {"REDUCE of an object", "ca\nB\n)R)R.", "<reduce <reduce a.B()>()>"},
    {"FRAME", "\x80\x04\x95\x02\0\0\0\0\0\0\0N."s, "None"},
};

TEST(Machine, MakesAValueOfEveryOpcode) {
    for (const Case& each : accepted) EXPECT_EQ(ran(each.pickle), each.expected) << each.name;
}

TEST(Machine, TakesEveryOpcodeOneByteAtATime) {
    for (const Case& each : accepted) {
        PieceSource source(bytes_of(each.pickle), 1);
        Input in(source, Input::Lookahead::exact);
        Document doc;
        NoClasses builder;
        EXPECT_EQ(shown(Machine(in, doc, builder).run()), each.expected) << each.name;
        EXPECT_EQ(in.unread(), 0U) << each.name;
    }
}

TEST(Machine, RefusesEveryOpcodeThatIsCutShort) {
    for (const Case& each : accepted) {
        for (std::size_t size = 0; size < each.pickle.size(); ++size) {
            const Error error = refused(each.pickle.substr(0, size));
            EXPECT_EQ(error.code(), ErrorCode::truncated) << each.name << " after " << size << ": " << error.what();
        }
    }
}

struct Refusal {
    const char* name;
    std::string pickle;
    ErrorCode code;
    const char* says;
};

TEST(Machine, RefusesByName) {
    const std::vector<Refusal> refusals = {
        {"persistent id as text", "Pid\n.", ErrorCode::unsupported, "PERSID"},
        {"persistent id", "NQ.", ErrorCode::unsupported, "BINPERSID"},
        {"extension", "\x82\x01.", ErrorCode::unsupported, "EXT1"},
        {"extension of 2 bytes", "\x83\x01\x02.", ErrorCode::unsupported, "EXT2"},
        {"extension of 4 bytes", "\x84\x01\x02\x03\x04.", ErrorCode::unsupported, "EXT4"},
        {"out-of-band buffer", "\x97.", ErrorCode::unsupported, "NEXT_BUFFER"},
        {"read-only buffer", "N\x98.", ErrorCode::unsupported, "READONLY_BUFFER"},
        {"unknown byte", "\x07.", ErrorCode::format, "byte 7 is not an opcode"},
        {"protocol 6", "\x80\x06N.", ErrorCode::version, "protocol 6"},
        {"empty stack at STOP", ".", ErrorCode::format, "STOP"},
        {"two values at STOP", "NN.", ErrorCode::format, "1 values are left"},
        {"POP of nothing", "0.", ErrorCode::format, "the stack is empty"},
        {"DUP of nothing", "2.", ErrorCode::format, "DUP"},
        {"TUPLE2 of one", "N\x86.", ErrorCode::format, "TUPLE2"},
        {"TUPLE1 through a mark", "N(\x85.", ErrorCode::format, "above the last MARK"},
        {"APPEND through a mark", "](a.", ErrorCode::format, "above the last MARK"},
        {"SETITEM through a mark", "}N(Ns.", ErrorCode::format, "SETITEM"},
        {"REDUCE through a mark", "ca\nB\n()R.", ErrorCode::format, "REDUCE"},
        {"BUILD through a mark", "ca\nB\n)\x81(}b.", ErrorCode::format, "BUILD"},
        {"TUPLE without a mark", "Nt.", ErrorCode::format, "there is no MARK"},
        {"APPENDS without a mark", "]e.", ErrorCode::format, "APPENDS"},
        {"POP_MARK without a mark", "1.", ErrorCode::format, "POP_MARK"},
        {"APPEND on a tuple", ")Na.", ErrorCode::format, "not a list"},
        {"ADDITEMS on a list", "](N\x90.", ErrorCode::format, "a set"},
        {"SETITEMS of a key alone", "}(Nu.", ErrorCode::format, "a key without a value"},
        {"SETITEM on a list", "]NNs.", ErrorCode::format, "not a dict"},
        {"DICT of a key alone", "(Nd.", ErrorCode::format, "a key without a value"},
        {"REDUCE of a text", "\x8c\x01x)R.", ErrorCode::format, "a class is expected"},
        {"REDUCE with a list", "ca\nB\n]R.", ErrorCode::format, "a tuple of arguments"},
        {"NEWOBJ_EX without keywords", "ca\nB\n))\x92.", ErrorCode::format, "keyword arguments"},
        {"OBJ of nothing", "(o.", ErrorCode::format, "a class is expected"},
        {"STACK_GLOBAL of numbers", "K\x01K\x02\x93.", ErrorCode::format, "a class name"},
        {"BUILD on a list", "]}b.", ErrorCode::format, "state is set on a value that has none"},
        {"memo index never put", "h\x05.", ErrorCode::format, "memo index 5 was never put"},
        {"memo index in a gap", "Nq\x01h\0."s, ErrorCode::format, "memo index 0 was never put"},
        {"memo index beyond what was read", "Nr\xff\xff\xff\x7f.", ErrorCode::format, "higher than the values read"},
        {"text that is no UTF-8", "\x8c\x01\xff.", ErrorCode::format, "not UTF-8"},
        {"overlong UTF-8", "\x8c\x02\xc0\x80.", ErrorCode::format, "not UTF-8"},
        {"an end inside a frame", "\x80\x04\x95\x03\0\0\0\0\0\0\0N.N"s, ErrorCode::format, "ends at byte 14"},
        {"a frame inside a frame", "\x95\x0a\0\0\0\0\0\0\0\x95\x01\0\0\0\0\0\0\0N."s, ErrorCode::format,
         "a frame begins"},
    };
    for (const Refusal& each : refusals) {
        const Error error = refused(each.pickle);
        EXPECT_EQ(error.code(), each.code) << each.name << ": " << error.what();
        EXPECT_THAT(error.what(), HasSubstr(each.says)) << each.name;
        EXPECT_TRUE(error.offset().has_value()) << each.name;
    }
}

TEST(Machine, RefusesLengthsThatTheInputDoesNotHave) {
    const std::string huge(8, '\x7f');
    for (const std::string& pickle :
         {"\x8d" + huge, "\x8e" + huge, "\x96" + huge, "X\xff\xff\xff\xff"s, "B\xff\xff\xff\xff"s, "T\xff\xff\xff\xff"s,
          "\x8b\xff\xff\xff\x7f"s, "\x95" + huge, "\x8e\xff\xff\xff\xff\xff\xff\xff\xff"s}) {
        EXPECT_EQ(refused(pickle + "abc").code(), ErrorCode::truncated);
        PieceSource source(bytes_of(pickle), 3);  // the same where the length of the input is not known
        Input in(source);
        Document doc;
        NoClasses builder;
        EXPECT_EQ(error_of([&] { Machine(in, doc, builder).run(); }).code(), ErrorCode::truncated);
    }
}

TEST(Machine, NamesThePlaceOfTheOpcode) {
    const Error error = refused("]NK\x01Q.");
    EXPECT_EQ(error.offset(), 4U);
    EXPECT_THAT(error.what(), HasSubstr("at byte 4"));
}

TEST(Machine, StopsAtTheLimitOfItems) {
    EXPECT_EQ(ran("](NNNe.", {.items = 6}), "[None None None]");
    EXPECT_EQ(refused("](NNNe.", {.items = 5}).code(), ErrorCode::limit);
}

TEST(Machine, StopsAtTheLimitOfBytes) {
    const std::string text = "X" + little(std::uint32_t{50'000}) + std::string(50'000, 'a') + ".";
    EXPECT_EQ(ran(text, {.bytes = 200'000}).size(), 50'002U);
    EXPECT_EQ(refused(text, {.bytes = 40'000}).code(), ErrorCode::limit);
}

TEST(Machine, NestsAsDeepAsTheInputIsLong) {
    const std::string deep = std::string(300'000, ']') + std::string(299'999, 'a') + ".";
    Document doc;
    Cell cell = run(doc, deep);
    std::size_t depth = 1;
    for (; cell.sequence->items.size > 0; ++depth) cell = cell.sequence->items.data[0];
    EXPECT_EQ(depth, 300'000U);
    EXPECT_EQ(refused(std::string(300'000, ']') + std::string(300'000, 'a') + ".").code(), ErrorCode::format);
}

TEST(Machine, KeepsWhatRefersToItself) {
    Document doc;
    const Cell list = run(doc, "]q\0h\0a."s);
    ASSERT_EQ(list.sequence->items.size, 1U);
    EXPECT_EQ(list.sequence->items.data[0].node, list.node);
}

}  // namespace
}  // namespace jl::test
