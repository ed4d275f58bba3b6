#include "codec/ordered_jobs.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <gtest/gtest.h>

#include "codec/parallel_for.hpp"
#include "support/faulty_io.hpp"
#include "support/random.hpp"

namespace jl::detail {
namespace {

TEST(OrderedJobs, ComeBackInTheOrderInWhichTheyWereGiven) {
    test::Random random;
    SCOPED_TRACE(random.seed_text());
    for (const unsigned threads : {1U, 2U, 5U}) {
        std::array<int, 7> slots{};
        std::array<std::atomic<int>, 5> busy{};
        std::atomic<bool> shared{false};
        OrderedJobs jobs(threads, slots.size(), [&](unsigned worker, std::size_t slot) {
            if (busy[worker]++ != 0) shared = true;
            for (int i = 0; i < slots[slot] % 3 * 1000; ++i) std::atomic_signal_fence(std::memory_order_seq_cst);
            slots[slot] *= 2;
            --busy[worker];
        });
        int given = 0;
        int taken = 0;
        const auto take = [&] { ASSERT_EQ(slots[jobs.finish_oldest()], 2 * taken++); };
        while (given < 1000) {
            if (jobs.full() || (!jobs.empty() && random.below(4) == 0)) take();
            slots[jobs.next_slot()] = given++;
            jobs.submit();
        }
        while (!jobs.empty()) take();
        EXPECT_EQ(taken, given);
        EXPECT_FALSE(shared) << "a worker had two jobs at once";
    }
}

TEST(OrderedJobs, ThrowWhereTheyAreWaitedFor) {
    for (const unsigned threads : {1U, 2U}) {
        std::array<int, 3> slots{1, 2, 3};
        OrderedJobs jobs(threads, slots.size(), [&](unsigned, std::size_t slot) {
            if (slots[slot] == 2) throw test::Injected();
        });
        for (int i = 0; i < 3; ++i) jobs.submit();
        EXPECT_EQ(jobs.finish_oldest(), 0U);
        EXPECT_THROW(jobs.finish_oldest(), test::Injected);
        EXPECT_EQ(jobs.finish_oldest(), 2U);
    }
}

TEST(OrderedJobs, ThatWereNotBegunAreDroppedByCancel) {
    std::atomic<int> done{0};
    OrderedJobs jobs(1, 4, [&](unsigned, std::size_t) { ++done; });
    for (int i = 0; i < 4; ++i) jobs.submit();
    jobs.finish_oldest();
    jobs.cancel();
    EXPECT_EQ(done, 1);
}

TEST(ParallelFor, CallsEachPieceOnce) {
    for (const unsigned threads : {1U, 2U, 8U}) {
        for (const std::size_t count : {0U, 1U, 2U, 100U}) {
            std::vector<std::atomic<int>> calls(count);
            parallel_for(count, threads, [&](unsigned worker, std::size_t piece) {
                EXPECT_LT(worker, threads);
                ++calls[piece];
            });
            for (const auto& each : calls) EXPECT_EQ(each, 1);
        }
    }
}

TEST(ParallelFor, ThrowsTheFirstFailureAndBeginsNothingMore) {
    for (const unsigned threads : {1U, 3U}) {
        std::atomic<int> begun{0};
        const auto work = [&](unsigned, std::size_t) {
            ++begun;
            throw test::Injected();
        };
        EXPECT_THROW(parallel_for(1000, threads, work), test::Injected);
        EXPECT_LE(begun, static_cast<int>(threads));
    }
}

}  // namespace
}  // namespace jl::detail
