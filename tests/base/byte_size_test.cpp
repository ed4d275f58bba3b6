#include <gtest/gtest.h>

#include <jl/byte_size.hpp>

#include "support/error.hpp"

namespace jl::test {
namespace {

TEST(ByteSizes, FollowJoblibsGrammar) {
    EXPECT_EQ(ByteSize("80G").bytes(), 80ULL << 30);
    EXPECT_EQ(ByteSize("1.4M").bytes(), static_cast<std::uint64_t>(1.4 * 1024 * 1024));
    EXPECT_EQ(ByteSize(std::string("120M")).bytes(), 120ULL << 20);
    EXPECT_EQ(ByteSize("53K").bytes(), 53ULL << 10);
    EXPECT_EQ(ByteSize(5).bytes(), 5U);
    EXPECT_EQ(ByteSize(std::uint64_t{1} << 63).bytes(), std::uint64_t{1} << 63);
}

TEST(ByteSizes, OtherTextsAreRefusedInJoblibsWords) {
    EXPECT_STREQ(error_of([] { ByteSize("fooG"); }).what(),
                 "Invalid literal for size give: fooG (type <class 'str'>) should be alike '10G', '500M', '50K'.");
    for (const char* const text : {"1.4N", "", "G", "5", "-1K", "1 K", "nanK", "infG", "1e300G"})
        EXPECT_EQ(error_of([&] { ByteSize{text}; }).code(), ErrorCode::usage) << text;
    EXPECT_EQ(error_of([] { ByteSize(-1); }).code(), ErrorCode::usage);
}

}  // namespace
}  // namespace jl::test
