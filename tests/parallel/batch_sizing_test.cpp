// How many tasks make a batch, by the time of those before.
#include "parallel/batch_sizing.hpp"

#include <gtest/gtest.h>
#include <optional>

namespace jl::test {
namespace {

constexpr auto unknown = std::nullopt;

TEST(BatchSizing, GrowsWhileBatchesAreQuick) {
    BatchSizing size(unknown, 1e-3);
    for (int i = 0; i < 4; ++i) EXPECT_EQ(size.next(unknown, 2), 1U);  // the first, two for each worker
    EXPECT_TRUE(size.ended(1, 1e-6));
    EXPECT_TRUE(size.ended(2, 1e-6));
    EXPECT_EQ(size.next(unknown, 2), 4U);
    EXPECT_FALSE(size.ended(1, 1e-6)) << "a batch from before";
    EXPECT_FALSE(size.ended(4, 1e-3));
    EXPECT_TRUE(size.ended(4, 1));
    EXPECT_EQ(size.next(unknown, 2), 2U);
}

TEST(BatchSizing, OfTheFirstOnesIsOneHoweverQuickTheyAre) {
    BatchSizing size(unknown, 1e-3);
    EXPECT_EQ(size.next(unknown, 1), 1U);
    EXPECT_TRUE(size.ended(1, 0));
    EXPECT_EQ(size.next(unknown, 1), 1U);
    EXPECT_EQ(size.next(unknown, 1), 2U);
}

TEST(BatchSizing, LeavesEveryWorkerSomeOfTheLastTasks) {
    BatchSizing size(unknown, 1e-3);
    for (int i = 0; i < 4; ++i) EXPECT_EQ(size.next(100, 2), 1U);
    for (std::size_t tasks = 1; tasks < 64; tasks *= 2) EXPECT_TRUE(size.ended(tasks, 0));
    EXPECT_EQ(size.next(1000, 2), 64U);
    EXPECT_EQ(size.next(40, 2), 10U);
    EXPECT_EQ(size.next(1, 2), 1U);
}

TEST(BatchSizing, IsWhatIsAskedFor) {
    BatchSizing size(7, 1e-3);
    EXPECT_EQ(size.next(1000, 2), 7U);
    EXPECT_FALSE(size.ended(7, 0));
    EXPECT_EQ(size.next(1000, 2), 7U);
    BatchSizing single(unknown, 0);
    EXPECT_FALSE(single.ended(1, 0));
    EXPECT_EQ(single.next(1000, 2), 1U);
}

}  // namespace
}  // namespace jl::test
