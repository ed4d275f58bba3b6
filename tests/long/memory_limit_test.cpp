// Memory that runs out for real: the system kills a worker process, the task that ran there has that outcome, the
// others theirs. In a control group of a limited size, which needs rights that not every user has. Run by scripts/long.
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <optional>
#include <string>
#include <unistd.h>
#include <vector>

#include <jl/parallel.hpp>

#include "support/child_process.hpp"

namespace jl::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr int limit = 256 << 20;

bool write_line(const std::string& path, const std::string& line) {
    std::ofstream file(path);
    file << line << std::flush;
    return file.good();
}

// Processes that enter it have 256 MiB together. Of control groups version 1 or 2; removed in the end, when they have
// gone.
class LimitedGroup {
  public:
    LimitedGroup() {
        make("/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.memsw.limit_in_bytes", limit);
        write_line("/sys/fs/cgroup/cgroup.subtree_control", "+memory");
        if (!path_) make("/sys/fs/cgroup", "memory.max", "memory.swap.max", 0);
    }
    LimitedGroup(const LimitedGroup&) = delete;
    LimitedGroup& operator=(const LimitedGroup&) = delete;
    ~LimitedGroup() {
        for (int i = 0; path_ && i < 500 && ::rmdir(path_->c_str()) != 0; ++i) ::usleep(10'000);
    }

    const std::optional<std::string>& path() const { return path_; }
    static bool enter(const std::string& path) {
        return write_line(path + "/cgroup.procs", std::to_string(::getpid()));
    }

  private:
    // Files of the limits of memory, and of swapped memory (1: of both together), which not every system has.
    void make(const std::string& root, const std::string& memory, const std::string& swap, int swap_limit) {
        const std::string path = root + "/jl-test-" + std::to_string(::getpid());
        std::error_code failed;
        if (!std::filesystem::create_directory(path, failed)) return;
        path_ = path;
        const bool is_one = std::filesystem::exists(path + '/' + memory);
        if (!is_one || !write_line(path + '/' + memory, std::to_string(limit))) {
            std::filesystem::remove(path, failed);
            path_.reset();
        } else if (std::filesystem::exists(path + '/' + swap)) {
            write_line(path + '/' + swap, std::to_string(swap_limit));
        }
    }

    std::optional<std::string> path_;
};

// `group`: empty: where its parent is.
int takes_a_gigabyte(int number, const std::string& group) {
    if (number != 2) return number;
    if (!group.empty() && !LimitedGroup::enter(group)) return -1;
    std::vector<char> all(std::size_t{1} << 30, 'x');
    return all[all.size() / 2];
}

const ParallelOptions processes{.n_jobs = 2, .backend = "loky", .batch_size = 2};

void expect_that_one_task_is_lost(const std::string& group) {
    std::vector<decltype(delayed(takes_a_gigabyte)(0, group))> tasks;
    for (int i = 0; i < 6; ++i) tasks.push_back(delayed(takes_a_gigabyte)(i, group));
    for (int round = 0; round < 3; ++round) {
        const auto outcomes = Parallel(processes).outcomes(tasks);
        ASSERT_EQ(outcomes.size(), 6U);
        for (const int i : {0, 1, 3, 4, 5}) {
            ASSERT_TRUE(outcomes[static_cast<std::size_t>(i)]) << i;
            EXPECT_EQ(*outcomes[static_cast<std::size_t>(i)], i);
        }
        ASSERT_FALSE(outcomes[2]) << *outcomes[2];
        EXPECT_EQ(outcomes[2].error().end(), TaskEnd::worker_lost);
        EXPECT_THAT(
            outcomes[2].error().what(),
            AllOf(HasSubstr("task 2: "), HasSubstr("was killed by signal 9 (Killed), perhaps since memory ran out")));
        EXPECT_EQ(Parallel(processes).map(std::vector{1, 2, 3}, [](int x) { return 2 * x; }), std::vector({2, 4, 6}));
    }
}

TEST(MemoryLimit, OfAWorkerIsTheEndOfItsTask) {
    const LimitedGroup group;
    if (!group.path()) GTEST_SKIP() << "no control group can be made here";
    expect_that_one_task_is_lost(*group.path());
}

// Run by the test below, in a program of its own.
TEST(MemoryLimit, DISABLED_IsThere) {
    ASSERT_TRUE(LimitedGroup::enter(std::getenv("JL_TEST_GROUP")));
    expect_that_one_task_is_lost("");
}

// The system chooses whom it kills: the process that has most.
TEST(MemoryLimit, OfAProgramIsTheEndOfATaskNotOfTheProgram) {
    const LimitedGroup group;
    if (!group.path()) GTEST_SKIP() << "no control group can be made here";
    const pid_t child = start_process([&] {
        ::setenv("JL_TEST_GROUP", group.path()->c_str(), 1);
        return ::execl("/proc/self/exe", "test", "--gtest_filter=*DISABLED_IsThere", "--gtest_also_run_disabled_tests",
                       nullptr);
    });
    EXPECT_EQ(wait_for(child), 0);
}

}  // namespace
}  // namespace jl::test
