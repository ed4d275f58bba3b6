#include <cmath>
#include <complex>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>
#include <string>

#include <jl/mapping.hpp>

#include "graph/support/trip.hpp"
#include "support/random.hpp"

namespace jl::test {
namespace {

using testing::HasSubstr;
__extension__ typedef __int128 Int128;
__extension__ typedef unsigned __int128 UInt128;

template <class T>
class MappingOfIntegers : public testing::Test {};
using Integers = testing::Types<char, signed char, unsigned char, short, unsigned short, int, unsigned, long,
                                unsigned long, long long, unsigned long long>;
TYPED_TEST_SUITE(MappingOfIntegers, Integers);

TYPED_TEST(MappingOfIntegers, BoundsComeBackAndTheirNeighboursAreRefused) {
    using T = TypeParam;
    constexpr T low = std::numeric_limits<T>::min(), high = std::numeric_limits<T>::max();
    for (const T value : {low, T(0), T(1), T(high / 2), high}) expect_trip(value);
    const Int128 below = static_cast<Int128>(low) - 1, above = static_cast<Int128>(high) + 1;
    EXPECT_EQ(trip_error<T>(below).code(), ErrorCode::range);
    EXPECT_EQ(trip_error<T>(above).code(), ErrorCode::range);
}

TYPED_TEST(MappingOfIntegers, FloatsConvertWhenTheyAreWhole) {
    using T = TypeParam;
    EXPECT_EQ(Value(3.0).as<T>(), T(3));
    EXPECT_EQ(Value(true).as<T>(), T(1));
    EXPECT_EQ(trip_error<T>(3.5).code(), ErrorCode::range);
    EXPECT_EQ(trip_error<T>(std::nan("")).code(), ErrorCode::range);
    EXPECT_EQ(trip_error<T>(HUGE_VAL).code(), ErrorCode::range);
    EXPECT_EQ(trip_error<T>(std::string("3")).code(), ErrorCode::type);
}

TEST(Mapping, IntegersOf128BitsComeBack) {
    const Int128 high = std::numeric_limits<Int128>::max(), low = std::numeric_limits<Int128>::min();
    for (const Int128 value : {Int128(0), Int128(-1), Int128(INT64_MIN) - 1, Int128(1) << 64, high, low})
        EXPECT_TRUE(through_value(value) == value && through_file<Int128>(value) == value) << Value(value).str();
    const UInt128 all = ~UInt128(0);
    EXPECT_TRUE(through_value(all) == all);
    EXPECT_TRUE(through_file<UInt128>(all) == all);
    EXPECT_EQ(shown(all), "340282366920938463463374607431768211455");
    EXPECT_EQ(shown(low), "-170141183460469231731687303715884105728");
}

TEST(Mapping, IntegersBeyond128BitsAreRefusedWithTheirValue) {
    EXPECT_EQ(trip_error<Int128>(~UInt128(0)).code(), ErrorCode::range);
    EXPECT_EQ(trip_error<UInt128>(Int128(-1)).code(), ErrorCode::range);
    EXPECT_EQ(trip_error<UInt128>(-1).code(), ErrorCode::range);
    EXPECT_THAT(trip_error<std::uint64_t>(~UInt128(0)).what(), HasSubstr("340282366920938463463374607431768211455"));
}

TEST(Mapping, NumpyScalarsBecomeIntegersOfEveryWidth) {
    const auto first = [](auto item) { return Value(Value(std::vector{item})); };
    const auto of = [&](auto item) { return first(item).template as<std::vector<Int128>>().at(0); };
    EXPECT_TRUE(of(std::int8_t{-5}) == -5);
    EXPECT_TRUE(of(std::int64_t{INT64_MIN}) == INT64_MIN);
    EXPECT_TRUE(of(~std::uint64_t{0}) == Int128(~std::uint64_t{0}));
}

TEST(Mapping, BoolIsABoolOrExactlyZeroOrOne) {
    expect_trip(true);
    expect_trip(false);
    EXPECT_EQ(shown(true), "True");
    EXPECT_TRUE(Value(1).as<bool>());
    EXPECT_EQ(trip_error<bool>(2).code(), ErrorCode::type);
    EXPECT_EQ(trip_error<bool>(std::string("True")).code(), ErrorCode::type);
}

TEST(Mapping, DoublesComeBackToTheBit) {
    for (const double value : {0.0, 1.5, -2.25, 1e308, 5e-324, HUGE_VAL, -HUGE_VAL}) expect_trip(value);
    EXPECT_TRUE(std::signbit(through_file<double>(-0.0)));
    EXPECT_TRUE(std::isnan(through_file<double>(std::nan(""))));
}

TEST(Mapping, FloatsRefuseWhatTheyCannotHold) {
    expect_trip(1.5F);
    expect_trip(std::numeric_limits<float>::max());
    EXPECT_TRUE(std::isnan(through_value(std::nanf(""))));
    EXPECT_EQ(trip_error<float>(0.1).code(), ErrorCode::range);
    EXPECT_EQ(trip_error<float>(1e39).code(), ErrorCode::range);
}

TEST(Mapping, DoublesTakeIntegersOnlyWhenExact) {
    EXPECT_EQ(Value((std::int64_t{1} << 53)).as<double>(), 9007199254740992.0);
    EXPECT_EQ(trip_error<double>((std::int64_t{1} << 53) + 1).code(), ErrorCode::range);
    EXPECT_EQ(Value(UInt128(1) << 100).as<double>(), std::ldexp(1.0, 100));
    EXPECT_EQ(trip_error<double>((UInt128(1) << 100) + 1).code(), ErrorCode::range);
    EXPECT_EQ(trip_error<double>(INT64_MAX).code(), ErrorCode::range);
    EXPECT_EQ(trip_error<double>(~std::uint64_t{0}).code(), ErrorCode::range);
    EXPECT_EQ(Value(INT64_MIN).as<double>(), -9223372036854775808.0);
}

TEST(Mapping, UnsignedIntegersTakeWholeFloatsBeyondTheSignedRange) {
    EXPECT_EQ(Value(1e19).as<std::uint64_t>(), 10'000'000'000'000'000'000U);
    EXPECT_EQ(trip_error<std::uint64_t>(18446744073709551616.0).code(), ErrorCode::range);
    EXPECT_EQ(trip_error<std::uint64_t>(-1.0).code(), ErrorCode::range);
}

TEST(Mapping, LongDoubleIsAFloatWhenItIsExactlyOne) {
    expect_trip(1.5L);
    EXPECT_EQ(error_of([] { dumped(1.0L + std::numeric_limits<long double>::epsilon()); }).code(), ErrorCode::range);
}

TEST(Mapping, ComplexNumbersComeBack) {
    expect_trip(std::complex(1.5, -2.0));
    expect_trip(std::complex(1.5F, -2.0F));
    EXPECT_EQ(shown(std::complex(1.5, -2.0)), "(1.5-2j)");
    EXPECT_EQ((Value(2).as<std::complex<double>>()), std::complex(2.0, 0.0));
    EXPECT_EQ(trip_error<std::complex<float>>(std::complex(0.1, 0.0)).code(), ErrorCode::range);
    EXPECT_EQ(trip_error<double>(std::complex(1.0, 2.0)).code(), ErrorCode::range);
    EXPECT_EQ(trip_error<std::complex<double>>(std::string("1j")).code(), ErrorCode::type);
}

enum class Color : std::uint8_t { red = 1, blue = 200 };
enum Plain { one = 1, minus = -1 };

TEST(Mapping, EnumsAreTheirIntegers) {
    expect_trip(Color::blue);
    expect_trip(minus);
    EXPECT_EQ(shown(Color::blue), "200");
    EXPECT_EQ(trip_error<Color>(300).code(), ErrorCode::range);
}

TEST(Mapping, TextsAreStr) {
    for (const char* text : {"", "a", "gr\xc3\xbc\xc3\x9f\x65 \xe2\x82\xac \xf0\x9f\x98\x80"})
        expect_trip(std::string(text));
    expect_trip(std::string("with \0 inside", 13));
    expect_trip(std::string(300'000, 'x'));
    EXPECT_EQ(through_file<std::string>(std::string_view("view")), "view");
    EXPECT_EQ(through_file<std::string>("literal"), "literal");
    const char* none = nullptr;
    EXPECT_TRUE(Value(none).is_none());
    EXPECT_EQ(trip_error<std::string>(1).code(), ErrorCode::type);
}

TEST(Mapping, TextsThatAreNoUtf8AreRefusedWithTheirPath) {
    const std::map<std::string, std::string> value{{"name", "\xff"}};
    const Error error = error_of([&] { dumped(value); });
    EXPECT_EQ(error.code(), ErrorCode::range);
    EXPECT_EQ(error.path(), "/name");
    EXPECT_THAT(error.what(), HasSubstr("bytes"));
    EXPECT_EQ(error_of([&] { dumped(std::vector<std::string>{"fine", "\xff"}); }).path(), "/1");
    EXPECT_EQ(error_of([&] { Value{value}; }).code(), ErrorCode::range);
}

TEST(Mapping, NullptrIsNone) {
    EXPECT_TRUE(Value(nullptr).is_none());
    EXPECT_EQ(through_file<std::nullptr_t>(nullptr), nullptr);
    EXPECT_EQ(trip_error<std::nullptr_t>(1).code(), ErrorCode::type);
}

TEST(Mapping, ErrorsNamePathValueAndType) {
    const std::map<std::string, std::vector<int>> value{{"a/b", {1, 70'000}}};
    const Error error = trip_error<std::map<std::string, std::vector<std::int16_t>>>(value);
    EXPECT_EQ(error.code(), ErrorCode::range);
    EXPECT_EQ(error.path(), "/a%2Fb");
    EXPECT_THAT(error.what(), HasSubstr("item 1 is 70000"));
    const Error list = trip_error<std::vector<std::string>>(std::tuple(std::string("x"), 5));
    EXPECT_EQ(list.path(), "/1");
    EXPECT_THAT(list.what(), HasSubstr("a str is needed"));
}

TEST(Mapping, RandomIntegersConvertExactlyWhereTheyFit) {
    Random random;
    SCOPED_TRACE(random.seed_text());
    for (int i = 0; i < 2'000; ++i) {
        const auto value = static_cast<std::int64_t>(random.next()) >> random.below(64);
        EXPECT_EQ(Value(value).as<std::int64_t>(), value);
        const bool fits = std::in_range<std::int16_t>(value);
        try {
            EXPECT_EQ(Value(value).as<std::int16_t>(), value);
            EXPECT_TRUE(fits) << value;
        } catch (const Error& error) {
            EXPECT_FALSE(fits) << value;
        }
    }
}

}  // namespace
}  // namespace jl::test
