// What is Redis' own about a store of cached results: what stays behind, long outputs, servers that go away.
#ifdef JL_HAS_HIREDIS

#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <optional>
#include <sstream>

#include <jl/jl.hpp>
#include <jl/memory.hpp>

#include "remote/support/server.hpp"
#include "support/error.hpp"
#include "support/temp_dir.hpp"
#include "support/tool.hpp"

namespace jl::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class RedisStoreTest : public ::testing::Test {
  protected:
    RedisStoreTest() { start(); }
    void start() {
        server_.emplace(std::vector<std::string>{"redis-server", "--bind", "127.0.0.1", "--port", std::to_string(port_),
                                                 "--requirepass", "secret", "--save", "", "--dir", folder_.path()},
                        port_, folder_ / "log");
    }
    std::string url() const { return "redis://:secret@127.0.0.1:" + std::to_string(port_) + "/cache?timeout=2000"; }
    std::shared_ptr<StoreBackend> open() const { return open_store("redis", {url(), {}}); }
    std::string client(const std::string& command) const {
        return run_tool("redis-cli --no-auth-warning -a secret -p " + std::to_string(port_) + " " + command).output;
    }
    std::size_t count_values() const {
        std::istringstream lines(client("--raw keys 'cache:value:*'"));
        std::size_t count = 0;
        for (std::string line; std::getline(lines, line);) count += line.empty() ? 0 : 1;
        return count;
    }
    void put(StoreBackend& store, const std::string& output) const {
        const auto writer = store.create(id_);
        writer->output().write(std::as_bytes(std::span(output)));
        writer->commit("{}");
    }
    static std::string text_of(const StoredOutput& output) {
        std::string text(static_cast<std::size_t>(output.source->size()), '\0');
        output.source->read_at(0, std::as_writable_bytes(std::span(text)));
        return text;
    }

    TempDir folder_;
    std::uint16_t port_ = free_port();
    std::optional<Server> server_;
    const EntryId id_{"acme::square", "0123456789abcdef0123456789abcdef"};
};

TEST_F(RedisStoreTest, ServesMemoriesOfSeveralPrograms) {
    int calls = 0;
    const auto square = [&](const std::vector<double>& xs) {
        ++calls;
        std::vector<double> result;
        for (const double x : xs) result.push_back(x * x);
        return result;
    };
    Memory first(url(), {.verbose = 0, .backend = "redis"});
    Memory second(url(), {.verbose = 0, .backend = "redis"});
    const std::vector<double> xs(300'000, 3);
    EXPECT_EQ(first.cache("square", square)(xs)[299'999], 9);
    EXPECT_EQ(second.cache("square", square)(xs)[299'999], 9);
    EXPECT_EQ(calls, 1);
    second.clear();
    EXPECT_EQ(first.cache("square", square)(xs)[299'999], 9);
    EXPECT_EQ(calls, 2);
}

TEST_F(RedisStoreTest, ALongOutputStaysReadableWhenItIsReplaced) {
    const auto store = open();
    const std::string long_text(5'000'000, 'x');
    put(*store, long_text);
    const auto found = store->find(id_, Use::counts);
    put(*store, "new");
    EXPECT_EQ(text_of(*found), long_text);
    EXPECT_EQ(text_of(*store->find(id_, Use::counts)), "new");
    EXPECT_TRUE(store->remove(id_));
    EXPECT_EQ(text_of(*found), long_text);
}

TEST_F(RedisStoreTest, WhatIsNeededNoMoreIsSweptOnceItMayGo) {
    const auto store = open();
    put(*store, "old");
    put(*store, "new");
    EXPECT_EQ(count_values(), 2U);
    store->sweep();
    EXPECT_EQ(count_values(), 2U);
    const std::string old = client("--raw zrange cache:trash 0 -1");
    client("zadd cache:trash 1 " + old.substr(0, old.find('\n')));
    store->sweep();
    EXPECT_EQ(count_values(), 1U);
    EXPECT_EQ(text_of(*store->find(id_, Use::counts)), "new");
}

TEST_F(RedisStoreTest, WhatIsNotCommittedLeavesNoValue) {
    const auto store = open();
    {
        const auto writer = store->create(id_);
        writer->output().write(std::vector<std::byte>(9'000'000));
    }
    EXPECT_EQ(count_values(), 0U);
    EXPECT_FALSE(store->contains(id_));
}

TEST_F(RedisStoreTest, AnOutputThatSomebodyTookAwayIsNoEntry) {
    const auto store = open();
    put(*store, "output");
    client("del $(redis-cli --no-auth-warning -a secret -p " + std::to_string(port_) + " --raw keys 'cache:value:*')");
    EXPECT_FALSE(store->find(id_, Use::counts));
    put(*store, "again");
    EXPECT_TRUE(store->find(id_, Use::counts));
}

TEST_F(RedisStoreTest, AServerThatWentAwayAndCameBackIsFoundAgain) {
    const auto store = open();
    put(*store, "output");
    server_.reset();
    const Error error = error_of([&] { store->contains(id_); });
    EXPECT_EQ(error.code(), ErrorCode::io);
    EXPECT_THAT(error.what(), HasSubstr("redis://127.0.0.1:"));
    EXPECT_THAT(error.what(), Not(HasSubstr("secret")));
    EXPECT_THAT(store->place(), Not(HasSubstr("secret")));
    start();
    EXPECT_FALSE(store->contains(id_));
    put(*store, "output");
    EXPECT_TRUE(store->contains(id_));
}

TEST_F(RedisStoreTest, AConnectionThatTheServerClosedIsMadeAnew) {
    const auto store = open();
    put(*store, "output");
    client("client kill type normal");
    EXPECT_TRUE(store->find(id_, Use::counts));
}

TEST_F(RedisStoreTest, RefusesOptionsAndOtherUrls) {
    EXPECT_EQ(error_of([&] { open_store("redis", {url(), {{"bytes", "1M"}}}); }).code(), ErrorCode::usage);
    EXPECT_EQ(error_of([&] { open_store("redis", {"/tmp/cache", {}}); }).code(), ErrorCode::usage);
    EXPECT_EQ(error_of([&] { open_store("redis", {"redis://host", {}}); }).code(), ErrorCode::usage);
}

}  // namespace
}  // namespace jl::test

#endif
