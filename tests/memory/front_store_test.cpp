#include "memory/front_store.hpp"

#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <thread>

#include <jl/memory.hpp>

#include "support/error.hpp"
#include "support/temp_dir.hpp"

namespace jl::test {
namespace {

using testing::Contains;
using testing::HasSubstr;

class FrontStoreTest : public ::testing::Test {
  protected:
    std::shared_ptr<FrontStore> open(std::map<std::string, std::string> options) {
        return FrontStore::open({dir.path(), std::move(options)});
    }
    static EntryId id(int number) {
        const std::string digits = std::to_string(number);
        return {"f", std::string(32 - digits.size(), 'a') + digits};
    }
    static void put(StoreBackend& store, int number, const std::string& output) {
        const auto writer = store.create(id(number));
        writer->output().write(std::as_bytes(std::span(output)));
        writer->commit("{}");
    }
    static bool has(StoreBackend& store, int number) { return store.find(id(number), Use::counts).has_value(); }
    // As another process would.
    void remove_behind(int number) { EXPECT_TRUE(open_store("local", {dir.path(), {}})->remove(id(number))); }

    TempDir dir;
};

TEST_F(FrontStoreTest, IsABackendByName) { EXPECT_THAT(store_backends(), Contains("memory")); }

TEST_F(FrontStoreTest, WhatWasFoundIsTakenFromMemory) {
    const auto store = open({});
    put(*store, 1, "output");
    EXPECT_EQ(store->bytes_kept(), 0U);
    EXPECT_TRUE(has(*store, 1));
    EXPECT_EQ(store->bytes_kept(), 8U);
    remove_behind(1);
    const auto found = store->find(id(1), Use::counts);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->source->size(), 6U);
    EXPECT_EQ(found->metadata, "{}");
    EXPECT_FALSE(store->contains(id(1)));
}

TEST_F(FrontStoreTest, TheStoreBehindIsAskedAgainAfterAWhile) {
    const auto store = open({{"recheck", "0.02"}});
    put(*store, 1, "output");
    EXPECT_TRUE(has(*store, 1));
    remove_behind(1);
    EXPECT_TRUE(has(*store, 1));
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    EXPECT_FALSE(has(*store, 1));
    EXPECT_EQ(store->bytes_kept(), 0U);
}

TEST_F(FrontStoreTest, WhatWasUsedLastStays) {
    const auto store = open({{"bytes", "100K"}});
    for (int i = 0; i < 5; ++i) {
        put(*store, i, std::string(20'000, 'x'));
        EXPECT_TRUE(has(*store, i));
    }
    EXPECT_TRUE(has(*store, 0));
    put(*store, 5, std::string(20'000, 'x'));
    EXPECT_TRUE(has(*store, 5));
    EXPECT_LE(store->bytes_kept(), 102'400U);
    for (int i = 0; i < 6; ++i) remove_behind(i);
    EXPECT_TRUE(has(*store, 0));
    EXPECT_FALSE(has(*store, 1));
    EXPECT_TRUE(has(*store, 2));
}

TEST_F(FrontStoreTest, BigOutputsAreNotKept) {
    const auto store = open({{"bytes", "100K"}});
    put(*store, 1, std::string(30'000, 'x'));
    EXPECT_TRUE(has(*store, 1));
    EXPECT_EQ(store->bytes_kept(), 0U);
    remove_behind(1);
    EXPECT_FALSE(has(*store, 1));
}

TEST_F(FrontStoreTest, WhatIsReplacedOrRemovedHereIsForgotten) {
    const auto store = open({});
    put(*store, 1, "old");
    EXPECT_TRUE(has(*store, 1));
    put(*store, 1, "newer");
    EXPECT_EQ(store->find(id(1), Use::counts)->source->size(), 5U);
    EXPECT_TRUE(store->remove(id(1)));
    EXPECT_FALSE(has(*store, 1));
    for (int i = 0; i < 3; ++i) {
        put(*store, i, "output");
        EXPECT_TRUE(has(*store, i));
    }
    store->remove_function("f");
    EXPECT_FALSE(has(*store, 1));
    EXPECT_EQ(store->bytes_kept(), 0U);
}

TEST_F(FrontStoreTest, RefusesOptionsThatNobodyKnows) {
    EXPECT_THAT(error_of([&] { open({{"size", "1M"}}); }).what(), HasSubstr("'size'"));
    EXPECT_EQ(error_of([&] { open({{"bytes", "many"}}); }).code(), ErrorCode::usage);
    for (const char* const wrong : {"", "-1", "nan", "1s"})
        EXPECT_THAT(error_of([&] { open({{"recheck", wrong}}); }).what(), HasSubstr("'recheck'")) << wrong;
    EXPECT_EQ(error_of([&] { open({{"in_front_of", "nowhere"}}); }).code(), ErrorCode::usage);
}

#if defined(JL_HAS_XXHASH)  // keys need it
TEST_F(FrontStoreTest, ServesAMemory) {
    Memory memory(dir.path(), {.verbose = 0, .backend = "memory"});
    int calls = 0;
    auto square = memory.cache("square", [&](int x) { return ++calls, x * x; });
    EXPECT_EQ(square(3), 9);
    EXPECT_EQ(square(3), 9);
    std::filesystem::remove_all(dir / "joblib/square");
    EXPECT_EQ(square(3), 9);
    EXPECT_EQ(calls, 1);
    square.clear();
    EXPECT_EQ(square(3), 9);
    EXPECT_EQ(calls, 2);
}
#endif

}  // namespace
}  // namespace jl::test
