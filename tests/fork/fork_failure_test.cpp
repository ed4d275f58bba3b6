// Children that die, hang and find no room: each task has its outcome, the others theirs, the next call works, and
// nothing of it is left.
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iterator>
#include <new>
#include <stdexcept>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include <jl/parallel.hpp>

#include "parallel/support/lazy.hpp"
#include "support/child_process.hpp"
#include "support/peak_memory.hpp"
#include "support/temp_dir.hpp"

namespace jl::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

using namespace std::chrono_literals;

auto open_files() {
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), std::filesystem::directory_iterator());
}

class ForkFailures : public testing::Test {
  protected:
    void TearDown() override {
        EXPECT_THAT(Parallel(forked).map(up_to(3), [](int x) { return x; }), ElementsAre(0, 1, 2));
        EXPECT_EQ(open_files(), files_before);
        EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "a child is left";
        EXPECT_EQ(errno, ECHILD);
    }

    // The outcome of task 5 of ten, in batches of four, which ends with `act`; every other task has its value.
    template <class Act>
    TaskError error_of_one(const Act& act) const {
        const auto outcomes = Parallel(forked).outcomes(up_to(10), [&](int x) {
            if (x == 5) act();
            return 2 * x;
        });
        for (std::size_t i = 0; i < outcomes.size(); ++i)
            if (i != 5) {
                EXPECT_EQ(*outcomes[i], 2 * static_cast<int>(i));
            }
        return outcomes.at(5) ? TaskError(5, TaskEnd::cancelled, "no error") : outcomes[5].error();
    }
    template <class Act>
    void expect_lost(const Act& act, const char* how) const {
        const TaskError error = error_of_one(act);
        EXPECT_EQ(error.end(), TaskEnd::worker_lost);
        EXPECT_THAT(error.what(), HasSubstr("task 5: the child process (pid "));
        EXPECT_THAT(error.what(), HasSubstr(how));
    }

    const ParallelOptions forked{.n_jobs = 2, .backend = "fork", .batch_size = 4};
    const decltype(open_files()) files_before = open_files();
};

int sleeps(int milliseconds) {
    std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
    return milliseconds;
}

TEST_F(ForkFailures, OfATaskThatDiesAreThatTasksAlone) {
    expect_lost([] { std::abort(); }, "was killed by signal 6 (Aborted)");
    expect_lost([] { ::_exit(3); }, "ended with status 3");
    expect_lost([] { ::_exit(0); }, "ended with status 0");
    expect_lost([] { ::kill(::getpid(), SIGKILL); }, "signal 9 (Killed), perhaps since memory ran out");
}

TEST_F(ForkFailures, OfATaskThatThrowsAnythingAreToldByItsType) {
    const int captured = 7;
    EXPECT_STREQ(error_of_one([&] { throw captured; }).what(), "task 5: int");
    EXPECT_STREQ(error_of_one([] { throw std::bad_alloc(); }).what(), "task 5: std::bad_alloc: std::bad_alloc");
    const TaskError error = error_of_one([] { throw std::runtime_error("no"); });
    EXPECT_STREQ(error.what(), "task 5: std::runtime_error: no");
    EXPECT_EQ(error.end(), TaskEnd::exception);
}

TEST_F(ForkFailures, OfATaskThatFindsNoMemoryAreItsOwn) {
    if (instrumented) return;  // sanitizers end the program where memory is refused
    const TaskError error = error_of_one([] {
        const rlimit little{std::size_t{1} << 28, std::size_t{1} << 28};
        ::setrlimit(RLIMIT_AS, &little);
        const std::vector<char> much(std::size_t{1} << 29);
        ::_exit(much[17]);
    });
    EXPECT_STREQ(error.what(), "task 5: std::bad_alloc: std::bad_alloc");
}

TEST_F(ForkFailures, EndACallThatWantsAllResults) {
    for (int round = 0; round < 50; ++round) {
        try {
            Parallel{forked}.map(up_to(20), [&](int x) {
                if (x != 7) return;
                if (round % 2 == 0) ::kill(::getpid(), SIGKILL);
                throw std::runtime_error("no");
            });
            FAIL() << "no error";
        } catch (const TaskError& error) {
            EXPECT_EQ(error.index(), 7U) << error.what();
        }
    }
}

TEST_F(ForkFailures, OfATaskThatHangsEndWithTheTimeout) {
    ParallelOptions options = forked;
    options.timeout = 200ms;
    options.batch_size = 1;
    const auto begin = std::chrono::steady_clock::now();
    try {
        Parallel{options}.map(std::vector{1, 100'000, 2}, sleeps);
        FAIL() << "no error";
    } catch (const TaskError& error) {
        EXPECT_EQ(error.end(), TaskEnd::timeout);
        EXPECT_EQ(error.index(), 1U);
    }
    const auto outcomes =
        Parallel(options).outcomes(std::vector{delayed(sleeps)(1), delayed(sleeps)(100'000), delayed(sleeps)(2)});
    EXPECT_EQ(*outcomes[0], 1);
    EXPECT_EQ(outcomes[1].error().end(), TaskEnd::timeout);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 20s);
}

TEST_F(ForkFailures, OfATaskThatTakesTooLongAreItsOwn) {
    ParallelOptions options = forked;
    options.task_timeout = 300ms;
    const auto outcomes =
        Parallel(options).outcomes(up_to(8), [](int x) { return sleeps(x % 4 == 1 ? 100'000 : 1), x; });
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        if (i % 4 != 1) {
            EXPECT_EQ(*outcomes[i], static_cast<int>(i));
        } else {
            EXPECT_EQ(outcomes[i].error().end(), TaskEnd::timeout);
            EXPECT_THAT(outcomes[i].error().what(), HasSubstr("not done within 0.3 s"));
        }
    }
}

TEST_F(ForkFailures, AreNotMadeByAReaderWhoTakesHisTime) {
    ParallelOptions options = forked;
    options.task_timeout = 300ms;
    int next = 0;
    for (const int x : Parallel(options).stream(std::vector<decltype(delayed(sleeps)(0))>(8, delayed(sleeps)(50)))) {
        if (next == 0) std::this_thread::sleep_for(1s);
        EXPECT_EQ(x, 50);
        ++next;
    }
    EXPECT_EQ(next, 8);
}

TEST_F(ForkFailures, OfATaskEndTheOthersThatRun) {
    ParallelOptions options = forked;
    options.batch_size = 1;
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_THROW(Parallel(options).map(std::vector{100'000, -1},
                                       [](int ms) { return ms < 0 ? throw std::runtime_error("no") : sleeps(ms); }),
                 TaskError);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 20s);
}

TEST_F(ForkFailures, AreNotMadeByAStreamThatIsDropped) {
    ParallelOptions options = forked;
    options.batch_size = 1;
    for (int round = 0; round < 10; ++round)
        for (const int x : Parallel(options).stream(std::vector{delayed(sleeps)(1), delayed(sleeps)(100'000)})) {
            EXPECT_EQ(x, 1);
            break;
        }
}

TEST_F(ForkFailures, AreNotMadeByATaskThatForks) {
    const auto forks = [](int x) {
        (void)::fork();  // and both come back
        return x;
    };
    EXPECT_THAT(Parallel(forked).map(up_to(6), forks), ElementsAre(0, 1, 2, 3, 4, 5));
}

// In a process of its own, which may then have so many more files.
int with_files(int more, int tasks) {
    const auto most = static_cast<rlim_t>(::dup(0) + more);
    const rlimit files{most, most};
    ::setrlimit(RLIMIT_NOFILE, &files);
    try {
        const ParallelOptions options{.n_jobs = 3, .backend = "fork", .batch_size = 1};
        return static_cast<int>(Parallel(options).map(up_to(tasks), [](int x) { return sleeps(20), x; }).size());
    } catch (const TaskError& error) {
        const bool is_told = std::string(error.what()).find("Too many open files") != std::string::npos;
        return is_told && error.end() == TaskEnd::worker_lost ? 77 : 98;
    }
}

TEST_F(ForkFailures, AreNotMadeWhereTheSystemAllowsFewerChildren) {
    EXPECT_EQ(wait_for(start_process([] { return with_files(6, 9); })), 9);
    if (!instrumented) {  // else the sanitizer has too few files as well
        EXPECT_EQ(wait_for(start_process([] { return with_files(2, 9); })), 77);
    }
}

bool is_running(int pid) { return ::kill(pid, 0) == 0; }

// Waits for 100 s, and has two children that do.
int sleep_with_two(const std::string& path, const char* backend) {
    Parallel{{.n_jobs = 2, .backend = backend, .batch_size = 1}}.map(up_to(2), [&](int) {
        write_file(path + std::to_string(::getpid()), "");
        std::this_thread::sleep_for(100s);
    });
    return 0;
}

void expect_no_orphans(const std::function<int(const std::string&)>& work) {
    const TempDir folder;
    const pid_t parent = start_process([&] { return work(folder / "w"); });
    for (int i = 0; i < 1'000 && folder.names().size() < 2; ++i) std::this_thread::sleep_for(10ms);
    ASSERT_EQ(folder.names().size(), 2U);
    ::kill(parent, SIGKILL);
    EXPECT_EQ(wait_for(parent), -SIGKILL);
    std::this_thread::sleep_for(4s);
    for (const std::string& name : folder.names()) EXPECT_FALSE(is_running(std::stoi(name.substr(1)))) << name;
}

TEST_F(ForkFailures, OfTheParentLeaveNoChild) {
    expect_no_orphans([](const std::string& path) { return sleep_with_two(path, "fork"); });
}

TEST_F(ForkFailures, OfTheParentLeaveNoChildOfAThread) {
    expect_no_orphans([](const std::string& path) {
        std::thread([&] { sleep_with_two(path, "fork:?allow_threads=1"); }).join();
        return 0;
    });
}

}  // namespace
}  // namespace jl::test
