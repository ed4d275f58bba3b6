// Whose the elements of a range are, who makes them, and until when.
#include <atomic>
#include <chrono>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <jl/parallel.hpp>

#include "parallel/support/lazy.hpp"
#include "parallel/support/needs_backend.hpp"

namespace jl::test {
namespace {

using namespace std::chrono_literals;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::NotNull;

// A view of a container that is only forward, as std::views::filter is.
template <class Container>
class Forward : public std::ranges::view_base {
  public:
    class iterator {
      public:
        using value_type = typename Container::value_type;
        using difference_type = std::ptrdiff_t;
        using iterator_category = std::forward_iterator_tag;
        using reference = value_type&;
        using pointer = value_type*;

        iterator() = default;
        explicit iterator(typename Container::iterator at) : at_(at) {}
        value_type& operator*() const { return *at_; }
        iterator& operator++() { return ++at_, *this; }
        iterator operator++(int) { return iterator(at_++); }
        bool operator==(const iterator&) const = default;

      private:
        typename Container::iterator at_;
    };

    explicit Forward(Container& container) : container_(&container) {}
    iterator begin() const { return iterator(container_->begin()); }
    iterator end() const { return iterator(container_->end()); }

  private:
    Container* container_;
};

class TaskRange : public testing::TestWithParam<const char*> {
  protected:
    void SetUp() override { JL_NEEDS_BACKEND(std::string(GetParam())); }
    ParallelOptions options() const { return {.n_jobs = 3, .backend = GetParam()}; }
};

TEST_P(TaskRange, ElementsThatCannotBeCopiedStayWhereTheyAre) {
    std::vector<std::unique_ptr<int>> items;
    for (int i = 0; i < 5; ++i) items.push_back(std::make_unique<int>(i));
    const auto value = [](const std::unique_ptr<int>& x) { return *x; };
    EXPECT_THAT(Parallel(options()).map(items, value), ElementsAre(0, 1, 2, 3, 4));
    EXPECT_THAT(Parallel(options()).map(Forward(items), value), ElementsAre(0, 1, 2, 3, 4));
    EXPECT_THAT(items, Each(NotNull()));
    EXPECT_THAT(Parallel(options()).map(std::move(items), [](std::unique_ptr<int> x) { return *x; }),
                ElementsAre(0, 1, 2, 3, 4));
}

TEST_P(TaskRange, IsNotReadOnWhenItsTasksAreGivenUp) {
    std::atomic<int> made = 0;
    const auto tasks = lazy(1'000'000, [&](int i) {
        ++made;
        std::this_thread::sleep_for(1ms);
        return delayed([](int x) { return x; })(i);
    });
    ParallelOptions how = options();
    how.call_timeout = 100ms;
    const auto outcomes = Parallel(how).outcomes(tasks);
    EXPECT_LE(outcomes.size(), static_cast<std::size_t>(made));
    EXPECT_LT(made, 10'000);
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        if (outcomes[i]) {
            EXPECT_EQ(*outcomes[i], static_cast<int>(i));
        }
    }
}

TEST_P(TaskRange, OfKnownSizeHasAnOutcomeForEachTaskAndSaysWhyItDidNotBegin) {
    ParallelOptions how = options();
    how.call_timeout = 50ms;
    const auto nap = [](int) { std::this_thread::sleep_for(10ms); };
    const auto outcomes = Parallel(how).outcomes(up_to(10'000), nap);
    ASSERT_EQ(outcomes.size(), 10'000U);
    EXPECT_TRUE(outcomes.front());
    EXPECT_STREQ(outcomes.back().error().what(),
                 "task 9999: given up before it began: the call was not done within 0.05 s");
    std::stop_source stop;
    stop.request_stop();
    how.stop = stop.get_token();
    EXPECT_STREQ(Parallel(how).outcomes(up_to(3), nap).back().error().what(),
                 "task 2: given up before it began: a stop was requested");
}

// Whichever thread makes the elements.
TEST_P(TaskRange, IsReadUnderTheOptionsOfTheCall) {
    const auto scope = parallel_config({.n_jobs = 1, .verbose = 1, .log = [](std::string_view) {}});
    std::atomic<int> lines = 0;
    const auto inner = parallel_config({.log = [&](std::string_view) { ++lines; }});
    const auto tasks = lazy(30, [](int i) {
        Parallel{}.map(std::vector{1}, [](int) {});  // which tells that it has finished
        return delayed([](int x) { return x; })(i);
    });
    ParallelOptions how = options();
    how.verbose = 0;
    how.pre_dispatch = 2;
    how.batch_size = 1;
    Parallel{how}(tasks);
    EXPECT_GE(lines, 30);
}

TEST_P(TaskRange, AStreamThatWasMovedFromIsAtItsEnd) {
    auto first = Parallel(options()).stream(up_to(3), [](int x) { return x; });
    auto second = std::move(first);
    EXPECT_TRUE(first.begin() == first.end());
    int sum = 0;
    for (const int x : second) sum += x;
    EXPECT_EQ(sum, 3);
}

TEST_P(TaskRange, ATaskMayThrowAnything) {
    const auto fails = [](int x) -> int {
        if (x == 0) throw std::string("a text");
        if (x == 1) throw "a literal";
        throw x;
    };
    const auto outcomes = Parallel(options()).outcomes(up_to(3), fails);
    EXPECT_STREQ(outcomes.at(0).error().what(), "task 0: a text");
    EXPECT_STREQ(outcomes.at(1).error().what(), "task 1: a literal");
    EXPECT_STREQ(outcomes.at(2).error().what(), "task 2: int");
}

INSTANTIATE_TEST_SUITE_P(On, TaskRange, testing::Values("sequential", "threading"),
                         [](const auto& backend) { return std::string(backend.param); });

}  // namespace
}  // namespace jl::test
