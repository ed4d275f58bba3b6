// No memory in calls that are cached, and in calls side by side.
#include <functional>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include <jl/jl.hpp>

#include "no_memory/support/every_allocation.hpp"
#include "parallel/support/needs_backend.hpp"
#include "support/temp_dir.hpp"

namespace jl::test {
namespace {

std::string text_of(int x) { return "a text that is too long to be kept in place: " + std::to_string(x); }

#ifdef JL_HAS_XXHASH  // keys need it
TEST(NoMemory, ACachedCallGivesItsResultOrAnError) {
    const TempDir dir;
    const Memory mem(dir.path(), {.verbose = 0, .logger = [](const MemoryMessage&) {}});
    const auto cached = mem.cache("text_of", text_of);
    with_every_allocation_failing(
        "hit", [&] { return cached(1) == text_of(1); }, [&](bool) { EXPECT_EQ(cached(1), text_of(1)); });
    int x = 1;
    with_every_allocation_failing(
        "miss",
        [&] {
            ++x;
            return cached(x) == text_of(x);
        },
        [&](bool) { EXPECT_EQ(cached(x), text_of(x)); });
    with_every_allocation_failing(
        "entries", [&] { return !mem.entries().empty(); }, [](bool) {});
    with_every_allocation_failing(
        "reduction", [&] { return mem.reduce_size({.items_limit = 2}), true; }, [](bool) {});
    with_every_allocation_failing(
        "remove", [&] { return cached.remove(1), true; }, [&](bool) { EXPECT_EQ(cached(1), text_of(1)); });
    with_every_allocation_failing(
        "pin", [&] { return cached.pin(1), true; }, [](bool) {});
    with_every_allocation_failing(
        "sweep", [&] { return mem.store()->sweep(), true; }, [](bool) {});
    with_every_allocation_failing(
        "shelved", [&] { return cached.call_and_shelve(1).get() == text_of(1); }, [](bool) {});
    // Not clear(): libstdc++'s remove_all ends the program.
}
#endif

struct FixedText {
    std::string operator()(int x) const { return text_of(x); }
};

class NoMemoryForCall : public testing::TestWithParam<const char*> {
  protected:
    void SetUp() override { JL_NEEDS_BACKEND(std::string(GetParam())); }
    ParallelOptions options() const { return {.n_jobs = 2, .backend = GetParam(), .batch_size = 3}; }
    void each(const char* name, const std::function<bool()>& work) const {
        with_every_allocation_failing(std::string(GetParam()) + ", " + name, work, [](bool) {});
    }
};

constexpr int count = 20;

std::vector<int> numbers() {
    std::vector<int> all;
    for (int i = 0; i < count; ++i) all.push_back(i);
    return all;
}

TEST_P(NoMemoryForCall, ResultsAreAllThereOrThereIsAnError) {
    each("call", [&] {
        const auto texts = Parallel(options()).map(numbers(), text_of);
        bool right = texts.size() == count;
        for (int i = 0; right && i < count; ++i) right = texts[static_cast<std::size_t>(i)] == text_of(i);
        return right;
    });
}

TEST_P(NoMemoryForCall, EveryTaskHasAnOutcomeOrThereIsAnError) {
    std::vector<decltype(delayed(text_of)(0))> tasks;
    for (const int i : numbers()) tasks.push_back(delayed(text_of)(i));
    each("outcomes", [&] {
        const auto outcomes = Parallel(options()).outcomes(tasks);
        bool right = outcomes.size() == count;
        for (std::size_t i = 0; right && i < outcomes.size(); ++i)
            right = !outcomes[i] || *outcomes[i] == text_of(static_cast<int>(i));
        return right;
    });
}

TEST_P(NoMemoryForCall, AStreamGivesAllOrEndsWithAnError) {
    std::vector<decltype(delayed(text_of)(0))> tasks;
    for (const int i : numbers()) tasks.push_back(delayed(text_of)(i));
    for (const ReturnAs order : {ReturnAs::generator, ReturnAs::generator_unordered}) {
        each("stream", [&] {
            int read = 0;
            ParallelOptions how = options();
            how.return_as = order;
            for (const std::string& text : Parallel(how).stream(tasks)) read += text.empty() ? 0 : 1;
            return read == count;
        });
    }
}

// Workers are processes of their own, which have memory: it fails here.
TEST(NoMemory, CallsInWorkersGiveAllResultsOrAnError) {
    const ParallelOptions options{.n_jobs = 2, .backend = "loky", .batch_size = 3};
    with_every_allocation_failing(
        "loky",
        [&] {
            const auto texts = Parallel(options).map(numbers(), FixedText());
            bool right = texts.size() == count;
            for (int i = 0; right && i < count; ++i) right = texts[static_cast<std::size_t>(i)] == text_of(i);
            return right;
        },
        [&](bool) { EXPECT_EQ(Parallel(options).map(numbers(), FixedText()).back(), text_of(count - 1)); });
}

TEST_P(NoMemoryForCall, CallsInsideOfTasksEndToo) {
    each("nested", [&] {
        const auto sums = Parallel(options()).map(numbers(), [&](int i) {
            ParallelOptions inner = options();
            int sum = i;
            for (const int x : Parallel(inner).map(std::vector{1, 2, 3}, [](int y) { return y; })) sum += x;
            return sum;
        });
        return sums.back() == count + 5;
    });
}

INSTANTIATE_TEST_SUITE_P(Of, NoMemoryForCall, testing::Values("sequential", "threading"),
                         [](const auto& backend) { return std::string(backend.param); });

}  // namespace
}  // namespace jl::test
