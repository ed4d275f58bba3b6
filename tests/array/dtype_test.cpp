#include <complex>
#include <cstdint>
#include <gtest/gtest.h>
#include <string>

#include <jl/dtype.hpp>

#include "support/error.hpp"

namespace jl {
namespace {

using test::error_of;
using Fields = std::vector<DTypeField>;

DType plain(std::string_view text) { return DType(text); }

ErrorCode code_of(std::string_view text) {
    return error_of([&] { plain(text); }).code();
}

TEST(DType, SaysItsShortFormAsItWasGiven) {
    for (const char* const text :
         {"|b1",     "|i1",     "|u1",          "<i2",     "<i4",     ">i8",     "<u2",      ">u4",
          "<u8",     "<f2",     ">f4",          "<f8",     "<f16",    "<c8",     ">c16",     "<c32",
          "|S0",     "|S5",     "|S2147483647", "<U0",     ">U4",     "|V0",     "|V12",     "|O",
          "<M8",     "<M8[Y]",  ">M8[M]",       "<M8[W]",  "<M8[D]",  "<M8[h]",  "<M8[m]",   "<M8[s]",
          "<M8[ms]", "<M8[us]", "<M8[ns]",      "<M8[ps]", "<M8[fs]", "<M8[as]", "<m8[25s]", "<m8"}) {
        EXPECT_EQ(plain(text).str(), text);
        EXPECT_EQ(plain(text).descr(), text);
        EXPECT_EQ(plain(text), plain(text));
    }
}

TEST(DType, TakesNumpysOtherSpellings) {
    EXPECT_EQ(plain("f8").str(), "<f8");
    EXPECT_EQ(plain("=f8").str(), "<f8");
    EXPECT_EQ(plain("|f8").str(), "<f8");
    EXPECT_EQ(plain(">i1").str(), "|i1");
    EXPECT_EQ(plain(">S3").str(), "|S3");
    EXPECT_EQ(plain("?").str(), "|b1");
    EXPECT_EQ(plain("O8").str(), "|O");
    EXPECT_EQ(plain("|O4").str(), "|O");
    EXPECT_EQ(plain("O").itemsize(), 8U);
    EXPECT_EQ(plain("S").str(), "|S0");
    EXPECT_EQ(plain("U").str(), "<U0");
    EXPECT_EQ(plain("M8[1s]").str(), "<M8[s]");
    EXPECT_EQ(plain("M8[generic]").str(), "<M8");
}

TEST(DType, KnowsItsParts) {
    EXPECT_EQ(plain("<f8").kind(), 'f');
    EXPECT_EQ(plain("<f8").itemsize(), 8U);
    EXPECT_FALSE(plain("<f8").big_endian());
    EXPECT_TRUE(plain(">f8").big_endian());
    EXPECT_EQ(plain("<U4").itemsize(), 16U);
    EXPECT_EQ(plain("<m8[25s]").unit(), "s");
    EXPECT_EQ(plain("<m8[25s]").unit_count(), 25);
    EXPECT_EQ(plain("<M8").unit(), "generic");
    EXPECT_EQ(plain("<f8").unit(), "");
    EXPECT_TRUE(plain("O").has_object());
    EXPECT_FALSE(plain("<f8").has_object());
    EXPECT_TRUE(plain("<f8").is_native());
    EXPECT_FALSE(plain(">f8").is_native());
    EXPECT_TRUE(plain(">i1").is_native());
}

TEST(DType, OfCppTypesIsTheirNativeForm) {
    EXPECT_EQ(DType::of<bool>().str(), "|b1");
    EXPECT_EQ(DType::of<char>().str(), "|i1");
    EXPECT_EQ(DType::of<unsigned char>().str(), "|u1");
    EXPECT_EQ(DType::of<std::int16_t>().str(), "<i2");
    EXPECT_EQ(DType::of<std::uint32_t>().str(), "<u4");
    EXPECT_EQ(DType::of<long long>().str(), "<i8");
    EXPECT_EQ(DType::of<float>().str(), "<f4");
    EXPECT_EQ(DType::of<double>().str(), "<f8");
    EXPECT_EQ(DType::of<std::complex<float>>().str(), "<c8");
    EXPECT_EQ(DType::of<std::complex<double>>().str(), "<c16");
    EXPECT_EQ(DType::of<double>(), DType('f', 8));
}

TEST(DType, RefusesWhatIsNone) {
    for (const char* const text : {"",
                                   "<",
                                   "x",
                                   "f",
                                   "f3",
                                   "f8x",
                                   "f 8",
                                   " f8",
                                   "<>f8",
                                   "b2",
                                   "i16",
                                   "i0",
                                   "u3",
                                   "c4",
                                   "c64",
                                   "f1",
                                   "f32",
                                   "O5",
                                   "M4",
                                   "m",
                                   "f-8",
                                   "i+4",
                                   "<f999999999999",
                                   "<f99999999999999999999999",
                                   "<U99999999999999999999",
                                   "<U536870912",
                                   "|S2147483648",
                                   "|V18446744073709551616",
                                   "M8[",
                                   "M8[]",
                                   "M8[xs]",
                                   "M8[0s]",
                                   "M8[-1s]",
                                   "M8[s",
                                   "M8s]",
                                   "M8[99999999999s]",
                                   "f8[s]",
                                   "S5[ns]",
                                   "float64",
                                   "\xff",
                                   "<\0f8"}) {
        EXPECT_EQ(code_of(text), ErrorCode::format) << "'" << text << "'";
    }
}

TEST(DType, QuotesALongWrongTextOnlyInPart) {
    const Error error = error_of([] { plain("<f" + std::string(10'000, '9')); });
    EXPECT_LT(error.detail().size(), 100U);
}

TEST(DType, OfKindAndSizeRefusesOtherSizes) {
    EXPECT_EQ(DType('U', 16).str(), "<U4");
    EXPECT_EQ(DType('M', 8).unit(), "generic");
    const auto code = [](char kind, std::uint64_t size) { return error_of([&] { DType(kind, size); }).code(); };
    for (const std::uint64_t size : {0U, 3U, 32U}) EXPECT_EQ(code('f', size), ErrorCode::format) << size;
    for (const char kind : {'i', 'u', 'b', 'M', 'm', 'O', 'c'}) EXPECT_EQ(code(kind, 5), ErrorCode::format) << kind;
    for (const char kind : {'x', '\0', '\xff', '?'}) EXPECT_EQ(code(kind, 8), ErrorCode::format) << int{kind};
    EXPECT_EQ(code('U', 5), ErrorCode::format);
    EXPECT_EQ(code('S', 1ULL << 31), ErrorCode::format);
    EXPECT_EQ(code('V', ~0ULL), ErrorCode::format);
}

TEST(DType, ChangesOrderOnlyWhereThereIsOne) {
    EXPECT_EQ(plain("<f8").with_order(true).str(), ">f8");
    EXPECT_EQ(plain(">U3").with_order(false).str(), "<U3");
    EXPECT_EQ(plain("|i1").with_order(true).str(), "|i1");
    EXPECT_EQ(plain("|S3").with_order(true).str(), "|S3");
    EXPECT_EQ(plain(">c16").native().str(), "<c16");
    EXPECT_NE(plain("<f8"), plain(">f8"));
}

TEST(DType, ChangesItsUnitOnlyForTimes) {
    EXPECT_EQ(plain("<M8").with_unit("ns", 1).str(), "<M8[ns]");
    EXPECT_EQ(plain("<m8[s]").with_unit("D", 7).str(), "<m8[7D]");
    EXPECT_EQ(error_of([] { plain("<f8").with_unit("s", 1); }).code(), ErrorCode::format);
    EXPECT_EQ(error_of([] { plain("<M8").with_unit("parsec", 1); }).code(), ErrorCode::format);
    EXPECT_EQ(error_of([] { plain("<M8").with_unit("s", 0); }).code(), ErrorCode::format);
}

// numpy: np.dtype([('a', 'i1'), ('b', '<f8', (2, 3))], align=True)
DType padded() {
    return DType::structure({{"a", plain("i1"), 0}, {"b", DType::subarray(plain("<f8"), {2, 3}), 8}}, 56, true);
}

TEST(DType, StructureKnowsItsFields) {
    const DType dtype = padded();
    EXPECT_TRUE(dtype.is_structure());
    EXPECT_TRUE(dtype.aligned());
    EXPECT_EQ(dtype.kind(), 'V');
    EXPECT_EQ(dtype.str(), "|V56");
    EXPECT_EQ(dtype.fields().size(), 2U);
    ASSERT_NE(dtype.field("b"), nullptr);
    EXPECT_EQ(dtype.field("b")->offset, 8U);
    EXPECT_TRUE(dtype.field("b")->type.is_subarray());
    EXPECT_EQ(dtype.field("b")->type.element(), plain("<f8"));
    EXPECT_EQ(dtype.field("c"), nullptr);
    EXPECT_TRUE(plain("f8").fields().empty());
}

TEST(DType, DescribesStructuresAsNumpyDoes) {
    EXPECT_EQ(padded().descr(), R"([["a", "|i1"], ["", "|V7"], ["b", "<f8", [2, 3]]])");
    const DType titled =
        DType::structure({{"a", plain("i1"), 0, "t"},
                          {"c", DType::subarray(DType::structure({{"x", plain(">f4"), 0}}, 4, false), {2}), 1}},
                         9, false);
    EXPECT_EQ(titled.descr(), R"([[["t", "a"], "|i1"], ["c", [["x", ">f4"]], [2]]])");
    EXPECT_EQ(DType::structure({{"a", plain("i4"), 4}}, 16, false).descr(),
              R"([["", "|V4"], ["a", "<i4"], ["", "|V8"]])");
    EXPECT_EQ(DType::structure({}, 0, false).descr(), "|V0");
    EXPECT_EQ(DType::subarray(plain("f8"), {2, 3}).descr(), "|V48");
    EXPECT_EQ(DType::structure({{"q\"\\\n", plain("i1"), 0}}, 1, false).descr(), R"([["q\"\\\u000a", "|i1"]])");
}

TEST(DType, DescribesWhatIsNoListWithOffsets) {
    EXPECT_EQ(DType::structure({{"a", plain("i4"), 4}, {"b", DType::subarray(plain("i2"), {2}), 0}}, 8, false).descr(),
              R"({"names": ["a", "b"], "formats": ["<i4", ["<i2", [2]]], "offsets": [4, 0], "itemsize": 8})");
    EXPECT_EQ(
        DType::structure({{"a", plain("i4"), 0}, {"b", plain("i2"), 2, "t"}}, 4, false).descr(),
        R"({"names": ["a", "b"], "formats": ["<i4", "<i2"], "offsets": [0, 2], "titles": [null, "t"], "itemsize": 4})");
}

TEST(DType, StructureRefusesFieldsThatDoNotFit) {
    const auto refused = [](Fields fields, std::uint64_t itemsize) {
        return error_of([&] { DType::structure(std::move(fields), itemsize, false); }).code();
    };
    EXPECT_EQ(refused({{"a", plain("f8"), 1}}, 8), ErrorCode::format);
    EXPECT_EQ(refused({{"a", plain("f8"), ~0ULL}}, 8), ErrorCode::format);
    EXPECT_EQ(refused({{"a", plain("i1"), 0}, {"a", plain("i1"), 1}}, 2), ErrorCode::format);
    EXPECT_EQ(refused({}, 1ULL << 40), ErrorCode::format);
    EXPECT_EQ(error_of([] {
                  DType::structure({{"long", plain("f8"), 3}}, 9, false);
              }).detail(),
              "field 'long' of 8 bytes at offset 3 reaches over an item of 9");
}

TEST(DType, SubarrayRefusesSizesThatDoNotFit) {
    const auto refused = [](const DType& element, std::vector<std::uint64_t> shape) {
        return error_of([&] { DType::subarray(element, std::move(shape)); }).code();
    };
    EXPECT_EQ(refused(plain("f8"), {1ULL << 40}), ErrorCode::format);
    EXPECT_EQ(refused(plain("f8"), {1ULL << 40, 1ULL << 40}), ErrorCode::range);
    EXPECT_EQ(refused(plain("f8"), std::vector<std::uint64_t>(65, 1)), ErrorCode::limit);
    EXPECT_EQ(DType::subarray(plain("f8"), std::vector<std::uint64_t>(64, 1)).itemsize(), 8U);
    EXPECT_EQ(DType::subarray(plain("f8"), {1ULL << 60, 0}).itemsize(), 0U);
}

TEST(DType, RefusesToNestWithoutEnd) {
    DType dtype = plain("f8");
    for (int depth = 0; depth < 100; ++depth) dtype = DType::structure({{"x", dtype, 0}}, 8, false);
    EXPECT_EQ(dtype.descr().size(), 100 * std::string(R"([["x", ]])").size() + std::string(R"("<f8")").size());
    EXPECT_EQ(error_of([&] { DType::structure({{"x", dtype, 0}}, 8, false); }).code(), ErrorCode::limit);
    EXPECT_EQ(error_of([&] { DType::subarray(dtype, {1}); }).code(), ErrorCode::limit);
}

TEST(DType, RefusesToGrowBySharing) {
    const auto doubled = [](const DType& part) {
        return DType::structure({{"a", part, 0}, {"b", part, 0}}, part.itemsize(), false);
    };
    for (DType dtype : {plain("f8"), DType::structure({}, 0, false)}) {
        const Error error = error_of([&] {
            for (int i = 0; i < 60; ++i) dtype = doubled(dtype);
        });
        EXPECT_EQ(error.code(), ErrorCode::limit);
    }
}

TEST(DType, LooksForOrderAndObjectsInEveryPart) {
    const DType inner = DType::structure({{"x", plain(">f4"), 0}, {"y", plain("i1"), 4}}, 5, false);
    const DType outer = DType::structure({{"n", plain("<i4"), 0}, {"p", DType::subarray(inner, {2}), 4}}, 14, false);
    EXPECT_FALSE(outer.is_native());
    EXPECT_FALSE(outer.has_object());
    EXPECT_TRUE(outer.native().is_native());
    EXPECT_EQ(outer.native().descr(), R"([["n", "<i4"], ["p", [["x", "<f4"], ["y", "|i1"]], [2]]])");
    EXPECT_EQ(outer.with_order(true), outer);
    EXPECT_TRUE(DType::structure({{"o", DType::subarray(plain("O"), {2}), 0}}, 16, false).has_object());
}

TEST(DType, IsEqualOnlyWhenEveryPartIs) {
    EXPECT_EQ(padded(), padded());
    EXPECT_NE(padded(), DType('V', 56));
    EXPECT_NE(plain("<M8[s]"), plain("<M8[ms]"));
    EXPECT_NE(plain("<M8[s]"), plain("<M8[2s]"));
    const auto with = [](const char* name, const char* type, const char* title) {
        return DType::structure({{name, plain(type), 0, title}}, 8, false);
    };
    EXPECT_EQ(with("a", "i4", ""), with("a", "i4", ""));
    EXPECT_NE(with("a", "i4", ""), with("b", "i4", ""));
    EXPECT_NE(with("a", "i4", ""), with("a", "u4", ""));
    EXPECT_NE(with("a", "i4", ""), with("a", "i4", "t"));
    EXPECT_NE(DType::structure({{"a", plain("i4"), 0}}, 8, true), with("a", "i4", ""));
    EXPECT_NE(DType::subarray(plain("i4"), {2, 3}), DType::subarray(plain("i4"), {3, 2}));
    EXPECT_NE(DType::subarray(plain("i4"), {2}), DType::subarray(plain("u4"), {2}));
}

TEST(DType, KnowsWhetherADescrListCanSayIt) {
    EXPECT_TRUE(plain("f8").has_descr_list());
    EXPECT_TRUE(padded().has_descr_list());
    const DType back = DType::structure({{"a", plain("i4"), 4}, {"b", plain("f4"), 0}}, 8, false);
    const DType overlap = DType::structure({{"a", plain("i4"), 0}, {"b", plain("i2"), 2}}, 4, false);
    EXPECT_FALSE(back.has_descr_list());
    EXPECT_FALSE(overlap.has_descr_list());
    EXPECT_FALSE(DType::structure({{"in", DType::subarray(back, {2}), 0}}, 16, false).has_descr_list());
}

}  // namespace
}  // namespace jl
