// One program computes what several want, over one Redis: the others wait, and take over from one that died.
#if defined(JL_HAS_HIREDIS) && defined(JL_HAS_XXHASH)

#include <atomic>
#include <csignal>
#include <gtest/gtest.h>
#include <optional>
#include <thread>

#include <jl/jl.hpp>

#include "remote/support/server.hpp"
#include "support/child_process.hpp"
#include "support/temp_dir.hpp"
#include "support/tool.hpp"

namespace jl::test {
namespace {

using std::chrono::milliseconds;

class RedisLock : public ::testing::Test {
  protected:
    RedisLock() { start_server(); }
    void start_server() {
        server_.emplace(std::vector<std::string>{"redis-server", "--bind", "127.0.0.1", "--port", std::to_string(port_),
                                                 "--save", "", "--dir", folder_.path()},
                        port_, folder_ / "log");
    }
    std::string url() const { return "redis://127.0.0.1:" + std::to_string(port_) + "/cache?timeout=5000"; }
    std::shared_ptr<StoreBackend> open(const std::string& url) const { return open_store("redis", {url, {}}); }
    std::string client(const std::string& command) const {
        return run_tool("redis-cli -p " + std::to_string(port_) + " --raw " + command).output;
    }
    // f(7), which takes so long; 0 for the right result.
    int compute(int how_long) const {
        const Memory mem(url(), {.verbose = 0, .backend = "redis"});
        const auto f = mem.cache("f", [&](int x) {
            calls_.one_more();
            std::this_thread::sleep_for(milliseconds(how_long));
            return x;
        });
        return f(7) == 7 ? 0 : 1;
    }
    void wait_for_calls(std::size_t count) const {
        while (calls_.count() < count) std::this_thread::sleep_for(milliseconds(1));
    }

    TempDir folder_;
    std::uint16_t port_ = free_port();
    std::optional<Server> server_;
    CallCount calls_{folder_ / "calls"};
    const EntryId id_{"f", "0123456789abcdef0123456789abcdef"};
};

TEST_F(RedisLock, ProcessesComputeOneResultOnce) {
    std::vector<pid_t> children;
    for (int p = 0; p < 4; ++p) children.push_back(start_process([&] { return compute(100); }));
    for (const pid_t child : children) EXPECT_EQ(wait_for(child), 0);
    EXPECT_EQ(calls_.count(), 1U);
    EXPECT_EQ(client("exists cache:locks"), "0\n");
}

TEST_F(RedisLock, AWaitingProcessTakesOverFromOneThatWasKilled) {
    const pid_t first = start_process([&] { return compute(60'000); });
    wait_for_calls(1);
    const pid_t second = start_process([&] { return compute(0); });
    std::this_thread::sleep_for(milliseconds(300));
    EXPECT_EQ(calls_.count(), 1U);
    const auto killed = std::chrono::steady_clock::now();
    ::kill(first, SIGKILL);
    EXPECT_EQ(wait_for(first), -SIGKILL);
    EXPECT_EQ(wait_for(second), 0);
    EXPECT_EQ(calls_.count(), 2U);
    EXPECT_LT(std::chrono::steady_clock::now() - killed, std::chrono::seconds(10));
    EXPECT_EQ(client("exists cache:locks"), "0\n");
}

TEST_F(RedisLock, WhatAKilledProcessHeldIsFreeForTheNextAndIsSwept) {
    for (int i = 0; i < 5; ++i) {
        const pid_t child = start_process([&] { return compute(60'000); });
        wait_for_calls(static_cast<std::size_t>(i) + 1);
        ::kill(child, SIGKILL);
        EXPECT_EQ(wait_for(child), -SIGKILL);
    }
    EXPECT_EQ(client("hlen cache:locks"), "1\n");
    const auto store = open(url());
    const auto held = store->lock(id_, milliseconds(0));
    ASSERT_NE(held, nullptr);
    while (client("hlen cache:locks") == "2\n") store->sweep();  // as soon as Redis saw the connection end
    EXPECT_EQ(client("hkeys cache:locks"), id_.arguments + ":f\n");
}

// What it had forked keeps nothing alive.
TEST_F(RedisLock, AKilledProcesssChildrenHoldNothing) {
    const std::string ready = folder_ / "ready";
    const pid_t holder = start_process([&] {
        const auto store = open(url());
        const auto held = store->lock(id_, std::nullopt);
        const pid_t inner = start_process([] { return ::pause(); });
        write_file(folder_ / "inner", std::to_string(inner));
        write_file(ready, "");
        return ::pause();
    });
    while (!std::filesystem::exists(ready)) std::this_thread::sleep_for(milliseconds(1));
    const auto store = open(url());
    EXPECT_EQ(store->lock(id_, milliseconds(0)), nullptr);
    ::kill(holder, SIGKILL);
    EXPECT_EQ(wait_for(holder), -SIGKILL);
    EXPECT_NE(store->lock(id_, milliseconds(5'000)), nullptr);
    ::kill(std::stoi(read_file(folder_ / "inner")), SIGKILL);
}

TEST_F(RedisLock, ACommandThatRedisRefusesLosesNoLock) {
    const auto store = open(url());
    const auto held = store->lock(id_, std::nullopt);
    client("config set maxmemory 1");
    EXPECT_THROW(store->lock({"g", id_.arguments}, milliseconds(0)), Error);
    client("config set maxmemory 0");
    EXPECT_EQ(wait_for(start_process([&] { return open(url())->lock(id_, milliseconds(0)) ? 1 : 0; })), 0);
}

// What others broke can be removed all the same.
TEST_F(RedisLock, AnEntryWithoutItsSizeCanBeRemoved) {
    const auto store = open(url());
    client("hset cache:entry:" + id_.arguments + ":f value nothing");
    client("zadd cache:used 1 " + id_.arguments + ":f");
    store->clear();
    EXPECT_FALSE(store->contains(id_));
}

TEST_F(RedisLock, AProcessIsToldThatItHasToWait) {
    const auto store = open(url());
    auto held = store->lock(id_, std::nullopt);
    ASSERT_NE(held, nullptr);
    const auto try_it = [&](milliseconds patience) {
        return wait_for(start_process([&] { return open(url())->lock(id_, patience) ? 1 : 0; }));
    };
    EXPECT_EQ(try_it(milliseconds(0)), 0);
    EXPECT_EQ(try_it(milliseconds(50)), 0);
    held.reset();
    EXPECT_EQ(try_it(milliseconds(0)), 1);
}

TEST_F(RedisLock, IsGivenBackOnlyByWhoHasIt) {
    const auto store = open(url());
    auto held = store->lock(id_, std::nullopt);
    client("hset cache:locks " + id_.arguments + ":f 'another one now'");
    held.reset();
    EXPECT_EQ(client("hvals cache:locks"), "another one now\n");
    EXPECT_NE(store->lock(id_, milliseconds(0)), nullptr);  // who is not there is dead
}

// With the connection goes the right, but no call fails.
TEST_F(RedisLock, AServerThatWentAwayCostsNoResult) {
    const auto store = open(url());
    auto held = store->lock(id_, std::nullopt);
    client("client kill type normal");
    EXPECT_NE(store->lock({"g", id_.arguments}, milliseconds(0)), nullptr);
    server_.reset();
    held.reset();
    start_server();
    EXPECT_NE(store->lock(id_, milliseconds(0)), nullptr);
}

TEST_F(RedisLock, WhereTheServerTellsNothingAboutConnectionsTheProcessAloneIsKeptWaiting) {
    client("acl setuser limited on '>word' '~*' +@all -client");
    const std::string limited = "redis://limited:word@127.0.0.1:" + std::to_string(port_) + "/cache";
    const auto store = open(limited);
    const auto held = store->lock(id_, std::nullopt);
    ASSERT_NE(held, nullptr);
    EXPECT_EQ(store->lock(id_, milliseconds(10)), nullptr);
    EXPECT_EQ(client("exists cache:locks"), "0\n");
    store->sweep();
}

}  // namespace
}  // namespace jl::test

#endif
