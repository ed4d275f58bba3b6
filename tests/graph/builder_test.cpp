// Pickles as Python writes them, and the values that they become; what is not known stays an object and is written as
// it was.
#include "graph/builder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graph/support/trip.hpp"
#include "pickle/support/machine.hpp"

namespace jl::test {
namespace {

using testing::HasSubstr;

Value loaded(std::string_view pickle) { return load(bytes_of(pickle)); }

// As loaded, and the same again after being written and loaded once more.
std::string both(std::string_view pickle) {
    const Value value = loaded(pickle);
    const std::vector<std::byte> again = dumped(value);
    EXPECT_EQ(load(std::span(again)).str(), value.str());
    EXPECT_EQ(load(std::span(again)).class_name(), value.class_name());
    return value.str();
}

TEST(Builder, MakesContainersOfTheirConstructors) {
    EXPECT_EQ(both("c__builtin__\nset\n(](K\x01K\x02\x65tR."), "{1, 2}");
    EXPECT_EQ(both("cbuiltins\nfrozenset\n(](K\x01\x65tR."), "frozenset({1})");
    EXPECT_EQ(both("c__builtin__\nlist\n)R."), "[]");
    EXPECT_EQ(both("c__builtin__\ntuple\n(](NetR."), "(None,)");
    EXPECT_EQ(both("c__builtin__\ndict\n)R."), "{}");
    EXPECT_EQ(both("cbuiltins\nbytearray\n(C\x01\x61tR."), "bytearray(b'a')");
    EXPECT_EQ(both("cbuiltins\ncomplex\n(F1\nF-2\ntR."), "(1-2j)");
    EXPECT_EQ(both("c_codecs\nencode\n(V\xff\nVlatin1\ntR."), "b'\\xff'");
    EXPECT_EQ(both("c__builtin__\nbytes\n)R."), "b''");
}

TEST(Builder, KeepsTheTypeOfKnownDictsAndLists) {
    EXPECT_EQ(loaded("ccollections\nOrderedDict\n)R(K\x01K\x02u.").class_name(), "collections.OrderedDict");
    EXPECT_EQ(both("ccollections\nOrderedDict\n)R(K\x01K\x02u."), "{1: 2}");
    EXPECT_EQ(both("ccollections\nOrderedDict\n(]](K\x01K\x02\x65\x61tR."), "{1: 2}");
    EXPECT_EQ(both("ccollections\ndefaultdict\n(cbuiltins\nlist\ntR(K\x01]u."), "{1: []}");
    EXPECT_EQ(both("ccollections\nCounter\n(}(VA\nK\x02utR."), "{'A': 2}");
    EXPECT_EQ(both("ccollections\ndeque\n(]K\x05tR(K\x01K\x02\x65."), "[1, 2]");
    EXPECT_EQ(loaded("ccollections\ndeque\n)R.").class_name(), "collections.deque");
}

TEST(Builder, ConstructorsCalledInOtherWaysStayObjects) {
    for (const char* pickle :
         {"cbuiltins\ncomplex\n(V1+2j\ntR.", "c_codecs\nencode\n(V\\u20ac\nVlatin1\ntR.", "cbuiltins\nset\n(K\x01tR.",
          "cbuiltins\ndict\n](e\x85R.", "ccollections\ndeque\n(K\x01tR.", "cbuiltins\nbytes\n(K\x05tR."})
        EXPECT_EQ(loaded(pickle).kind(), Kind::object) << pickle;
}

TEST(Builder, NothingIsEverCalled) {
    const Value value = loaded("cos\nsystem\n(Vtouch /nowhere/x\ntR.");
    EXPECT_EQ(value.kind(), Kind::object);
    EXPECT_EQ(value.class_name(), "os.system");
    EXPECT_EQ(value.args()[0].as<std::string>(), "touch /nowhere/x");
    EXPECT_TRUE(value.state().is_none());
    EXPECT_EQ(both("cos\nsystem\n."), "<class os.system>");
}

TEST(Builder, OpaqueObjectsComeBackInEveryPart) {
    const std::string pickle = "ca\nB\n(K\x01tR(K\x02K\x03\x65(VA\nK\x04u}VC\nK\x05sb.";
    const Value value = loaded(pickle);
    const std::vector<std::byte> bytes = dumped(value);
    for (const Value& each : {value, load(std::span(bytes))}) {
        EXPECT_EQ(each.class_name(), "a.B");
        EXPECT_EQ(each.args().str(), "(1,)");
        EXPECT_EQ(each.state().str(), "{'C': 5}");
        EXPECT_EQ(each.list_items().size(), 2U);
        EXPECT_EQ(each.dict_items().size(), 1U);
        EXPECT_EQ(each["C"].as<int>(), 5);
    }
    EXPECT_EQ(both("ca\nB\n)\x81."), "a.B()");
    EXPECT_EQ(both("ca\nB\n(K\x01t}(VA\nK\x02u\x92."), loaded("ca\nB\n(K\x01t}(VA\nK\x02u\x92.").str());
    EXPECT_EQ(both("ccopy_reg\n_reconstructor\n(ca\nB\nc__builtin__\nobject\nNtR}VA\nK\x01sb."), "a.B(A=1)");
}

const std::string f8 = "cnumpy\ndtype\n(Vf8\nI0\nI1\ntR(I3\nV<\nNNNI-1\nI-1\nI0\ntb";

TEST(Builder, MakesArraysOfNumpysOwnSpelling) {
    const std::string head =
        "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntC\x01\x62tR(I1\n(I2\nt" + f8;
    const std::string items = "C\x10"s + std::string("\0\0\0\0\0\0\xf0\x3f\0\0\0\0\0\0\0\x40", 16);
    EXPECT_EQ(loaded(head + "I00\n" + items + "tb.").as<std::vector<double>>(), (std::vector<double>{1, 2}));
    EXPECT_EQ(error_of([&] { loaded(head + "I00\nC\x01xtb."); }).code(), ErrorCode::format);
    EXPECT_EQ(error_of([&] { loaded(head + "I00\nK\x01tb."); }).code(), ErrorCode::format);
    EXPECT_EQ(error_of([&] { loaded(head + "tb."); }).code(), ErrorCode::format);
    const Error twice =
        error_of([&] { loaded(head + "I00\n" + items + "tb(I1\n(I1\nt" + f8 + "I00\nC\x08xxxxxxxxtb."); });
    EXPECT_THAT(twice.what(), HasSubstr("twice"));
}

TEST(Builder, MakesScalars) {
    const std::string head = "cnumpy.core.multiarray\nscalar\n(" + f8;
    const Value scalar = loaded(head + "C\x08"s + std::string("\0\0\0\0\0\0\xf8\x3f", 8) + "tR.");
    EXPECT_EQ(scalar.kind(), Kind::scalar);
    EXPECT_EQ(scalar.as<double>(), 1.5);
    EXPECT_EQ(scalar.number_text(), "1.5");
    EXPECT_EQ(error_of([&] { loaded(head + "C\x07xxxxxxxtR."); }).code(), ErrorCode::format);
}

TEST(Builder, MakesObjectArrays) {
    const std::string pickle =
        "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntC\x01\x62tR(I1\n(I2\ntcnumpy\ndtype\n("
        "VO8\nI0\nI1\ntR(I3\nV|\nNNNI-1\nI-1\nI63\ntbI00\n(VA\nK\x05ltb.";
    const Value array = loaded(pickle);
    EXPECT_EQ(array.kind(), Kind::array);
    EXPECT_EQ(array.elements().size(), 2U);
    EXPECT_EQ(array[1].as<int>(), 5);
    EXPECT_EQ(array.at("/0").as<std::string>(), "A");
    const std::vector<std::byte> again = dumped(array);
    EXPECT_EQ(load(std::span(again))[0].as<std::string>(), "A");
    EXPECT_EQ(error_of([&] { (void)array.as<std::vector<double>>(); }).code(), ErrorCode::type);
}

TEST(Builder, RefusesDamagedDtypes) {
    for (const char* dtype : {"cnumpy\ndtype\n(Vx9\nI0\nI1\ntR", "cnumpy\ndtype\n(K\x05I0\nI1\ntR", "K\x05",
                              "ca\ndtype\n(Vf8\ntR", "cnumpy\ndtype\n(Vf8\nI0\nI1\ntR(I3\nV<\nNtb"}) {
        const std::string pickle = "cnumpy.core.multiarray\nscalar\n("s + dtype + "C\x08xxxxxxxxtR.";
        EXPECT_EQ(error_of([&] { loaded(pickle); }).code(), ErrorCode::format) << dtype;
    }
}

}  // namespace
}  // namespace jl::test
