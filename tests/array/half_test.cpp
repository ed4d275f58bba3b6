#include "array/half.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <vector>

#include "support/random.hpp"

namespace jl::detail {
namespace {

// The twin: from the definition.
double value_of(std::uint16_t half) {
    const int exponent = (half >> 10) & 0x1F;
    const int fraction = half & 0x3FF;
    const double sign = half >= 0x8000 ? -1 : 1;
    if (exponent == 31) return fraction == 0 ? sign * std::numeric_limits<double>::infinity() : std::nan("");
    return sign * (exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25));
}

TEST(Half, HasTheValueOfItsDefinition) {
    for (std::uint32_t bits = 0; bits < 65536; ++bits) {
        const auto half = static_cast<std::uint16_t>(bits);
        const double expected = value_of(half);
        const float actual = float_of_half(half);
        if (std::isnan(expected)) {
            EXPECT_TRUE(std::isnan(actual)) << bits;
        } else {
            EXPECT_EQ(actual, expected) << bits;
            EXPECT_EQ(std::signbit(actual), std::signbit(expected)) << bits;
            EXPECT_EQ(half_of_float(actual), half);
        }
    }
}

TEST(Half, RoundsToTheNearestAndTiesToEven) {
    test::Random random;
    SCOPED_TRACE(random.seed_text());
    for (std::uint32_t bits = 0; bits < 0x7BFF; ++bits) {
        const auto half = static_cast<std::uint16_t>(bits);
        const auto next = static_cast<std::uint16_t>(bits + 1);
        const float low = float_of_half(half);
        const float high = float_of_half(next);
        const float middle = (low + high) / 2;
        ASSERT_EQ(half_of_float(middle), bits % 2 == 0 ? half : next) << bits;
        ASSERT_EQ(half_of_float(std::nextafter(middle, low)), half) << bits;
        ASSERT_EQ(half_of_float(std::nextafter(middle, high)), next) << bits;
        ASSERT_EQ(half_of_float(-middle), 0x8000U | (bits % 2 == 0 ? half : next)) << bits;
    }
}

TEST(Half, BecomesInfiniteWhereItEnds) {
    EXPECT_EQ(half_of_float(65504.0F), 0x7BFF);
    EXPECT_EQ(half_of_float(65519.996F), 0x7BFF);
    EXPECT_EQ(half_of_float(65520.0F), 0x7C00);
    EXPECT_EQ(half_of_float(1e38F), 0x7C00);
    EXPECT_EQ(half_of_float(-std::numeric_limits<float>::infinity()), 0xFC00);
    EXPECT_EQ(half_of_float(0x1p-25F), 0);
    EXPECT_EQ(half_of_float(0x1.8p-25F), 1);
    EXPECT_EQ(half_of_float(std::numeric_limits<float>::denorm_min()), 0);
    EXPECT_TRUE(std::isnan(float_of_half(half_of_float(std::numeric_limits<float>::quiet_NaN()))));
    EXPECT_TRUE(std::isnan(float_of_half(half_of_float(std::bit_cast<float>(0x7F800001U)))))
        << "a payload that half has no room for";
}

}  // namespace
}  // namespace jl::detail
