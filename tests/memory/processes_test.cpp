#if defined(JL_HAS_XXHASH)  // keys need it
// Many threads and processes on one cache: one computes, the others wait; nothing is torn, killed ones leave nothing.
// JL_TEST_ROUNDS tells how often the races are run (scripts/long: 1000).
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <thread>
#include <unistd.h>

#include <jl/jl.hpp>

#include "memory/support/quiet.hpp"
#include "support/child_process.hpp"
#include "support/temp_dir.hpp"

namespace jl::test {
namespace {

int rounds(int by_default) {
    const char* const wanted = std::getenv("JL_TEST_ROUNDS");
    return wanted != nullptr ? std::atoi(wanted) : by_default;
}

std::vector<std::string> files_below(const std::string& folder) {
    std::vector<std::string> found;
    for (const auto& each : std::filesystem::recursive_directory_iterator(folder))
        if (!each.is_directory()) found.push_back(each.path().filename().string());
    return found;
}

constexpr auto only_what_belongs = [](const std::string& name) {
    return name == "output.pkl" || name == "metadata.json" || name == "usage" || name == ".gitignore";
};

TEST(CacheProcesses, ThreadsComputeOneResultOnce) {
    for (int round = 0; round < rounds(5); ++round) {
        TempDir dir;
        const Memory mem(dir.path(), {.verbose = 0});
        std::atomic<int> calls = 0;
        auto f = mem.cache("f", [&](int x) {
            ++calls;
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
            return std::vector<int>(100, x);
        });
        std::vector<std::thread> threads;
        for (int t = 0; t < 8; ++t)
            threads.emplace_back([&] {
                for (int x = 0; x < 5; ++x) EXPECT_EQ(f(x), std::vector<int>(100, x));
            });
        for (std::thread& each : threads) each.join();
        EXPECT_EQ(calls, 5);
        EXPECT_EQ(mem.statistics().misses, 5U);
        EXPECT_EQ(mem.statistics().hits, 35U);
    }
}

TEST(CacheProcesses, ProcessesComputeOneResultOnce) {
    for (int round = 0; round < rounds(10); ++round) {
        TempDir dir;
        const CallCount calls(dir / "calls");
        std::vector<pid_t> children;
        for (int p = 0; p < 4; ++p)
            children.push_back(start_process([&] {
                const Memory mem(dir / "cache", {.verbose = 0});
                auto f = mem.cache("f", [&](int x) {
                    calls.one_more();
                    return std::vector<int>(1'000, x);
                });
                for (int x = 0; x < 5; ++x)
                    if (f(x) != std::vector<int>(1'000, x)) return 1;
                return 0;
            }));
        for (const pid_t child : children) EXPECT_EQ(wait_for(child), 0);
        EXPECT_EQ(calls.count(), 5U);
        const auto left = files_below(dir / "cache");
        EXPECT_THAT(left, ::testing::Each(::testing::ResultOf(only_what_belongs, true)));
    }
}

TEST(CacheProcesses, AWaitingProcessTakesOverFromOneThatDied) {
    TempDir dir;
    const CallCount calls(dir / "calls");
    const auto computing = [&](int milliseconds) {
        const Memory mem(dir / "cache", {.verbose = 0});
        auto f = mem.cache("f", [&](int x) {
            calls.one_more();
            std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
            return x;
        });
        return f(7) == 7 ? 0 : 1;
    };
    const pid_t first = start_process([&] { return computing(60'000); });
    while (calls.count() == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    const pid_t second = start_process([&] { return computing(0); });
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    EXPECT_EQ(calls.count(), 1U);
    ::kill(first, SIGKILL);
    EXPECT_EQ(wait_for(first), -SIGKILL);
    EXPECT_EQ(wait_for(second), 0);
    EXPECT_EQ(calls.count(), 2U);
    EXPECT_THAT(files_below(dir / "cache"), ::testing::Each(::testing::ResultOf(only_what_belongs, true)));
}

// Wherever it is killed, the entry is whole or not there, and nothing stays behind that could keep others waiting.
TEST(CacheProcesses, AKilledWriterLeavesNothingThatBlocksOrGrows) {
    TempDir dir;
    const std::vector<double> expected(50'000, 1.5);
    for (int round = 0; round < rounds(30); ++round) {
        const pid_t child = start_process([&] {
            const Memory mem(dir.path(), {.verbose = 0});
            auto f = mem.cache("f", [&](int) { return expected; });
            for (int x = 0;; ++x) f.call(x % 4);
            return 0;
        });
        std::this_thread::sleep_for(std::chrono::microseconds(2'000 + round * 137 % 9'000));
        ::kill(child, SIGKILL);
        EXPECT_EQ(wait_for(child), -SIGKILL);
        Heard heard;
        const Memory mem(dir.path(), heard.options({.verbose = 0, .wait_limit = std::chrono::seconds(20)}));
        auto f = mem.cache("f", [&](int) { return expected; });
        for (int x = 0; x < 4; ++x) EXPECT_EQ(f(x), expected);
        EXPECT_EQ(heard.text(), "");
    }
    const Memory mem(dir.path(), {.verbose = 0});
    mem.store()->sweep();
    std::size_t strange = 0;  // names that a kill between linking and renaming leaves, until they are an hour old
    for (const std::string& name : files_below(dir.path())) strange += only_what_belongs(name) ? 0 : 1;
    EXPECT_LE(strange, static_cast<std::size_t>(rounds(30)) / 5 + 1);
}

TEST(CacheProcesses, WhatKilledWritersLeftIsSweptWhenItIsOld) {
    TempDir dir;
    const Memory mem(dir.path(), {.verbose = 0});
    auto f = mem.cache("f", [](int x) { return x; });
    f(1);
    const std::string folder = mem.store()->place_of(f.entry(1));
    const std::string torn = folder + "/.output.pkl.4711-0123456789abcdef.tmp", young = folder + "/.output.pkl.1-2.tmp";
    const std::string empty = dir / "joblib/f/0123456789abcdef0123456789abcdef";
    const std::string lock = dir / "joblib/.jl/locks/0123456789abcdef0123456789abcdef-f";
    const std::string trash = dir / "joblib/.jl/.trash.4711-0123456789abcdef.tmp";
    write_file(torn, "torn"), write_file(young, "young"), write_file(lock, "");
    std::filesystem::create_directories(empty), std::filesystem::create_directories(trash + "/entry");
    const auto two_hours_ago = std::filesystem::file_time_type::clock::now() - std::chrono::hours(2);
    std::filesystem::last_write_time(torn, two_hours_ago);
    std::filesystem::last_write_time(empty, two_hours_ago);
    f.call(1);
    EXPECT_FALSE(std::filesystem::exists(torn));
    EXPECT_TRUE(std::filesystem::exists(young));
    EXPECT_EQ(mem.entries().size(), 1U);
    EXPECT_FALSE(std::filesystem::exists(empty));
    mem.store()->sweep();
    EXPECT_FALSE(std::filesystem::exists(lock));
    EXPECT_FALSE(std::filesystem::exists(trash));
}

TEST(CacheProcesses, AWaitThatIsOverComputesItself) {
    TempDir dir;
    const Memory mem(dir.path(), {.verbose = 0, .wait_limit = std::chrono::milliseconds(20)});
    auto f = mem.cache("f", [](int x) { return x; });
    const auto held = mem.store()->lock(f.entry(1), std::nullopt);
    EXPECT_EQ(f(1), 1);
    EXPECT_EQ(mem.statistics().waits, 1U);
    EXPECT_TRUE(f.check_call_in_cache(1));
}

// A child that inherits a lock in the middle of a call keeps nobody waiting.
TEST(CacheProcesses, ForkedChildrenDoNotHoldWhatTheyInherit) {
    TempDir dir;
    const Memory mem(dir.path(), {.verbose = 0});
    pid_t child = -1;
    auto f = mem.cache("f", [&](int x) {
        child = start_process([] { return ::pause(), 0; });
        return x;
    });
    EXPECT_EQ(f(1), 1);
    EXPECT_TRUE(f.remove(1));
    const pid_t other = start_process([&] {
        const Memory own(dir.path(), {.verbose = 0});
        return own.cache("f", [](int x) { return x; })(1) - 1;
    });
    EXPECT_EQ(wait_for(other), 0);
    ::kill(child, SIGKILL);
    wait_for(child);
}

TEST(CacheProcesses, FunctionsMayCallCachedFunctions) {
    TempDir dir;
    const Memory mem(dir.path(), {.verbose = 0});
    std::function<std::uint64_t(unsigned)> fibonacci;
    auto cached = mem.cache<std::uint64_t(unsigned)>(
        "fibonacci", [&](unsigned n) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); });
    fibonacci = [&](unsigned n) { return cached(n); };
    EXPECT_EQ(fibonacci(30), 832'040U);
    EXPECT_EQ(mem.statistics().misses, 31U);
}

TEST(CacheProcesses, AFunctionMayCallItselfWithAnotherIgnoredArgument) {
    TempDir dir;
    const Memory mem(dir.path(), {.verbose = 0});
    std::function<int(int, int)> again;
    auto cached = mem.cache<int(int, int)>("f", [&](int x, int depth) { return depth == 0 ? x : again(x, depth - 1); },
                                           {.arg_names = {"x", "depth"}, .ignore = {"depth"}});
    again = [&](int x, int depth) { return cached(x, depth); };
    EXPECT_EQ(again(7, 3), 7);
    EXPECT_EQ(again(7, 9), 7);
    EXPECT_EQ(mem.statistics().hits, 1U);
}

}  // namespace
}  // namespace jl::test

#endif
