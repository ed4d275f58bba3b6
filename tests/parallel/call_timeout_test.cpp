// The longest time of a whole call.
#include <chrono>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <thread>
#include <vector>

#include <jl/error.hpp>
#include <jl/parallel.hpp>

#include "parallel/support/lazy.hpp"
#include "parallel/support/needs_backend.hpp"

namespace jl::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

int nap(int i) {
    std::this_thread::sleep_for(20ms);
    return i;
}

class CallTimeout : public testing::TestWithParam<const char*> {
  protected:
    void SetUp() override { JL_NEEDS_BACKEND(std::string(GetParam())); }
    ParallelOptions options(std::chrono::duration<double> most) const {
        return {.n_jobs = 2, .backend = GetParam(), .call_timeout = most, .batch_size = 1};
    }
};

TEST_P(CallTimeout, EndsACallWhoseResultsComeOneByOne) {
    try {
        Parallel(options(200ms)).map(up_to(10'000), [](int i) { return nap(i); });
        FAIL() << "no error";
    } catch (const TaskError& error) {
        EXPECT_EQ(error.end(), TaskEnd::timeout);
        EXPECT_GT(error.index(), 0U);
        EXPECT_THAT(error.what(), HasSubstr("the call was not done within 0.2 s"));
    }
}

TEST_P(CallTimeout, LeavesTheOutcomesUntilThen) {
    std::vector<decltype(delayed(nap)(0))> tasks;
    for (int i = 0; i < 200; ++i) tasks.push_back(delayed(nap)(i));
    const auto outcomes = Parallel(options(300ms)).outcomes(tasks);
    ASSERT_EQ(outcomes.size(), 200U);
    EXPECT_EQ(*outcomes.front(), 0);
    EXPECT_FALSE(outcomes.back());
}

TEST_P(CallTimeout, CountsTheTimeOfAStreamsReader) {
    std::vector<decltype(delayed(nap)(0))> tasks(1000, delayed(nap)(1));
    int read = 0;
    EXPECT_THROW(
        for ([[maybe_unused]] const int result
             : Parallel(options(200ms)).stream(tasks)) {
            std::this_thread::sleep_for(30ms);
            ++read;
        },
        TaskError);
    EXPECT_GT(read, 0);
    EXPECT_LT(read, 1000);
}

TEST_P(CallTimeout, ThatIsLongEnoughChangesNothing) {
    EXPECT_EQ(Parallel(options(60s)).map(up_to(4), [](int i) { return nap(i); }).size(), 4U);
    const auto scope = parallel_config({.call_timeout = 100ms});
    EXPECT_THROW(Parallel({.n_jobs = 2, .backend = GetParam()}).map(up_to(1000), [](int i) { return nap(i); }),
                 TaskError);
}

INSTANTIATE_TEST_SUITE_P(Of, CallTimeout, testing::Values("sequential", "threading"),
                         [](const auto& backend) { return std::string(backend.param); });

TEST(CallTimeoutOption, IsNoNegativeTime) { EXPECT_THROW((Parallel({.call_timeout = -1s}).map(up_to(1), nap)), Error); }

}  // namespace
}  // namespace jl::test
