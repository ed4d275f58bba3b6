#include <complex>
#include <cstring>
#include <gtest/gtest.h>
#include <limits>
#include <string>
#include <string_view>

#include "array/layout.hpp"

namespace jl {
namespace {

template <class T>
std::string text_of(T value, std::string_view dtype) {
    std::byte item[sizeof value];
    std::memcpy(item, &value, sizeof value);
    return item_text(item, DType(dtype));
}

template <class T>
std::string text_of(T value) {
    return text_of(value, DType::of<T>().str());
}

std::string bytes_text(std::string_view bytes, const DType& dtype) {
    return item_text(std::as_bytes(std::span(bytes)).data(), dtype);
}

std::string ucs4_text(std::u32string_view text) {
    return item_text(std::as_bytes(std::span(text)).data(), DType('U', 4 * text.size()));
}

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr auto not_a_time = std::numeric_limits<std::int64_t>::min();

TEST(ItemText, OfBoolsAndIntegers) {
    EXPECT_EQ(text_of(true), "True");
    EXPECT_EQ(text_of(false), "False");
    EXPECT_EQ(text_of(std::uint8_t{2}, "|b1"), "True");
    EXPECT_EQ(text_of(std::int8_t{-128}), "-128");
    EXPECT_EQ(text_of(std::uint8_t{255}), "255");
    EXPECT_EQ(text_of(std::int16_t{-3}), "-3");
    EXPECT_EQ(text_of(std::uint16_t{65535}), "65535");
    EXPECT_EQ(text_of(std::int32_t{-3}), "-3");
    EXPECT_EQ(text_of(std::uint32_t{4294967295U}), "4294967295");
    EXPECT_EQ(text_of(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
    EXPECT_EQ(text_of(std::numeric_limits<std::uint64_t>::max()), "18446744073709551615");
}

TEST(ItemText, OfFloatsIsTheShortestThatReadsBack) {
    EXPECT_EQ(text_of(1.0), "1.0");
    EXPECT_EQ(text_of(-0.0), "-0.0");
    EXPECT_EQ(text_of(0.1), "0.1");
    EXPECT_EQ(text_of(0.1F), "0.1");
    EXPECT_EQ(text_of(0.1 + 0.2), "0.30000000000000004");
    EXPECT_EQ(text_of(100000.0), "100000.0");
    EXPECT_EQ(text_of(123456.75), "123456.75");
    EXPECT_EQ(text_of(1e15), "1000000000000000.0");
    EXPECT_EQ(text_of(9007199254740993.0), "9007199254740992.0");
    EXPECT_EQ(text_of(1e16), "1e+16");
    EXPECT_EQ(text_of(1e20), "1e+20");
    EXPECT_EQ(text_of(1.5e300), "1.5e+300");
    EXPECT_EQ(text_of(0.0001), "0.0001");
    EXPECT_EQ(text_of(0.00012), "0.00012");
    EXPECT_EQ(text_of(0.00001), "1e-05");
    EXPECT_EQ(text_of(-5e-324), "-5e-324");
    EXPECT_EQ(text_of(16777216.0F), "16777216.0");
    EXPECT_EQ(text_of(nan), "nan");
    EXPECT_EQ(text_of(-inf), "-inf");
    EXPECT_EQ(text_of(inf), "inf");
}

TEST(ItemText, OfOtherFloatsHasTheirOwnPrecision) {
    EXPECT_EQ(text_of(std::uint16_t{0x2E66}, "<f2"), "0.1");
    EXPECT_EQ(text_of(std::uint16_t{0x7BFF}, "<f2"), "65500.0");
    EXPECT_EQ(text_of(std::uint16_t{0x0001}, "<f2"), "6e-08");
    EXPECT_EQ(text_of(std::uint16_t{0x8000}, "<f2"), "-0.0");
    EXPECT_EQ(text_of(std::uint16_t{0x7C00}, "<f2"), "inf");
    EXPECT_EQ(text_of(std::uint16_t{0x7E00}, "<f2"), "nan");
    EXPECT_EQ(text_of(1.0L / 4), "0.25");
    if constexpr (std::numeric_limits<long double>::digits == 64) {
        EXPECT_EQ(text_of(1.0L / 3), "0.33333333333333333334");
    }
}

TEST(ItemText, OfComplexNumbersIsPythons) {
    using C = std::complex<double>;
    EXPECT_EQ(text_of(C(1, 2)), "(1+2j)");
    EXPECT_EQ(text_of(C(1, -2.5)), "(1-2.5j)");
    EXPECT_EQ(text_of(C(0, 2)), "2j");
    EXPECT_EQ(text_of(C(-0.0, 2)), "(-0+2j)");
    EXPECT_EQ(text_of(C(0, -0.0)), "-0j");
    EXPECT_EQ(text_of(C(nan, inf)), "(nan+infj)");
    EXPECT_EQ(text_of(C(1e20, -1e-7)), "(1e+20-1e-07j)");
    EXPECT_EQ(text_of(std::complex<float>(0.1F, 3)), "(0.1+3j)");
    EXPECT_EQ(text_of(std::complex<long double>(0.5L, 3)), "(0.5+3j)");
}

TEST(ItemText, OfStringsIsQuotedAsInPython) {
    EXPECT_EQ(ucs4_text(U"abc"), "'abc'");
    EXPECT_EQ(ucs4_text(std::u32string_view(U"ab\0c\0\0", 6)), "'ab\\x00c'");
    EXPECT_EQ(ucs4_text(U"it's"), "\"it's\"");
    EXPECT_EQ(ucs4_text(U"'\""), "'\\'\"'");
    EXPECT_EQ(ucs4_text(U"a\\b\n\r\t\x1b[0m"), "'a\\\\b\\n\\r\\t\\x1b[0m'");
    EXPECT_EQ(ucs4_text(U"\u00e9\u00a0\u200b\u202e\U0001f600"), "'\u00e9\\xa0\\u200b\\u202e\U0001f600'");
    EXPECT_EQ(ucs4_text(U"\u20ac"), "'\u20ac'");
    EXPECT_EQ(ucs4_text(std::u32string(1, static_cast<char32_t>(0xD800))), "'\\ud800'");
    EXPECT_EQ(ucs4_text(std::u32string(1, static_cast<char32_t>(0xFFFFFFFF))), "'\\Uffffffff'");
    EXPECT_EQ(ucs4_text(std::u32string(3, U'\0')), "''");
    EXPECT_EQ(item_text(nullptr, DType("U0")), "''");
}

TEST(ItemText, OfBytesIsQuotedAsInPython) {
    EXPECT_EQ(bytes_text("abc", DType("S3")), "b'abc'");
    EXPECT_EQ(bytes_text(std::string_view("a\0\xff\0\0", 5), DType("S5")), "b'a\\x00\\xff'");
    EXPECT_EQ(bytes_text("'", DType("S1")), "b\"'\"");
    EXPECT_EQ(bytes_text("\x7f\n", DType("S2")), "b'\\x7f\\n'");
    EXPECT_EQ(bytes_text(std::string_view("\xab\x01\0", 3), DType("V3")), "b'\\xAB\\x01\\x00'");
    EXPECT_EQ(item_text(nullptr, DType("V0")), "b''");
}

TEST(ItemText, OfTimesIsIso) {
    const auto time = [](std::int64_t value, const char* dtype) { return text_of(value, dtype); };
    EXPECT_EQ(time(54, "<M8[Y]"), "2024");
    EXPECT_EQ(time(54 * 12, "<M8[M]"), "2024-01");
    EXPECT_EQ(time(-1, "<M8[M]"), "1969-12");
    EXPECT_EQ(time(5, "<M8[W]"), "1970-02-05");
    EXPECT_EQ(time(19753, "<M8[D]"), "2024-01-31");
    EXPECT_EQ(time(11016, "<M8[D]"), "2000-02-29");
    EXPECT_EQ(time(-719529, "<M8[D]"), "-001-12-31");
    EXPECT_EQ(time(5, "<M8[h]"), "1970-01-01T05");
    EXPECT_EQ(time(5, "<M8[m]"), "1970-01-01T00:05");
    EXPECT_EQ(time(1706702400, "<M8[s]"), "2024-01-31T12:00:00");
    EXPECT_EQ(time(-1, "<M8[ms]"), "1969-12-31T23:59:59.999");
    EXPECT_EQ(time(1, "<M8[us]"), "1970-01-01T00:00:00.000001");
    EXPECT_EQ(time(1, "<M8[ns]"), "1970-01-01T00:00:00.000000001");
    EXPECT_EQ(time(5, "<M8[as]"), "1970-01-01T00:00:00.000000000000000005");
    EXPECT_EQ(time(3, "<M8[25s]"), "1970-01-01T00:01:15");
    EXPECT_EQ(time(std::numeric_limits<std::int64_t>::max(), "<M8[D]"), "25252734927768524-07-27");
    EXPECT_EQ(time(-2100, "<M8[Y]"), "-130");
    EXPECT_EQ(time(-12014, "<M8[Y]"), "-10044");
    EXPECT_EQ(time(not_a_time, "<M8[ns]"), "NaT");
    EXPECT_EQ(time(5, "<M8"), "5");
}

TEST(ItemText, OfTimeSpansNamesTheUnit) {
    EXPECT_EQ(text_of(std::int64_t{25}, "<m8[s]"), "25 s");
    EXPECT_EQ(text_of(std::int64_t{-3}, "<m8[25s]"), "-75 s");
    EXPECT_EQ(text_of(std::int64_t{5}, "<m8"), "5");
    EXPECT_EQ(text_of(not_a_time, "<m8[s]"), "NaT");
}

TEST(ItemText, OfStructuresIsATuple) {
    const DType pair = DType::structure({{"a", DType("u1"), 0}, {"b", DType("S2"), 1}}, 3, false);
    EXPECT_EQ(bytes_text("\x05xy", pair), "(5, b'xy')");
    EXPECT_EQ(bytes_text("\x05", DType::structure({{"a", DType("u1"), 0}}, 1, false)), "(5,)");
    const DType nested = DType::structure({{"p", pair, 0}, {"s", DType::subarray(DType("u1"), {2, 2}), 3}}, 7, false);
    EXPECT_EQ(bytes_text("\x05xy\x01\x02\x03\x04", nested), "((5, b'xy'), [[1, 2], [3, 4]])");
    EXPECT_EQ(bytes_text("12345678", DType("O")), "object");
}

TEST(ItemText, OfTheOtherByteOrderIsTheSame) {
    EXPECT_EQ(bytes_text(std::string_view("\0\0\1\0", 4), DType(">i4")), "256");
    EXPECT_EQ(bytes_text(std::string_view("\0\0\0a", 4), DType(">U1")), "'a'");
    EXPECT_EQ(bytes_text(std::string_view("\1\0\1", 3),
                         DType::structure({{"a", DType("u1"), 0}, {"b", DType(">i2"), 1}}, 3, false)),
              "(1, 1)");
}

TEST(ItemText, OfHugeItemsIsCutOff) {
    const std::string huge(1'000'000, '\x01');
    for (const DType& dtype : {DType('S', huge.size()), DType('V', huge.size()), DType('U', huge.size()),
                               DType::subarray(DType("u1"), {1000, 1000}), DType::subarray(DType("V0"), {1ULL << 60}),
                               DType::subarray(DType::subarray(DType("V0"), {1ULL << 60}), {1ULL << 60})}) {
        const std::string text = bytes_text(huge, dtype);
        EXPECT_LT(text.size(), 70'000U) << dtype.str();
        EXPECT_TRUE(text.ends_with("...")) << dtype.str();
    }
}

}  // namespace
}  // namespace jl
