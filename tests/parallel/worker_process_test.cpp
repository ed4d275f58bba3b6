// What worker processes take from the program that starts them, and what they leave it.
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include <jl/cpu_count.hpp>
#include <jl/parallel.hpp>
#include <jl/parallel_backend.hpp>

#include "parallel/socket_sink.hpp"
#include "parallel/socket_source.hpp"
#include "parallel/support/lazy.hpp"
#include "support/child_process.hpp"
#include "support/error.hpp"
#include "support/peak_memory.hpp"
#include "support/temp_dir.hpp"

namespace jl::test {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;

using namespace std::chrono_literals;

// Others than those that wait from earlier tests.
ParallelOptions new_workers() {
    static int threads = 1'000;
    ParallelOptions options{.n_jobs = 2, .backend = "loky", .batch_size = 1};
    options.inner_max_num_threads = ++threads;
    return options;
}

int same(int x) { return x; }

std::size_t open_files() {
    const std::filesystem::directory_iterator files("/proc/self/fd");
    return static_cast<std::size_t>(std::distance(begin(files), end(files)));
}

TEST(WorkerProcesses, HoldNoFileOfTheProgram) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    EXPECT_THAT(Parallel(new_workers()).map(up_to(4), [](int) { return open_files(); }),
                Each(5U));  // streams, socket, the folder that is read
    ::close(ends[1]);
    pollfd end{ends[0], POLLIN, 0};
    EXPECT_EQ(::poll(&end, 1, 1'000), 1) << "somebody else could write";
    EXPECT_TRUE(end.revents & POLLHUP);
    ::close(ends[0]);
}

// Run by tests below, in programs of their own.
TEST(WorkerProcesses, DISABLED_DoTheirWork) {
    const auto results = Parallel(new_workers()).map(up_to(4), same);
    if (results == up_to(4)) write_file(std::getenv("JL_TEST_FILE"), "done");
}
TEST(WorkerProcesses, DISABLED_AreRefused) {
    const Error error = error_of([] { Parallel{new_workers()}.map(up_to(4), same); });
    if (error.code() != ErrorCode::unsupported) std::_Exit(3);
    if (std::string(error.what()).find("more rights") == std::string::npos) std::_Exit(4);
    std::_Exit(5);
}
int run(const std::string& program, const char* test) {
    return ::execl(program.c_str(), "test", test, "--gtest_also_run_disabled_tests", nullptr);
}

TEST(WorkerProcesses, ServeAProgramWithoutStandardStreams) {
    const TempDir folder;
    ::setenv("JL_TEST_FILE", (folder / "done").c_str(), 1);
    const pid_t child = start_process([] {
        for (const int stream : {0, 1, 2}) ::close(stream);
        return run("/proc/self/exe", "--gtest_filter=*DISABLED_DoTheirWork");
    });
    wait_for(child);
    EXPECT_THAT(folder.names(), ElementsAre("done"));
}

TEST(WorkerProcesses, AreNothingForAProgramWithMoreRightsThanItsUser) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root makes a setuid program of another user";
    const TempDir folder;
    const std::string copy = folder / "program";
    std::filesystem::copy_file("/proc/self/exe", copy);
    ::chmod(folder.path().c_str(), 0755);
    ASSERT_EQ(::chown(copy.c_str(), 65534, 65534), 0);
    ASSERT_EQ(::chmod(copy.c_str(), 04755), 0);
    const pid_t child = start_process([&] {
        int ends[2];
        ::socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
        ::setenv("JL_WORKER", (std::to_string(ends[0]) + ",1,300000000").c_str(), 1);
        return run(copy, "--gtest_filter=*DISABLED_AreRefused");
    });
    EXPECT_EQ(wait_for(child), 5);
}

// The program that a task wants to start is not there, and the child that should have become it goes on as the task.
TEST(WorkerProcesses, HaveNoChildThatAnswersForThem) {
    const auto forks = [](int x) {
        if (::fork() != 0) return x;
        std::this_thread::sleep_for(200ms);
        if (x % 2) throw std::runtime_error("no such program");
        return -1;
    };
    const ParallelOptions options = new_workers();
    EXPECT_EQ(Parallel(options).map(up_to(4), forks), up_to(4));
    const auto end = std::chrono::steady_clock::now() + 600ms;
    while (std::chrono::steady_clock::now() < end) EXPECT_EQ(Parallel(options).map(up_to(10), same), up_to(10));
}

TEST(WorkerProcesses, DISABLED_AreFewWhereFilesAre) {
    ParallelOptions options = new_workers();
    options.n_jobs = 12;
    const rlimit few{16, 16};
    ::setrlimit(RLIMIT_NOFILE, &few);
    const auto results = Parallel(options).map(up_to(24), [](int x) {
        std::this_thread::sleep_for(20ms);
        return x;
    });
    if (results == up_to(24)) std::_Exit(5);
}

TEST(WorkerProcesses, ThatCannotBeStartedLeaveTheTasksToTheOthers) {
    const pid_t child =
        start_process([] { return run("/proc/self/exe", "--gtest_filter=*DISABLED_AreFewWhereFilesAre"); });
    const int status = wait_for(child);
    if (!instrumented) {  // else the sanitizer has too few files as well
        EXPECT_EQ(status, 5);
    }
}

TEST(WorkerProcesses, LeaveNothingLockedForAChildOfTheProgram) {
    std::atomic<bool> enough{false};
    std::thread other([&] {
        while (!enough) (void)parallel_backends();
    });
    for (int i = 0; i < 200; ++i) {
        const pid_t child = start_process([] {
            ::alarm(20);
            return static_cast<int>(parallel_backends().size() < 4);
        });
        EXPECT_EQ(wait_for(child), 0);
    }
    enough = true;
    other.join();
}

TEST(WorkerProcesses, ThatStopListeningAreEnded) {
    const auto begin = std::chrono::steady_clock::now();
    const auto outcomes = Parallel(new_workers()).outcomes(std::vector{delayed([] {
        ::closefrom(3);
        std::this_thread::sleep_for(100s);
    })()});
    ASSERT_FALSE(outcomes[0].has_value());
    EXPECT_EQ(outcomes[0].error().end(), TaskEnd::worker_lost);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 50s);
}

TEST(WorkerProcesses, ThatAreGoneBlockNobodyThoughAnotherHoldsTheirSocket) {
    int ends[2];
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    const pid_t child = start_process([] { return 0; });
    const int gone = static_cast<int>(::syscall(SYS_pidfd_open, child, 0));
    ASSERT_GE(gone, 0);
    const auto has_ended = [&] {
        siginfo_t info = {};
        return ::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT | WNOHANG) == 0 &&
               info.si_pid == child;
    };
    // By its descriptor, and where the system has none for it.
    for (const EndOfPeer& end : {EndOfPeer(gone), EndOfPeer(-1, has_ended)}) {
        SocketSink sink(ends[0], end, "the socket");
        const std::vector<std::byte> much(8 << 20);
        EXPECT_THAT(error_of([&] { sink.write(much); }).what(), HasSubstr("the socket: cannot write: Broken pipe"));
        SocketSource source(ends[0], end);
        std::array<std::byte, 4> into{};
        EXPECT_EQ(::write(ends[1], "text", 4), 4);
        EXPECT_EQ(source.read(into), 4U) << "what it wrote before it ended is still there";
        EXPECT_EQ(source.read(into), 0U);
        EXPECT_TRUE(source.wait(0));
    }
    wait_for(child);
    for (const int file : {ends[0], ends[1], gone}) ::close(file);
}

TEST(WorkerProcesses, ThatWaitAreSoMany) {
    const std::size_t most = std::max<std::size_t>(16, 2 * static_cast<std::size_t>(cpu_count()));
    for (int i = 0; i < 12; ++i) EXPECT_THAT(Parallel(new_workers()).map(up_to(2), same), ElementsAre(0, 1));
    const std::size_t files = open_files();
    for (int i = 0; i < 12; ++i) EXPECT_THAT(Parallel(new_workers()).map(up_to(2), same), ElementsAre(0, 1));
    EXPECT_LE(open_files(), files + (most > 24 ? 2 * (most - 24) : 0));
}

TEST(WorkerProcesses, RunCallsOfThreadsThatATaskStarts) {
    const auto sums = Parallel(new_workers()).map(up_to(2), [](int x) {
        int sum = 0;
        std::thread([&] {
            for (const int y : Parallel({.n_jobs = 2, .backend = "loky"}).map(up_to(4), same)) sum += y;
        }).join();
        return x + sum;
    });
    EXPECT_THAT(sums, ElementsAre(6, 7));
}

}  // namespace
}  // namespace jl::test
