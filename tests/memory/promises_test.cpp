#if defined(JL_HAS_XXHASH)  // keys need it
// What a user may count on and once could not: no wrong value, no call that fails because of its store, nothing lost
// that is not of the cache, no waiting for the dead.
#include <atomic>
#include <csignal>
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdexcept>
#include <thread>
#include <unistd.h>

#include <jl/jl.hpp>

#include "memory/doubtful_folder.hpp"
#include "memory/local_lock.hpp"
#include "memory/support/failing_calls.hpp"
#include "memory/support/quiet.hpp"
#include "support/child_process.hpp"
#include "support/error.hpp"
#include "support/temp_dir.hpp"

namespace jl::test {
namespace {

using ::testing::HasSubstr;

// Fails in every way it is asked.
class BrokenStore final : public StoreBackend {
  public:
    std::string place() const override { return "nowhere"; }
    bool contains(const EntryId&) override { fail(); }
    std::string metadata(const EntryId&) override { fail(); }
    std::optional<StoredOutput> find(const EntryId&, Use) override { fail(); }
    std::unique_ptr<EntryWriter> create(const EntryId&) override { fail(); }
    bool remove(const EntryId&) override { fail(); }
    void remove_function(std::string_view) override { fail(); }
    void clear() override { fail(); }
    bool pin(const EntryId&, Pinned) override { fail(); }
    void list(const Visit&) override { fail(); }
    std::unique_ptr<EntryLock> lock(const EntryId&, std::optional<std::chrono::milliseconds>) override { fail(); }
    std::optional<StoreUsage> usage() override { fail(); }
    void sweep() override { fail(); }

    static inline bool with_errors_of_its_own = false;

  private:
    [[noreturn]] static void fail() {
        if (with_errors_of_its_own) throw std::runtime_error("the store is down");
        throw Error(ErrorCode::io, "the store is down");
    }
};

class CachePromises : public ::testing::Test {
  protected:
    TempDir dir;
    Heard heard;
    Memory mem{dir.path(), heard.options({.verbose = 0})};
};

TEST_F(CachePromises, AStoreThatIsDownCostsNoCall) {
    register_store_backend(
        "broken", [](const StoreOptions&) { return std::make_shared<BrokenStore>(); }, Replace::yes);
    for (const bool own : {false, true}) {
        BrokenStore::with_errors_of_its_own = own;
        const Memory broken("here", heard.options({.verbose = 0, .backend = "broken", .items_limit = 1}));
        const auto f = broken.cache("f", [](int x) { return x + 1; });
        EXPECT_EQ(f(1), 2);
        EXPECT_EQ(f.call(1).output, 2);
        EXPECT_EQ(f.call_and_shelve(1).get(), 2);
        EXPECT_THAT(heard.warnings(), HasSubstr("the store is down"));
    }
}

TEST_F(CachePromises, OtherIgnoredArgumentsAreOtherKeys) {
    const auto sum = [](int a, int b) { return 100 * a + b; };
    const auto f = mem.cache("f", sum, {.arg_names = {"a", "b"}, .ignore = {"a"}});
    const auto g = mem.cache("f", sum, {.arg_names = {"a", "b"}, .ignore = {"b"}});
    EXPECT_EQ(g(2, 9), 209);
    EXPECT_EQ(f(1, 2), 102);
    EXPECT_NE(f.entry(1, 2), g.entry(2, 9));
    EXPECT_EQ(f.entry(1, 2), f.entry(7, 2));
}

TEST_F(CachePromises, ArgumentsAreRecordedAsTheyWereGiven) {
    const auto f = mem.cache("f", [](std::string text) { return std::string(std::move(text)).size(); });
    const std::string text(40, 'x');
    const auto call = f.call(std::string(text));
    ASSERT_EQ(call.metadata.input_args.size(), 1U);
    EXPECT_THAT(call.metadata.input_args[0].second, HasSubstr(text));
}

TEST_F(CachePromises, WhatAValidationCallbackThrowsComesThrough) {
    const auto f = mem.cache(
        "f", [](int x) { return x; },
        {.cache_validation_callback = [](const CallMetadata&) -> bool { throw std::invalid_argument("mine"); }});
    EXPECT_EQ(f(1), 1);
    EXPECT_THROW(f(1), std::invalid_argument);
}

// The result that was computed is there until a mapped one has been read.
TEST_F(CachePromises, AMappedResultThatCannotBeReadLeavesTheComputedOne) {
    const Memory mapped(dir.path(), heard.options({.verbose = 0, .mmap_mode = MmapMode::r}));
    const auto f = mapped.cache("f", [&](std::vector<int> given) {
        const std::vector<int> taken = std::move(given);
        return std::vector<int>(taken.rbegin(), taken.rend());
    });
    std::size_t calls = 0;
    {
        const FailingCalls counted({});
        f(std::vector{0, 0, 0});
        calls = counted.made();
    }
    for (std::size_t n = 1; n <= calls; ++n) {
        const FailingCalls failing({.first = n, .error = EIO});
        EXPECT_EQ(f(std::vector{1, 2, static_cast<int>(n)}), (std::vector{static_cast<int>(n), 2, 1}));
    }
}

// Who writes into a map of r_plus writes into the entry.
TEST_F(CachePromises, AFunctionCanBeLeftOutOfMaps) {
    const Memory mapped(dir.path(), heard.options({.verbose = 0, .mmap_mode = MmapMode::r_plus}));
    const auto ones = [](std::uint64_t n) {
        const Array<double> array({n});
        std::ranges::fill(array, 1.0);
        return array;
    };
    const auto f = mapped.cache("f", ones), g = mapped.cache("g", ones, {.mmap_mode = not_mapped});
    const auto h = mem.cache("h", ones), i = mem.cache("i", ones, {.mmap_mode = MmapMode::r_plus});
    const auto is_mapped = [](const auto& cached) {
        cached(10'000)(0) = 42;
        return cached(10'000)(0) == 42;
    };
    EXPECT_TRUE(is_mapped(f));
    EXPECT_FALSE(is_mapped(g));
    EXPECT_FALSE(is_mapped(h));
    EXPECT_TRUE(is_mapped(i));
}

TEST_F(CachePromises, AnExpiredEntryThatIsPinnedStaysPinned) {
    bool valid = true;
    int calls = 0;
    const auto f = mem.cache("f", [&](int x) { return ++calls, x; },
                             {.cache_validation_callback = [&](const CallMetadata&) { return valid; }});
    f(1);
    EXPECT_TRUE(f.pin(1));
    valid = false;
    f(1);
    EXPECT_EQ(calls, 2);
    EXPECT_TRUE(mem.entries().at(0).pinned);
    EXPECT_EQ(mem.reduce_size({.items_limit = 0}), 0U);
}

TEST_F(CachePromises, AgesAreNotNegative) {
    EXPECT_EQ(error_of([] { expires_after(std::chrono::seconds(-1)); }).code(), ErrorCode::usage);
}

TEST_F(CachePromises, TimesOfForEverAreForEver) {
    const auto for_ever = std::chrono::microseconds::max();
    const Memory patient(
        dir.path(),
        heard.options({.verbose = 0, .age_limit = for_ever, .wait_limit = std::chrono::milliseconds::max()}));
    int calls = 0;
    const auto f =
        patient.cache("f", [&](int x) { return ++calls, x; }, {.cache_validation_callback = expires_after(for_ever)});
    f(1), f(1);
    EXPECT_EQ(calls, 1);
    EXPECT_EQ(patient.reduce_size({.age_limit = for_ever}), 0U);
    EXPECT_TRUE(f.check_call_in_cache(1));
    auto held = patient.store()->lock(f.entry(2), std::nullopt);
    std::thread releases([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        held.reset();
    });
    EXPECT_EQ(f(2), 2);
    releases.join();
    EXPECT_EQ(patient.statistics().waits, 1U);
}

TEST_F(CachePromises, ClearTakesOnlyWhatIsOfTheCache) {
    const auto f = mem.cache("f", [](int x) { return x; });
    f(1);
    const std::string photo = dir / "joblib/photos/2024/a.jpg", note = dir / "joblib/f/note";
    std::filesystem::create_directories(dir / "joblib/photos/2024");
    write_file(photo, "mine"), write_file(note, "mine");
    f.clear();
    EXPECT_FALSE(f.check_call_in_cache(1));
    f(1);
    mem.clear();
    EXPECT_EQ(mem.entries().size(), 0U);
    EXPECT_EQ(read_file(photo), "mine");
    EXPECT_EQ(read_file(note), "mine");
    EXPECT_EQ(mem.store()->usage()->items, 0U);
}

TEST_F(CachePromises, EntriesOfFoldersThatTellNoNameCanBeReached) {
    const auto f = mem.cache("Some::f", [](int x) { return x; });
    for (int x = 0; x < 3; ++x) f(x);
    std::filesystem::remove(mem.store()->place_of({"Some::f", ""}) + "/.name");
    auto entries = mem.entries();
    ASSERT_EQ(entries.size(), 3U);
    EXPECT_TRUE(mem.pin(entries[0].id, Pinned::yes));
    EXPECT_TRUE(mem.entries()[0].pinned);
    EXPECT_TRUE(mem.store()->find(entries[0].id, Use::silent));
    EXPECT_TRUE(mem.remove(entries[0].id));
    EXPECT_EQ(mem.reduce_size({.items_limit = 0}), 2U);
    EXPECT_TRUE(mem.entries().empty());
}

TEST_F(CachePromises, ANameThatWasLostIsToldAgain) {
    const auto f = mem.cache("Some::f", [](int x) { return x; });
    f(0);
    const std::string name = mem.store()->place_of({"Some::f", ""}) + "/.name";
    for (const char* const left : {"", "Som"}) {
        write_file(name, left);
        EXPECT_NE(mem.entries().at(0).id.function, "Some::f");
        f.call(0);
        EXPECT_EQ(read_file(name), "Some::f");
        EXPECT_EQ(mem.entries().at(0).id.function, "Some::f");
    }
}

TEST_F(CachePromises, WhatCannotBePinnedIsNotSaidToBe) {
    const auto f = mem.cache("f", [](int x) { return x; });
    f(1);
    std::filesystem::create_directory(mem.store()->place_of(f.entry(1)) + "/.pinned");
    EXPECT_THAT(error_of([&] { f.pin(1); }).what(), HasSubstr("/.pinned"));
    EXPECT_THAT(error_of([&] { f.unpin(1); }).what(), HasSubstr("/.pinned"));
}

// As somebody who may read it only.
TEST_F(CachePromises, WhatCannotBeRemovedIsTold) {
    const auto f = mem.cache("f", [](int x) { return x; });
    f(1);
    using std::filesystem::perms;
    for (const std::string& folder :
         {mem.store()->place(), mem.store()->place_of({"f", ""}), mem.store()->place_of(f.entry(1))})
        std::filesystem::permissions(folder, perms(0555));
    std::filesystem::permissions(dir.path(), perms::all);
    const pid_t reader = start_process([&] {
        constexpr uid_t nobody = 65'534;
        if (::getuid() == 0 && ::setuid(nobody) != 0) return 1;
        for (const auto& removes : std::vector<std::function<void()>>{[&] { mem.clear(); }, [&] { f.clear(); }})
            if (error_of(removes).code() != ErrorCode::io) return 2;
        return f.check_call_in_cache(1) ? 0 : 3;
    });
    EXPECT_EQ(wait_for(reader), 0);
    std::filesystem::permissions(mem.store()->place_of({"f", ""}), perms::all);
    std::filesystem::permissions(mem.store()->place_of(f.entry(1)), perms::all);
    std::filesystem::permissions(mem.store()->place(), perms::all);
}

TEST_F(CachePromises, AFolderThatAnybodyMayFillIsTold) {
    constexpr uid_t me = 1'000, other = 1'001, root = 0;
    EXPECT_TRUE(is_doubtful(other, 0777, me));
    EXPECT_FALSE(is_doubtful(other, 0775, me));
    EXPECT_FALSE(is_doubtful(me, 0777, me));
    EXPECT_FALSE(is_doubtful(root, 01777, me));
    mem.cache("f", [](int x) { return x; })(1);
    const std::string folder = mem.store()->place();
    std::filesystem::permissions(folder, std::filesystem::perms::all);
    const Memory own(dir.path(), heard.options({.verbose = 0}));
    EXPECT_EQ(heard.text(), "");
    if (::chown(folder.c_str(), other, other) != 0) return;  // only the superuser may
    const Memory strange(dir.path(), heard.options({.verbose = 0}));
    EXPECT_THAT(heard.warnings(), HasSubstr(folder + ")]: another user owns this folder"));
}

// What a limit cannot take away is no failure of the result.
TEST_F(CachePromises, LimitsThatCannotBeHeldAreTheirOwnWarning) {
    const Memory limited(dir.path(), heard.options({.verbose = 0, .items_limit = 1}));
    const auto f = limited.cache("f", [](int x) { return x; });
    f(1);
    std::filesystem::remove_all(dir / "joblib/.jl/usage");
    std::filesystem::create_directory(dir / "joblib/.jl/usage");
    for (int x = 2; x < 5; ++x) EXPECT_EQ(f(x), x);
    const std::string said = heard.warnings();
    EXPECT_THAT(said, HasSubstr("The limits of the cache cannot be held: "));
    EXPECT_EQ(std::ranges::count(said, '\n'), 1) << said;
    EXPECT_EQ(limited.statistics().failures, 0U);
}

// Wherever its writer dies, an entry does not get a newer time than its output: what had expired is computed anew.
TEST_F(CachePromises, AKilledWriterMakesNoOldResultNew) {
    int killed = 0;
    for (std::size_t n = 1;; ++n) {
        mem.clear();
        mem.cache("f", [](int) { return std::string("old"); })(1);
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
        const auto expires = std::chrono::system_clock::now();
        const pid_t writer = start_process([&] {
            const auto f = mem.cache("f", [](int) { return std::string("new"); });
            const FailingCalls dies({.first = n, .how = FailingCalls::How::kills});
            return f.call(1).output == "new" ? 0 : 1;
        });
        const int ended = wait_for(writer);
        const auto f =
            mem.cache("f", [](int) { return std::string("computed"); },
                      {.cache_validation_callback = [&](const CallMetadata& call) { return call.time >= expires; }});
        EXPECT_NE(f(1), "old") << "killed at call " << n;
        EXPECT_EQ(heard.text(), "");
        if (ended == 0) break;
        EXPECT_EQ(ended, -SIGKILL);
        ++killed;
    }
    EXPECT_GT(killed, 10);
}

// Its parent's death frees what it held, whatever it had forked.
TEST_F(CachePromises, AKilledHoldersChildrenHoldNothing) {
    const std::string path = dir / "lock", ready = dir / "ready", child = dir / "child";
    const pid_t holder = start_process([&] {
        const auto held = lock_file(path, std::nullopt);
        const pid_t inner = start_process([] { return ::pause(); });
        write_file(child, std::to_string(inner));
        write_file(ready, "");
        return ::pause();
    });
    while (!std::filesystem::exists(ready)) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    EXPECT_EQ(lock_file(path, std::chrono::milliseconds(0)), nullptr);
    ::kill(holder, SIGKILL);
    EXPECT_EQ(wait_for(holder), -SIGKILL);
    EXPECT_NE(lock_file(path, std::chrono::milliseconds(2'000)), nullptr);
    ::kill(std::stoi(read_file(child)), SIGKILL);
}

TEST_F(CachePromises, SweepingTakesNoLockFromItsHolder) {
    mem.cache("f", [](int x) { return x; })(1);
    const EntryId id{"f", std::string(32, 'a')};
    std::atomic<bool> done = false;
    std::atomic<int> inside = 0;
    std::thread sweeping([&] {
        while (!done) mem.store()->sweep();
    });
    std::vector<std::thread> holders;
    for (int t = 0; t < 3; ++t)
        holders.emplace_back([&] {
            for (int i = 0; i < 3'000; ++i) {
                const auto held = mem.store()->lock(id, std::nullopt);
                EXPECT_EQ(++inside, 1);
                --inside;
            }
        });
    for (std::thread& each : holders) each.join();
    done = true;
    sweeping.join();
}

}  // namespace
}  // namespace jl::test

#endif
