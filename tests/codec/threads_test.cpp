#include <gtest/gtest.h>
#include <sched.h>
#include <thread>

#include "codec/binding.hpp"

namespace jl {
namespace {

TEST(Threads, AreAsManyAsAskedFor) {
    EXPECT_EQ(effective_threads(1), 1U);
    EXPECT_EQ(effective_threads(7), 7U);
    EXPECT_LE(effective_threads(1'000'000), 1000U);
}

TEST(Threads, AreByDefaultThoseThatTheProcessMayUse) {
    EXPECT_GE(effective_threads(0), 1U);
    EXPECT_LE(effective_threads(0), std::thread::hardware_concurrency());
    std::jthread([] {
        cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET(static_cast<std::size_t>(sched_getcpu()), &one);
        ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
        EXPECT_EQ(effective_threads(0), 1U);
    }).join();
}

}  // namespace
}  // namespace jl
