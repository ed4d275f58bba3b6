// What every store keeps to, whatever stands behind it: one line of `makers` brings a store in.
#include <atomic>
#include <filesystem>
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <thread>

#include <jl/error.hpp>
#include <jl/store_backend.hpp>

#include "remote/support/stores.hpp"
#include "support/error.hpp"
#include "support/temp_dir.hpp"

namespace jl::test {
namespace {

// A fresh store, and the same one opened again as another process would.
struct StoreMaker {
    std::string name;
    std::function<std::shared_ptr<StoreBackend>(const TempDir& dir)> open;
    std::chrono::milliseconds resolution{20};  // of last uses
};

void PrintTo(const StoreMaker& maker, std::ostream* out) { *out << maker.name; }

std::vector<StoreMaker> local_makers() {
    return {{"local",
             [](const TempDir& dir) {
                 return open_store("local", {dir.path(), {}});
             }},
            {"memory",
             [](const TempDir& dir) {
                 return open_store("memory", {dir.path(), {{"bytes", "1M"}}});
             }},
            {"memory_rechecked", [](const TempDir& dir) {
                 return open_store("memory", {dir.path(), {{"bytes", "16M"}, {"recheck", "0"}}});
             }}};
}

// Another part of the server for each test.
[[maybe_unused]] std::shared_ptr<StoreBackend> open_s3(const TempDir& dir, const std::string& backend) {
    const std::string prefix = std::filesystem::path(dir.path()).filename().string();
    std::map<std::string, std::string> options{{"record_every", "0"}};
    if (backend == "memory") options.insert({{"in_front_of", "s3"}, {"recheck", "0"}});
    return open_store(backend, {store_named("s3").url(prefix), options});
}

[[maybe_unused]] std::shared_ptr<StoreBackend> open_redis(const TempDir& dir, const std::string& backend) {
    std::string prefix = std::filesystem::path(dir.path()).filename().string();
    return open_store(backend, {store_named("redis").url(prefix),
                                backend == "redis" ? std::map<std::string, std::string>{}
                                                   : std::map<std::string, std::string>{{"in_front_of", "redis"}}});
}

std::vector<StoreMaker> makers() {
    std::vector<StoreMaker> all = local_makers();
#ifdef JL_HAS_HIREDIS
    for (const std::string backend : {"redis", "memory"}) {
        const std::string name = backend == "redis" ? "redis" : "memory_of_redis";
        all.push_back({name, [backend](const TempDir& dir) { return open_redis(dir, backend); }});
    }
#endif
    const auto built_in = store_names();
    if (std::ranges::find(built_in, "s3") == built_in.end()) return all;
    for (const std::string backend : {"s3", "memory"}) {
        const std::string name = backend == "s3" ? "s3" : "memory_of_s3";
        all.push_back(
            {name, [backend](const TempDir& dir) { return open_s3(dir, backend); }, std::chrono::milliseconds(1'100)});
    }
    return all;
}

std::string hash(int number) {
    std::string digits = std::to_string(number);
    return std::string(32 - digits.size(), 'a') + digits;
}

std::span<const std::byte> bytes_of(const std::string& text) { return std::as_bytes(std::span(text)); }

class Stores : public ::testing::TestWithParam<StoreMaker> {
  protected:
    void put(const EntryId& entry, const std::string& output, const std::string& metadata = "{}") {
        const auto writer = store->create(entry);
        writer->output().write(bytes_of(output));
        writer->commit(metadata);
    }
    static std::string output_of(StoreBackend& from, const EntryId& entry) {
        const auto found = from.find(entry, Use::counts);
        if (!found) return "(none)";
        if (!found->source) return read_file(found->path.string());
        std::string text(static_cast<std::size_t>(found->source->size()), '\0');
        found->source->read_at(0, std::as_writable_bytes(std::span(text)));
        return text;
    }
    std::vector<EntryInfo> listed() const {
        std::vector<EntryInfo> all;
        store->list([&](const EntryInfo& entry) { all.push_back(entry); });
        std::ranges::sort(all, {}, &EntryInfo::id);
        return all;
    }

    TempDir dir;
    std::shared_ptr<StoreBackend> store = GetParam().open(dir);
    const EntryId id{"square", hash(1)};
};

TEST_P(Stores, GivesBackWhatWasCommitted) {
    EXPECT_FALSE(store->contains(id));
    EXPECT_FALSE(store->find(id, Use::counts));
    EXPECT_EQ(store->metadata(id), "");
    put(id, "output", R"({"time": 1})");
    EXPECT_TRUE(store->contains(id));
    EXPECT_EQ(output_of(*store, id), "output");
    EXPECT_EQ(store->find(id, Use::counts)->metadata, R"({"time": 1})");
    EXPECT_EQ(store->metadata(id), R"({"time": 1})");
    const auto again = GetParam().open(dir);
    EXPECT_EQ(output_of(*again, id), "output");
}

TEST_P(Stores, LongAndEmptyOutputsComeBack) {
    std::string big(3'000'000, 'x');
    big[2'999'999] = 'y';
    put(id, big, std::string(5'000, ' ') + "{}");
    EXPECT_EQ(output_of(*store, id), big);
    EXPECT_EQ(store->find(id, Use::counts)->metadata.size(), 5'002U);
    put(id, "");
    EXPECT_TRUE(store->contains(id));
    EXPECT_EQ(output_of(*store, id), "");
}

TEST_P(Stores, WhatIsNotCommittedLeavesTheOldEntry) {
    { store->create(id)->output().write(bytes_of("lost")); }
    EXPECT_FALSE(store->contains(id));
    put(id, "old");
    { store->create(id)->output().write(bytes_of("lost")); }
    EXPECT_EQ(output_of(*store, id), "old");
    put(id, "new");
    EXPECT_EQ(output_of(*store, id), "new");
    EXPECT_EQ(listed().size(), 1U);
}

TEST_P(Stores, WhatWasFoundStaysReadable) {
    const std::string big(200'000, 'x');
    put(id, big);
    const auto found = store->find(id, Use::counts);
    ASSERT_TRUE(found && found->source);
    std::string text(big.size(), '\0');
    found->source->read_at(0, std::as_writable_bytes(std::span(text).first(1'000)));
    put(id, "new");
    found->source->read_at(1'000, std::as_writable_bytes(std::span(text).subspan(1'000)));
    EXPECT_EQ(text, big);
    EXPECT_EQ(output_of(*store, id), "new");
    const auto last = store->find(id, Use::counts);
    EXPECT_TRUE(store->remove(id));
    std::string rest(3, '\0');
    last->source->read_at(0, std::as_writable_bytes(std::span(rest)));
    EXPECT_EQ(rest, "new");
}

TEST_P(Stores, FunctionNamesOfAnyKindAreKeptApart) {
    const std::vector<std::string> names{"f",
                                         "F",
                                         "a/b",
                                         "../../up",
                                         ".",
                                         "..",
                                         "a.b",
                                         "a::b<int>",
                                         "fü",
                                         "%2F",
                                         "con",
                                         "Com1",
                                         std::string(300, 'x'),
                                         std::string(300, 'y'),
                                         std::string("nul\0inside", 10),
                                         " ",
                                         "new\nline"};
    for (const std::string& name : names) put({name, hash(1)}, "output of " + name);
    for (const std::string& name : names) EXPECT_EQ(output_of(*store, {name, hash(1)}), "output of " + name);
    std::vector<std::string> found;
    for (const EntryInfo& each : listed()) found.push_back(each.id.function);
    EXPECT_THAT(found, ::testing::UnorderedElementsAreArray(names));
}

TEST_P(Stores, NamesThatAreNoneAreRefused) {
    EXPECT_EQ(error_of([&] { store->create({"", hash(1)}); }).code(), ErrorCode::usage);
    for (const char* const wrong : {"../../../../etc/passwd", "ABCDEF", "", "a b"})
        EXPECT_EQ(error_of([&] { store->create({"f", wrong}); }).code(), ErrorCode::usage) << wrong;
}

TEST_P(Stores, EntriesAreListedWithSizeAndLastUse) {
    const auto begin = std::chrono::system_clock::now() - std::chrono::seconds(2);
    put(id, "12345", "{}");
    put({"cube", hash(2)}, "1", "{}");
    auto all = listed();
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[1].id, id);
    EXPECT_EQ(all[1].bytes, 7U);
    EXPECT_FALSE(all[1].pinned);
    EXPECT_GE(all[1].last_access, begin);
    std::this_thread::sleep_for(GetParam().resolution);
    EXPECT_TRUE(store->contains(all[0].id));
    EXPECT_EQ(store->metadata(all[0].id), "{}");
    store->find(all[0].id, Use::silent);
    EXPECT_EQ(listed()[0].last_access, all[0].last_access);
    store->find(all[0].id, Use::counts);
    EXPECT_GT(listed()[0].last_access, all[0].last_access);
    EXPECT_EQ(listed()[1].last_access, all[1].last_access);
}

TEST_P(Stores, EntriesFunctionsAndEverythingCanBeRemoved) {
    EXPECT_FALSE(store->remove(id));
    for (int i = 0; i < 4; ++i) put({i < 3 ? "f" : "g", hash(i)}, "output");
    EXPECT_TRUE(store->remove({"f", hash(0)}));
    EXPECT_FALSE(store->remove({"f", hash(0)}));
    EXPECT_EQ(listed().size(), 3U);
    store->remove_function("f");
    store->remove_function("never there");
    EXPECT_EQ(listed().size(), 1U);
    store->clear();
    EXPECT_TRUE(listed().empty());
    put(id, "again");
    EXPECT_EQ(output_of(*store, id), "again");
}

TEST_P(Stores, ManyEntriesAreRemovedAtOnce) {
    std::vector<EntryId> ids;
    for (int i = 0; i < 20; ++i) ids.push_back({i % 2 == 0 ? "f" : "Another::name", hash(i)});
    for (const EntryId& each : ids) put(each, "output");
    EXPECT_EQ(store->remove_all({}), 0U);
    EXPECT_EQ(store->remove_all(std::span(ids).first(15)), 15U);
    EXPECT_EQ(listed().size(), 5U);
    EXPECT_EQ(output_of(*store, ids[0]), "(none)");
    store->remove_all(ids);
    EXPECT_TRUE(listed().empty());
    if (const auto usage = store->usage()) {
        EXPECT_EQ(usage->items, 0U);
    }
    EXPECT_EQ(error_of([&] { store->remove_all(std::vector<EntryId>{{"f", "no hash"}}); }).code(), ErrorCode::usage);
}

TEST_P(Stores, PinsAreKeptAndTakenBack) {
    EXPECT_FALSE(store->pin(id, Pinned::yes));
    put(id, "output");
    EXPECT_TRUE(store->pin(id, Pinned::yes));
    EXPECT_TRUE(store->pin(id, Pinned::yes));
    EXPECT_TRUE(listed()[0].pinned);
    EXPECT_TRUE(store->pin(id, Pinned::no));
    EXPECT_TRUE(store->pin(id, Pinned::no));
    EXPECT_FALSE(listed()[0].pinned);
    store->pin(id, Pinned::yes);
    EXPECT_TRUE(store->remove(id));
    put(id, "output");
    EXPECT_FALSE(listed()[0].pinned);
}

TEST_P(Stores, WhileItListsEntriesMayGo) {
    for (int i = 0; i < 20; ++i) put({"f", hash(i)}, "output");
    store->list([&](const EntryInfo& entry) { store->remove(entry.id); });
    EXPECT_TRUE(listed().empty());
}

TEST_P(Stores, OneHoldsTheLockAndOthersAreToldOrWait) {
    auto lock = store->lock(id, std::nullopt);
    ASSERT_NE(lock, nullptr);
    EXPECT_EQ(store->lock(id, std::chrono::milliseconds(0)), nullptr);
    EXPECT_EQ(GetParam().open(dir)->lock(id, std::chrono::milliseconds(20)), nullptr);
    EXPECT_NE(store->lock({"square", hash(2)}, std::chrono::milliseconds(0)), nullptr);
    EXPECT_NE(store->lock({"cube", hash(1)}, std::chrono::milliseconds(0)), nullptr);
    put(id, "locks are no matter of entries");
    std::atomic<bool> released = false;
    std::thread waiting([&] {
        const auto second = store->lock(id, std::nullopt);
        EXPECT_NE(second, nullptr);
        EXPECT_TRUE(released);
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    released = true;
    lock.reset();
    waiting.join();
    EXPECT_NE(store->lock(id, std::chrono::milliseconds(0)), nullptr);
}

TEST_P(Stores, ManyThreadsHoldALockInTurn) {
    int counted = 0;
    std::vector<std::thread> threads;
    std::atomic<int> inside = 0;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i < 100; ++i) {
                const auto lock = store->lock(id, std::nullopt);
                EXPECT_EQ(++inside, 1);
                counted += 1;
                --inside;
            }
        });
    for (std::thread& each : threads) each.join();
    EXPECT_EQ(counted, 400);
}

TEST_P(Stores, WhatIsThereIsCountedOrNotKnown) {
    put(id, "12345", "{}");
    if (const auto usage = store->usage()) {
        EXPECT_EQ(usage->items, 1U);
        EXPECT_EQ(usage->bytes, 7U);
        put(id, "1234567", "{}");
        put({"cube", hash(3)}, "1", "{}");
        EXPECT_EQ(store->usage()->items, 2U);
        EXPECT_EQ(store->usage()->bytes, 12U);
        store->remove(id);
        EXPECT_EQ(store->usage()->items, 1U);
        EXPECT_EQ(store->usage()->bytes, 3U);
        store->clear();
        EXPECT_EQ(store->usage()->items, 0U);
        EXPECT_EQ(store->usage()->bytes, 0U);
    }
    store->sweep();
}

TEST_P(Stores, WritersOfOneEntryLeaveOneOfTheirOutputs) {
    std::vector<std::thread> threads;
    for (char c = 'a'; c < 'e'; ++c)
        threads.emplace_back([&, c] {
            for (int i = 0; i < 25; ++i) put(id, std::string(50'000, c));
        });
    for (int i = 0; i < 50; ++i) {
        const std::string output = output_of(*store, id);
        EXPECT_TRUE(output == "(none)" || output == std::string(50'000, output.front()));
    }
    for (std::thread& each : threads) each.join();
    EXPECT_EQ(listed().size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(Every, Stores, ::testing::ValuesIn(makers()),
                         [](const auto& maker) { return maker.param.name; });

}  // namespace
}  // namespace jl::test
