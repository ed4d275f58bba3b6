// The lines are those that joblib 1.6 printed for the same calls.
#include "parallel/progress_lines.hpp"

#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include <jl/parallel.hpp>

#include "parallel/support/lazy.hpp"
#include "parallel/support/needs_backend.hpp"

namespace jl::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> lines_of(int n_jobs, int verbose, int count) {
    std::vector<std::string> lines;
    const auto tasks = lazy(count, [](int i) { return delayed([](int x) { return std::sqrt(x); })(i * i); });
    Parallel({.n_jobs = n_jobs, .backend = "threading", .verbose = verbose, .log = [&](std::string_view line) {
                  lines.emplace_back(line);
              }})(tasks);
    return lines;
}

TEST(ProgressLines, AreJoblibsWithOneJob) {
    EXPECT_THAT(lines_of(1, 50, 3),
                ElementsAre("[Parallel(n_jobs=1)]: Done   1 tasks      | elapsed:    0.0s",
                            "[Parallel(n_jobs=1)]: Done   2 tasks      | elapsed:    0.0s",
                            "[Parallel(n_jobs=1)]: Done   3 tasks      | elapsed:    0.0s",
                            "[Parallel(n_jobs=1)]: Done   3 out of   3 | elapsed:    0.0s finished"));
}

TEST(ProgressLines, GetFewerAsItGoesOn) {
    EXPECT_THAT(lines_of(1, 10, 30),
                ElementsAre("[Parallel(n_jobs=1)]: Done   1 tasks      | elapsed:    0.0s",
                            "[Parallel(n_jobs=1)]: Done   4 tasks      | elapsed:    0.0s",
                            "[Parallel(n_jobs=1)]: Done   7 tasks      | elapsed:    0.0s",
                            "[Parallel(n_jobs=1)]: Done  12 tasks      | elapsed:    0.0s",
                            "[Parallel(n_jobs=1)]: Done  17 tasks      | elapsed:    0.0s",
                            "[Parallel(n_jobs=1)]: Done  24 tasks      | elapsed:    0.0s",
                            "[Parallel(n_jobs=1)]: Done  30 out of  30 | elapsed:    0.0s finished"));
    EXPECT_THAT(lines_of(1, 5, 6),
                ElementsAre("[Parallel(n_jobs=1)]: Done   6 out of   6 | elapsed:    0.0s finished"));
    EXPECT_THAT(lines_of(1, 0, 6), IsEmpty());
}

TEST(ProgressLines, KnowTheLengthOfAContainer) {
    std::vector<std::string> lines;
    Parallel({.verbose = 50, .log = [&](std::string_view line) { lines.emplace_back(line); }})
        .map(std::vector{1, 2}, [](int x) { return x; });
    EXPECT_THAT(lines, ElementsAre("[Parallel(n_jobs=1)]: Done 1 out of 2 | elapsed:    0.0s",
                                   "[Parallel(n_jobs=1)]: Done 2 out of 2 | elapsed:    0.0s",
                                   "[Parallel(n_jobs=1)]: Done 2 out of 2 | elapsed:    0.0s finished"));
}

TEST(ProgressLines, OfThreadsBeginWithTheBackendAndEndWithAll) {
    JL_NEEDS_BACKEND("threading");
    const auto lines = lines_of(3, 50, 6);
    ASSERT_GE(lines.size(), 3U);
    EXPECT_EQ(lines.front(), "[Parallel(n_jobs=3)]: Using backend ThreadingBackend with 3 concurrent workers.");
    EXPECT_EQ(lines.back(), "[Parallel(n_jobs=3)]: Done   6 out of   6 | elapsed:    0.0s finished");
    for (std::size_t i = 1; i + 1 < lines.size(); ++i)
        EXPECT_THAT(lines[i], testing::MatchesRegex(
                                  "\\[Parallel\\(n_jobs=3\\)\\]: Done   [1-6] (tasks     |out of   6) \\| elapsed:    "
                                  "0\\.0s( remaining:    0\\.0s)?"));
}

// joblib: "Batch computation too fast (0.0004830360412597656s.) Setting batch_size=2."
TEST(ProgressLines, TellHowTheSizeOfBatchesChanges) {
    std::vector<std::string> told;
    const auto lines = [&](int verbose) {
        return ProgressLines({.verbose = verbose, .log = [&](std::string_view line) { told.emplace_back(line); }});
    };
    lines(10).report_batch_size(0.0004830360412597656, 1, 2);
    lines(50).report_batch_size(2.5, 4, 2);
    lines(10).report_batch_size(4.5e-05, 2, 4);
    lines(9).report_batch_size(0.25, 4, 8);
    EXPECT_THAT(
        told,
        ElementsAre("[Parallel(n_jobs=1)]: Batch computation too fast (0.0004830360412597656s.) Setting batch_size=2.",
                    "[Parallel(n_jobs=1)]: Batch computation too slow (2.5s.) Setting batch_size=2.",
                    "[Parallel(n_jobs=1)]: Batch computation too fast (4.5e-05s.) Setting batch_size=4."));
}

TEST(ProgressLines, TellTimeInSecondsThenMinutes) {
    EXPECT_EQ(ProgressLines::time_text(1.26), "   1.3s");
    EXPECT_EQ(ProgressLines::time_text(60), "  60.0s");
    EXPECT_EQ(ProgressLines::time_text(90), " 1.5min");
}

}  // namespace
}  // namespace jl::test
