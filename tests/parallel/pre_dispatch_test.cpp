#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

#include <jl/parallel_options.hpp>

#include "support/error.hpp"

namespace jl::test {
namespace {

TEST(PreDispatch, IsANumberAllOrArithmetic) {
    EXPECT_EQ(PreDispatch().batches(3), 6U);
    EXPECT_EQ(PreDispatch(5).batches(3), 5U);
    EXPECT_EQ(PreDispatch("all").batches(3), std::nullopt);
    EXPECT_EQ(PreDispatch("1.5*n_jobs").batches(3), 4U);
    EXPECT_EQ(PreDispatch(" ( n_jobs + 1 ) * 2 ").batches(3), 8U);
    EXPECT_EQ(PreDispatch("2**3**2").batches(1), 512U);
    EXPECT_EQ(PreDispatch("-7//2+9").batches(1), 5U);
    EXPECT_EQ(PreDispatch("-7%5").batches(1), 3U);
    EXPECT_EQ(PreDispatch("n_jobs/4").batches(2), 1U);
    EXPECT_EQ(PreDispatch(-3).batches(2), 1U);
    EXPECT_EQ(PreDispatch(2'000'000).batches(2), 2'000'000U);
    EXPECT_EQ(PreDispatch().batches(600'000), 1'200'000U);
    static_assert(!std::is_constructible_v<PreDispatch, bool> && !std::is_constructible_v<PreDispatch, char>);
}

TEST(PreDispatch, RefusesInJoblibsWords) {
    const auto message = [](const char* text) {
        return std::string(error_of([&] { (void)PreDispatch(text).batches(2); }).what());
    };
    for (const char* bad : {"", "n_job", "exec(1)", "1 +", "(1", "1)", "1/0", "2 3", "inf"})
        EXPECT_EQ(message(bad), "'" + std::string(bad) + "' is not a valid or supported arithmetic expression.");
    EXPECT_EQ(message("1000001"), "Numeric literal 1000001 is too large, max is 1000000.");
    EXPECT_EQ(message("10**7 // 10**7"), "Numeric literal 10000000 is too large, max is 1000000.");
    EXPECT_EQ(message("1000*1001"), "Numeric literal 1001000 is too large, max is 1000000.");
    EXPECT_EQ(message("n_jobs +"), "'2 +' is not a valid or supported arithmetic expression.");
    EXPECT_EQ(message("n_jobs + 1000 + 1000 + 1000 + 1000 + 1"),
              "Expression '2 + 1000 + 1000 + 1000 + 1000 '... is too long. Max length is 30, got 33.");
    EXPECT_EQ(PreDispatch("n_jobs + n_jobs + n_jobs + n_jobs").batches(2), 8U);
}

}  // namespace
}  // namespace jl::test
