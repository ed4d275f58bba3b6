#if defined(JL_HAS_XXHASH)  // keys need it
#include <fcntl.h>
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <jl/jl.hpp>

#include "memory/support/quiet.hpp"
#include "memory/support/shelf_store.hpp"
#include "support/error.hpp"
#include "support/temp_dir.hpp"

namespace jl::test {
namespace {

using std::chrono::hours;

std::string text_of(int x) { return std::string(1'000, 'x') + std::to_string(x); }

class Limits : public ::testing::Test {
  protected:
    Memory memory(MemoryOptions options = {}) {
        options.verbose = 0;
        return Memory(dir.path(), heard.options(options));
    }
    // As if it had been used last so long ago.
    template <class F>
    static void age(const Memory& mem, const F& f, int x, hours ago) {
        const std::string path = mem.store()->place_of(f.entry(x)) + "/metadata.json";
        std::filesystem::last_write_time(path, std::filesystem::file_time_type::clock::now() - ago);
    }
    template <class F>
    static std::vector<int> kept(const F& f, int count) {
        std::vector<int> found;
        for (int x = 0; x < count; ++x)
            if (f.check_call_in_cache(x)) found.push_back(x);
        return found;
    }
    TempDir dir;
    Heard heard;
};

using ::testing::ElementsAre;

TEST_F(Limits, WhatWasNotUsedForTheLongestTimeGoesFirst) {
    const Memory mem = memory();
    auto f = mem.cache("f", text_of);
    for (int x = 0; x < 5; ++x) f(x), age(mem, f, x, hours(10 - x));
    f(0);  // used again
    EXPECT_EQ(mem.reduce_size({.items_limit = 3}), 2U);
    EXPECT_THAT(kept(f, 5), ElementsAre(0, 3, 4));
    EXPECT_EQ(mem.reduce_size({.age_limit = hours(8)}), 0U);
    EXPECT_EQ(mem.reduce_size({.age_limit = hours(5)}), 2U);
    EXPECT_THAT(kept(f, 5), ElementsAre(0));
    EXPECT_EQ(mem.statistics().removed, 4U);
}

TEST_F(Limits, OfBytesFollowJoblibsGrammar) {
    const Memory mem = memory();
    auto f = mem.cache("f", text_of);
    for (int x = 0; x < 5; ++x) f(x), age(mem, f, x, hours(10 - x));
    const std::uint64_t one = mem.entries()[0].bytes;
    EXPECT_GT(one, 1'000U);
    EXPECT_EQ(mem.reduce_size({.bytes_limit = "1M"}), 0U);
    EXPECT_EQ(mem.reduce_size({.bytes_limit = 3 * one + one / 2}), 2U);  // sizes differ by digits of times
    EXPECT_THAT(kept(f, 5), ElementsAre(2, 3, 4));
    EXPECT_EQ(mem.reduce_size({.bytes_limit = "0K"}), 3U);
    EXPECT_EQ(mem.reduce_size({}), 0U);
    EXPECT_THAT(error_of([&] { mem.reduce_size({.bytes_limit = "1.4N"}); }).what(),
                ::testing::StartsWith("Invalid literal for size give: 1.4N"));
    EXPECT_STREQ(error_of([&] { mem.reduce_size({.age_limit = hours(-1)}); }).what(),
                 "age_limit has to be a positive timedelta");
    EXPECT_EQ(error_of([&] { memory({.age_limit = hours(-1)}); }).code(), ErrorCode::usage);
}

TEST_F(Limits, AreKeptByThemselvesWhenEntriesAreAdded) {
    const Memory mem = memory({.items_limit = 20});
    auto f = mem.cache("f", text_of);
    for (int x = 0; x < 100; ++x) {
        f(x);
        EXPECT_LE(mem.entries().size(), 20U);
        EXPECT_TRUE(f.check_call_in_cache(x));
    }
    EXPECT_GE(mem.entries().size(), 18U);
    EXPECT_GE(mem.statistics().removed, 80U);
    const Memory small = memory({.bytes_limit = "10K"});
    auto g = small.cache("g", text_of);
    for (int x = 0; x < 30; ++x) g(x);
    std::uint64_t bytes = 0;
    for (const EntryInfo& each : small.entries()) bytes += each.bytes;
    EXPECT_LE(bytes, 10'240U);
    EXPECT_GT(bytes, 7'000U);
}

TEST_F(Limits, OfAgeAreKeptByThemselvesToo) {
    const Memory before = memory();
    auto f = before.cache("f", text_of);
    for (int x = 0; x < 3; ++x) f(x), age(before, f, x, hours(5));
    before.store()->set_usage({1, 3, std::chrono::system_clock::now() - hours(1)});
    const Memory mem = memory({.age_limit = hours(4)});
    mem.cache("f", text_of)(7);
    EXPECT_THAT(kept(f, 10), ElementsAre(7));
}

TEST_F(Limits, PinnedEntriesStay) {
    const Memory mem = memory({.items_limit = 2});
    auto f = mem.cache("f", text_of);
    f(0), f.pin(0);
    for (int x = 1; x < 10; ++x) f(x);
    EXPECT_TRUE(f.check_call_in_cache(0));
    EXPECT_LE(mem.entries().size(), 2U);
}

TEST_F(Limits, OtherProcessesEntriesCount) {
    const Memory mem = memory({.items_limit = 10});
    auto f = mem.cache("f", text_of);
    f(100);
    const Memory other = memory();
    auto g = other.cache("g", text_of);
    for (int x = 0; x < 20; ++x) g(x);
    EXPECT_EQ(other.entries().size(), 21U);
    f(101);
    EXPECT_LE(mem.entries().size(), 10U);
}

TEST_F(Limits, CountsThatAreLostOrWrongAreMadeAnew) {
    const Memory mem = memory({.items_limit = 10});
    auto f = mem.cache("f", text_of);
    for (int x = 0; x < 5; ++x) f(x);
    EXPECT_EQ(mem.store()->usage()->items, 5U);
    const std::string path = dir / "joblib/.jl/usage";
    for (const char* const text : {"", "nonsense", "-1 5 0", "99999999999999999999 1 1"}) {
        write_file(path, text);
        EXPECT_FALSE(mem.store()->usage()) << text;
    }
    f(5);
    EXPECT_EQ(mem.store()->usage()->items, 6U);
    write_file(path, "0 0 1\n");  // counted in 1970
    f(6);
    EXPECT_EQ(mem.store()->usage()->items, 7U);
}

// A walk over all entries is paid for by a tenth of them.
TEST_F(Limits, FewAdditionsLookAtEveryEntry) {
    register_shelf();
    const Memory mem("few", heard.options({.verbose = 0, .backend = "shelf", .items_limit = 100}));
    auto f = mem.cache("f", text_of);
    for (int x = 0; x < 1'000; ++x) f(x);
    EXPECT_LE(shelf("few")->items.size(), 100U);
    EXPECT_LE(shelf("few")->lists, 1'000 / 10 + 2);
}

TEST_F(Limits, PinnedEntriesAboveTheLimitAreNotLookedAtEachTime) {
    register_shelf();
    const Memory mem("pinned", heard.options({.verbose = 0, .backend = "shelf", .items_limit = 100}));
    const Memory before_limits("pinned", heard.options({.verbose = 0, .backend = "shelf"}));
    auto pinned = before_limits.cache("f", text_of);
    for (int x = 0; x < 150; ++x) pinned(x), pinned.pin(x);
    auto f = mem.cache("f", text_of);
    const int before = shelf("pinned")->lists;
    for (int x = 150; x < 250; ++x) f(x);
    EXPECT_LE(shelf("pinned")->lists - before, 15);
    EXPECT_LE(shelf("pinned")->items.size(), 162U);
    for (int x = 0; x < 150; ++x) EXPECT_TRUE(f.check_call_in_cache(x));
}

TEST_F(Limits, AStoreOfOnesOwnWorks) {
    register_shelf();
    EXPECT_THAT(store_backends(), ::testing::Contains("shelf"));
    const Memory mem("own", heard.options({.verbose = 0, .backend = "shelf"}));
    int calls = 0;
    auto f = mem.cache("f", [&](int x) { return ++calls, std::vector<int>(10, x); });
    EXPECT_EQ(f(1), f(1));
    EXPECT_EQ(calls, 1);
    const auto ref = f.call_and_shelve(1);
    jl::dump(ref, dir / "ref.pkl");
    EXPECT_EQ(jl::load<MemorizedResult<std::vector<int>>>(dir / "ref.pkl").get(), std::vector<int>(10, 1));
    f.pin(1);
    EXPECT_EQ(mem.reduce_size({.items_limit = 0}), 0U);
    f.unpin(1);
    EXPECT_EQ(mem.reduce_size({.items_limit = 0}), 1U);
    EXPECT_FALSE(f.check_call_in_cache(1));
    shelf("own")->fails = true;
    EXPECT_EQ(f(2), std::vector<int>(10, 2));
    EXPECT_EQ(heard.warnings(), "Unable to cache to disk. Exception: the shelf is full.\n");
}

TEST_F(Limits, StoresAreRegisteredOnceAndByName) {
    register_shelf();
    const auto make = [](const StoreOptions& options) { return std::make_shared<ShelfStore>(options); };
    EXPECT_STREQ(error_of([&] { register_store_backend("local", make); }).what(),
                 "Store backend 'local' already registered.");
    EXPECT_EQ(error_of([&] { register_store_backend("", make); }).code(), ErrorCode::usage);
    EXPECT_EQ(error_of([&] { register_store_backend("x", {}); }).code(), ErrorCode::usage);
    EXPECT_EQ(error_of([&] { open_store("local", {dir.path(), {{"color", "red"}}}); }).code(), ErrorCode::usage);
    EXPECT_EQ(error_of([&] { open_store("local", {"", {}}); }).code(), ErrorCode::usage);
}

}  // namespace
}  // namespace jl::test

#endif
