// Tasks on their way to worker processes and back: one that cannot be written or read fails alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <jl/error.hpp>
#include <jl/parallel.hpp>
#include <jl/xtensor.hpp>

#include "parallel/support/lazy.hpp"

namespace jl::test {

struct Odd {
    int number = 0;
};

}  // namespace jl::test

namespace jl {

template <>
struct Mapping<test::Odd> {
    static void emit(Emitter& out, const test::Odd& odd) { out.integer(odd.number); }
    static void read(const Record& in, test::Odd& odd) {
        odd.number = in.integer<int>();
        if (odd.number % 2 == 0) in.fail(ErrorCode::range, "an odd number is needed");
    }
};

}  // namespace jl

namespace jl::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

ParallelOptions processes(std::size_t batch) {
    return {.n_jobs = 2, .backend = "multiprocessing", .batch_size = batch};
}

std::size_t length(const std::string& text) { return text.size(); }
std::string text_of(int number) { return number == 3 ? "\xff" : "x"; }
int half(const Odd& odd) { return odd.number / 2; }
Odd successor(int number) { return {number + 1}; }

// Text that is no UTF-8 has no form in a pickle.
auto tasks_with_bad_text(const std::set<int>& bad, int count) {
    std::vector<decltype(delayed(length)(std::string()))> tasks;
    for (int i = 0; i < count; ++i) tasks.push_back(delayed(length)(bad.contains(i) ? std::string("\xff") : "text"));
    return tasks;
}

TEST(ProcessEncoding, OfAnArgumentThatHasNoFormFailsAlone) {
    for (const std::size_t batch : {1U, 4U, 100U})
        for (const std::set<int>& bad : {std::set<int>{0}, {5}, {9}, {3, 4, 8}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}}) {
            const auto outcomes = Parallel(processes(batch)).outcomes(tasks_with_bad_text(bad, 10));
            for (std::size_t i = 0; i < 10; ++i) {
                ASSERT_EQ(outcomes[i].has_value(), !bad.contains(static_cast<int>(i))) << i;
                if (outcomes[i].has_value()) continue;
                EXPECT_EQ(outcomes[i].error().end(), TaskEnd::exception);
                EXPECT_EQ(outcomes[i].error().index(), i);
                EXPECT_THAT(outcomes[i].error().what(), HasSubstr("it cannot go to another process: "));
                EXPECT_THAT(outcomes[i].error().what(), HasSubstr("not valid UTF-8"));
            }
        }
}

TEST(ProcessEncoding, OfAnArgumentThatHasNoFormEndsACallThatWantsAllResults) {
    for (const std::size_t batch : {1U, 4U, 100U}) {
        try {
            Parallel{processes(batch)}(tasks_with_bad_text({6}, 10));
            FAIL() << "no error";
        } catch (const TaskError& error) {
            EXPECT_EQ(error.index(), 6U);
            EXPECT_THAT(error.what(), HasSubstr("not valid UTF-8"));
        }
        EXPECT_EQ(Parallel(processes(batch))(tasks_with_bad_text({}, 10)).size(), 10U);
    }
}

TEST(ProcessEncoding, OfAnArgumentThatCannotBeReadFailsAlone) {
    std::vector<decltype(delayed(half)(Odd{}))> tasks;
    for (const int number : {1, 3, 4, 7}) tasks.push_back(delayed(half)(Odd{number}));
    const auto outcomes = Parallel(processes(4)).outcomes(tasks);
    EXPECT_EQ(*outcomes[0], 0);
    EXPECT_EQ(*outcomes[1], 1);
    ASSERT_FALSE(outcomes[2].has_value());
    EXPECT_THAT(outcomes[2].error().what(), HasSubstr("an odd number is needed"));
    EXPECT_EQ(*outcomes[3], 3);
}

TEST(ProcessEncoding, OfAResultThatHasNoFormOrCannotBeReadFailsAlone) {
    std::vector<decltype(delayed(text_of)(0))> tasks;
    for (int i = 0; i < 6; ++i) tasks.push_back(delayed(text_of)(i));
    const auto texts = Parallel(processes(6)).outcomes(tasks);
    for (std::size_t i = 0; i < 6; ++i) EXPECT_EQ(texts[i].has_value(), i != 3) << i;
    EXPECT_THAT(texts[3].error().what(), HasSubstr("not valid UTF-8"));
    std::vector<decltype(delayed(successor)(0))> successors;
    for (const int number : {0, 1, 2}) successors.push_back(delayed(successor)(number));
    const auto odds = Parallel(processes(3)).outcomes(successors);
    EXPECT_EQ(odds[0]->number, 1);
    ASSERT_FALSE(odds[1].has_value());
    EXPECT_THAT(odds[1].error().what(), HasSubstr("its result cannot be read"));
    EXPECT_EQ(odds[2]->number, 3);
}

// Sizes around those where payloads are no longer taken along, where buffers end, where bodies go by themselves.
TEST(ProcessEncoding, KeepsArraysOfAnySize) {
    for (const int count : {0, 1, 500, 512, 513, 8'191, 8'192, 8'193, 300'000}) {
        const auto twice = [](const std::vector<double>& a) {
            std::vector<double> b(a);
            for (double& x : b) x *= 2;
            return b;
        };
        std::vector<double> items(static_cast<std::size_t>(count), 1.5);
        std::vector<double> wanted(items.size(), 3);
        if (count > 0) items.back() = 7, wanted.back() = 14;
        EXPECT_THAT(Parallel(processes(2)).map(std::vector{items, items}, twice), ElementsAre(wanted, wanted));
        const auto column_major = [](const xt::xarray<float, xt::layout_type::column_major>& a) -> xt::xarray<float> {
            return xt::transpose(a);
        };
        const xt::xarray<float, xt::layout_type::column_major> matrix =
            xt::arange<float>(static_cast<float>(3 * count)).reshape({3, count});
        const auto transposed = Parallel(processes(1)).map(std::vector{matrix}, column_major);
        EXPECT_EQ(transposed[0], xt::transpose(matrix));
    }
}

TEST(ProcessEncoding, KeepsWhatArgumentsShareAndValuesOfAnyKind) {
    const auto both = [](const std::shared_ptr<std::vector<int>>& a, const std::shared_ptr<std::vector<int>>& b) {
        a->push_back(1);
        return a == b && b->size() == 3;
    };
    const auto shared = std::make_shared<std::vector<int>>(2);
    EXPECT_THAT(Parallel(processes(1))(std::vector{delayed(both)(shared, shared)}), ElementsAre(true));
    EXPECT_EQ(shared->size(), 2U);
    const Value table(std::map<std::string, std::vector<double>>{{"a", std::vector<double>(20'000, 0.5)}});
    const auto back = Parallel(processes(1)).map(std::vector{table}, [](const Value& value) { return value; });
    EXPECT_EQ(back[0]["a"].as<std::vector<double>>(), std::vector<double>(20'000, 0.5));
}

}  // namespace
}  // namespace jl::test
