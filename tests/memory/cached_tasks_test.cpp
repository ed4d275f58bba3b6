#if defined(JL_HAS_XXHASH)  // keys need it
// Cached functions as tasks of Parallel: on every backend one computes a result and all have it.
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <thread>
#include <unistd.h>

#include <jl/jl.hpp>

#include "memory/support/quiet.hpp"
#include "parallel/support/needs_backend.hpp"
#include "support/child_process.hpp"
#include "support/error.hpp"
#include "support/temp_dir.hpp"

namespace jl::test {
namespace {

using ::testing::HasSubstr;

// Counts its calls in a file, whichever process they are made in.
int counted_square(int x, const std::string& calls) {
    CallCount(calls).one_more();
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return x * x;
}
struct Scaled {
    int factor = 1;
    int operator()(int x) const { return factor * x; }
};
int own_memory(int x, const std::string& location, const std::string& calls) {
    const Memory mem(location, {.verbose = 0});
    return mem.cache("square", counted_square)(x, calls);
}

constexpr int keys = 5, tasks_of_each = 12;

class CachedTasks : public ::testing::TestWithParam<const char*> {
  protected:
    void SetUp() override { JL_NEEDS_BACKEND(GetParam()); }

    template <class Make>
    auto tasks(Make make) const {
        std::vector<decltype(make(0))> all;
        for (int i = 0; i < keys * tasks_of_each; ++i) all.push_back(make(i % keys));
        return all;
    }
    void expect_squares(const std::vector<int>& found) const {
        ASSERT_EQ(found.size(), static_cast<std::size_t>(keys * tasks_of_each));
        for (std::size_t i = 0; i < found.size(); ++i) EXPECT_EQ(found[i], static_cast<int>((i % keys) * (i % keys)));
    }

    TempDir dir;
    const std::string location = dir / "cache";
    const CallCount calls{dir / "calls"};
    const std::string count_file = dir / "calls";
    const Parallel parallel{{.n_jobs = 4, .backend = GetParam(), .batch_size = 1}};
};

TEST_P(CachedTasks, AreComputedOncePerKey) {
    const Memory mem(location, {.verbose = 0});
    const auto square = mem.cache<&counted_square>("square", {.arg_names = {"x", "calls"}, .ignore = {"calls"}});
    static_assert(is_portable<std::remove_const_t<decltype(square)>>);
    const auto all = tasks([&](int x) { return delayed(square)(x, count_file); });
    expect_squares(parallel(all));
    expect_squares(parallel(all));
    EXPECT_EQ(calls.count(), static_cast<std::size_t>(keys));
    EXPECT_EQ(square(keys - 1, "not counted"), (keys - 1) * (keys - 1));
}

TEST_P(CachedTasks, MayMakeTheirOwnMemory) {
    expect_squares(parallel(tasks([&](int x) { return delayed(own_memory)(x, location, count_file); })));
    EXPECT_EQ(calls.count(), static_cast<std::size_t>(keys));
}

TEST_P(CachedTasks, MayHaveCapturesWhereTheyStayOrAreInherited) {
    const std::string backend = GetParam();
    if (backend == "multiprocessing") return;
    const Memory mem(location, {.verbose = 0});
    const auto square = mem.cache("square", [this](int x) { return counted_square(x, count_file); });
    for (int round = 0; round < 2; ++round) {
        std::vector<int> numbers;
        for (int i = 0; i < keys * tasks_of_each; ++i) numbers.push_back(i % keys);
        expect_squares(parallel.map(numbers, square));
    }
    EXPECT_EQ(calls.count(), static_cast<std::size_t>(keys));
}

TEST_P(CachedTasks, MayBeLambdasAndFunctionObjects) {
    const Memory mem(location, {.verbose = 0});
    const auto square = mem.cache("square", [](int x) { return x * x; });
    const auto scaled = mem.cache("scaled", Scaled{7});
    static_assert(is_portable<std::remove_const_t<decltype(scaled)>>);
    EXPECT_THAT(parallel.map(std::vector{1, 2, 3}, square), ::testing::ElementsAre(1, 4, 9));
    EXPECT_THAT(parallel.map(std::vector{1, 2, 3}, scaled), ::testing::ElementsAre(7, 14, 21));
    EXPECT_TRUE(square.check_call_in_cache(3));
    EXPECT_TRUE(scaled.check_call_in_cache(3));
    EXPECT_EQ(mem.entries().size(), 6U);
}

INSTANTIATE_TEST_SUITE_P(Every, CachedTasks,
                         ::testing::Values("sequential", "threading", "multiprocessing",
                                           "fork:?allow_threads=1"));  // those of "threading"

class CachedForms : public ::testing::Test {
  protected:
    template <class Function>
    Function again(const Function& function) const {
        jl::dump(function, dir / "f.pkl");
        return jl::load<Function>(dir / "f.pkl");
    }
    TempDir dir;
    Heard heard;
};

TEST_F(CachedForms, KeepWhatMakesKeysAndLimits) {
    const Memory mem(dir / "cache", {.verbose = 0,
                                     .compress = {"gzip", 2},
                                     .mmap_mode = not_mapped,
                                     .bytes_limit = "1G",
                                     .items_limit = 2,
                                     .age_limit = std::chrono::hours(1),
                                     .wait_limit = std::chrono::seconds(9)});
    const auto f = mem.cache("f", [](int x, int) { return std::vector<int>(100, x); },
                             {.version = "of today",
                              .arg_names = {"x", "other"},
                              .ignore = {"other"},
                              .cache_validation_callback = expires_after(std::chrono::hours(1)),
                              .verbose = 0,
                              .mmap_mode = MmapMode::r});
    const auto g = again(f);
    EXPECT_EQ(g.entry(1, 2), f.entry(1, 3));
    EXPECT_EQ(g.call(1, 2).metadata.version, "of today");
    EXPECT_TRUE(f.timed(1, 3).hit);
    EXPECT_THAT(read_file(mem.store()->place_of(f.entry(1, 2)) + "/output.pkl"), ::testing::StartsWith("\x1f\x8b"));
    for (int x = 0; x < 5; ++x) g(x, 0);
    EXPECT_LE(mem.entries().size(), 2U);
}

TEST_F(CachedForms, ExpireAsTheyDid) {
    const Memory mem(dir / "cache", {.verbose = 0});
    const auto f = mem.cache("f", [](int x) { return x; }, {.cache_validation_callback = expires_after({})});
    f(1);
    EXPECT_FALSE(again(f).check_call_in_cache(1));
}

TEST_F(CachedForms, WithoutALocationKeepNothing) {
    const Memory none(std::nullopt, {.verbose = 0});
    const auto g = again(none.cache("f", [](int x) { return x + 1; }));
    EXPECT_EQ(g(1), 2);
    EXPECT_FALSE(g.check_call_in_cache(1));
}

TEST_F(CachedForms, RefuseWhatOnlyTheirProgramKnows) {
    const Memory mem(dir / "cache", {.verbose = 0});
    const auto f = mem.cache("f", [](int x) { return x; },
                             {.cache_validation_callback = [](const CallMetadata&) { return true; }});
    EXPECT_THAT(error_of([&] { again(f); }).what(),
                HasSubstr("the cached function 'f' cannot leave its process: its validation callback"));
    int captured = 1;
    const auto g = mem.cache("g", [captured](int x) { return x + captured; });
    static_assert(!is_portable<std::remove_const_t<decltype(g)>>);
    EXPECT_EQ(g(1), 2);
}

TEST_F(CachedForms, NameTheSameFolderWhereverTheyAreRead) {
    for (const char* backend : {"local", "memory"}) {
        const Memory mem("a_relative_folder", {.verbose = 0, .backend = backend});
        std::vector<std::byte> bytes;
        dump(mem.cache("f", [](int x) { return x; }), bytes);
        const Value form = load(std::span<const std::byte>(bytes))[0];
        EXPECT_EQ(form["store"]["location"].as<std::string>(),
                  (std::filesystem::current_path() / "a_relative_folder").string());
    }
}

TEST_F(CachedForms, TellNoSecrets) {
    register_store_backend(
        "shelf",
        [&](const StoreOptions&) {
            return open_store("local", {dir / "cache", {}});
        },
        Replace::yes);
    for (const auto& [location, options] : std::vector<std::pair<std::string, std::map<std::string, std::string>>>{
             {"redis://me:hunter2@host/prefix", {}},
             {"mine://host/prefix?token=hunter2", {}},
             {"here", {{"Auth_Token", "hunter2"}}}}) {
        const Memory mem(location, {.verbose = 0, .backend = "shelf", .backend_options = options});
        const auto f = mem.cache("f", [](int x) { return x; });
        const std::string said = error_of([&] { again(f); }).what();
        EXPECT_THAT(said, HasSubstr("holds a secret"));
        EXPECT_THAT(said, ::testing::Not(HasSubstr("hunter2")));
    }
}

}  // namespace
}  // namespace jl::test

#endif
