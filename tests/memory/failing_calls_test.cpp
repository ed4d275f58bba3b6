#if defined(JL_HAS_XXHASH)  // keys need it
// The n-th system call fails, for every n, once or from then on: a call returns its result all the same, and what is on
// disk afterwards is the old entry, the new one, or none.
#include "memory/support/failing_calls.hpp"

#include <cerrno>
#include <filesystem>
#include <functional>
#include <gtest/gtest.h>

#include <jl/jl.hpp>

#include "memory/support/fast_dir.hpp"
#include "memory/support/quiet.hpp"

namespace jl::test {
namespace {

using How = FailingCalls::How;
using Result = std::vector<int>;

Result result_of(int x) { return {x, x + 1, x + 2}; }

struct Scenario {
    const char* name;
    int entries;  // that are there before
    std::function<void(const Memory& mem)> work;
};

auto cached(const Memory& mem) { return mem.cache("Some::f", result_of); }

// These never throw; the others may, Error{io}.
std::vector<Scenario> calls() {
    return {
        {"first call of a cache", 0, [](const Memory& mem) { EXPECT_EQ(cached(mem)(1), result_of(1)); }},
        {"another call", 1, [](const Memory& mem) { EXPECT_EQ(cached(mem)(2), result_of(2)); }},
        {"hit", 3, [](const Memory& mem) { EXPECT_EQ(cached(mem)(1), result_of(1)); }},
        {"forced call", 3, [](const Memory& mem) { EXPECT_EQ(cached(mem).call(1).output, result_of(1)); }},
        {"shelved call", 1, [](const Memory& mem) { cached(mem).call_and_shelve(2); }},
        {"call under a limit", 3,
         [](const Memory& mem) {
             const Memory limited(mem.store()->place().substr(0, mem.store()->place().rfind('/')),
                                  {.verbose = 0, .items_limit = 2, .logger = [](const MemoryMessage&) {}});
             EXPECT_EQ(cached(limited)(7), result_of(7));
         }},
    };
}

std::vector<Scenario> works() {
    return {
        {"insert", 1, [](const Memory& mem) { cached(mem).insert(result_of(5), 5); }},
        {"remove", 3, [](const Memory& mem) { cached(mem).remove(1); }},
        {"clear of a function", 3, [](const Memory& mem) { cached(mem).clear(); }},
        {"clear", 3, [](const Memory& mem) { mem.clear(); }},
        {"reduction", 3, [](const Memory& mem) { mem.reduce_size({.items_limit = 1}); }},
        {"list", 3, [](const Memory& mem) { EXPECT_LE(mem.entries().size(), 3U); }},
        {"pin", 3, [](const Memory& mem) { cached(mem).pin(1); }},
        {"sweep", 3, [](const Memory& mem) { mem.store()->sweep(); }},
        {"lock", 1, [](const Memory& mem) { mem.store()->lock(cached(mem).entry(1), std::chrono::milliseconds(0)); }},
    };
}

void expect_whole(const std::string& folder, const std::string& what) {
    Heard heard;
    const Memory mem(folder, heard.options({.verbose = 0, .wait_limit = std::chrono::seconds(5)}));
    for (int x = 0; x < 8; ++x) EXPECT_EQ(cached(mem)(x), result_of(x)) << what;
    EXPECT_EQ(heard.warnings(), "") << what;
    for (const EntryInfo& each : mem.entries()) EXPECT_EQ(each.id.arguments.size(), 32U) << what;
    EXPECT_EQ(mem.statistics().failures, 0U) << what;
}

std::size_t run(const Scenario& scenario, FailingCalls::Plan plan, bool may_throw) {
    const FastDir dir;
    const std::string what = std::string(scenario.name) + ", call " + std::to_string(plan.first) + " fails with " +
                             std::to_string(plan.error) + (plan.how == How::once ? "" : " as all after it");
    Heard heard;
    const Memory before(dir.path(), heard.options({.verbose = 0}));
    for (int x = 1; x <= scenario.entries; ++x) cached(before)(x);
    const Memory mem(dir.path(), heard.options({.verbose = 0}));
    std::size_t made = 0;
    {
        const FailingCalls failing(plan);
        try {
            scenario.work(mem);
        } catch (const Error& error) {
            EXPECT_TRUE(may_throw) << what << ": " << error.what();
            EXPECT_TRUE(error.code() == ErrorCode::io || error.code() == ErrorCode::missing)
                << what << ": " << error.what();
        }
        made = failing.made();
    }
    expect_whole(dir.path(), what);
    return made;
}

void run_all(const std::vector<Scenario>& scenarios, bool may_throw) {
    for (const Scenario& scenario : scenarios) {
        const std::size_t count = run(scenario, {}, may_throw);
        EXPECT_GT(count, 1U) << scenario.name;
        for (std::size_t n = 1; n <= count; ++n)
            for (const How how : {How::once, How::from_then_on})
                for (const int error : {EIO, ENOSPC, EACCES}) run(scenario, {n, error, how}, may_throw);
        for (std::size_t n = 1; n <= count; ++n) run(scenario, {n, EINTR, How::once}, may_throw);
    }
}

TEST(CacheFailingCalls, NeverKeepACallFromItsResult) { run_all(calls(), false); }

TEST(CacheFailingCalls, LeaveACacheThatWorks) { run_all(works(), true); }

}  // namespace
}  // namespace jl::test

#endif
