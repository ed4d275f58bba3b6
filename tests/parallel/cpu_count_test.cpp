#include <cstdlib>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>

#include <jl/cpu_count.hpp>
#include <jl/error.hpp>

#include "support/error.hpp"

namespace jl::test {
namespace {

// Sets the variable for a test.
class Limit {
  public:
    explicit Limit(const char* text) { ::setenv("JL_MAX_CPU_COUNT", text, 1); }
    ~Limit() { ::unsetenv("JL_MAX_CPU_COUNT"); }
    Limit(const Limit&) = delete;
    Limit& operator=(const Limit&) = delete;
};

TEST(CpuCount, IsThatOfTheCoresWhichTheProcessMayUse) {
    cpu_set_t before;
    ASSERT_EQ(::sched_getaffinity(0, sizeof before, &before), 0);
    EXPECT_LE(cpu_count(), CPU_COUNT(&before));
    cpu_set_t one;
    CPU_ZERO(&one);
    for (std::size_t core = 0; CPU_COUNT(&one) == 0; ++core)
        if (CPU_ISSET(core, &before)) CPU_SET(core, &one);
    ASSERT_EQ(::sched_setaffinity(0, sizeof one, &one), 0);
    EXPECT_EQ(cpu_count(), 1);
    EXPECT_EQ(::sched_setaffinity(0, sizeof before, &before), 0);
}

TEST(CpuCount, IsNoMoreThanTheEnvironmentAllows) {
    const int cores = cpu_count();
    EXPECT_EQ((Limit("1"), cpu_count()), 1);
    EXPECT_EQ((Limit("100000"), cpu_count()), cores);
    for (const char* bad : {"", "0", "-1", "two", "2 "}) {
        const Limit limit(bad);
        EXPECT_STREQ(error_of([] { cpu_count(); }).what(),
                     ("JL_MAX_CPU_COUNT is '" + std::string(bad) + "', not a number of cores").c_str());
    }
}

TEST(CpuCount, NJobsBelowZeroLeavesCoresFree) {
    EXPECT_EQ(effective_n_jobs(), cpu_count());
    EXPECT_EQ(effective_n_jobs(-1), cpu_count());
    EXPECT_EQ(effective_n_jobs(-2), std::max(cpu_count() - 1, 1));
    EXPECT_EQ(effective_n_jobs(-100'000), 1);
    EXPECT_EQ(effective_n_jobs(100'000), 100'000);
    EXPECT_STREQ(error_of([] { effective_n_jobs(0); }).what(), "n_jobs == 0 in Parallel has no meaning");
}

}  // namespace
}  // namespace jl::test
