#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include <jl/mapping_pointers.hpp>

#include "graph/support/trip.hpp"

namespace jl::test {
namespace {

using testing::HasSubstr;

struct Layer {
    std::string name;
    std::vector<double> weights;
};
struct Node {
    int id = 0;
    std::shared_ptr<Node> next;
    std::weak_ptr<Node> back;
};

// Every way of a value into a T.
template <class T, class Check>
void on_each_way(const T& value, Check check) {
    check(through_value(value));
    check(through_file<T>(value));
    check(through_stream<T>(value));
    check(through_stream<T>(value, "gzip"));
    check(through_file<Value>(value).template as<T>());
}

TEST(MappingPointers, UniquePointersAreWhatTheyPointTo) {
    EXPECT_EQ(shown(std::make_unique<int>(5)), "5");
    EXPECT_TRUE(Value(std::unique_ptr<int>()).is_none());
    EXPECT_EQ(*through_file<std::unique_ptr<int>>(5), 5);
    EXPECT_EQ(through_file<std::unique_ptr<int>>(nullptr), nullptr);
    EXPECT_EQ(trip_error<std::unique_ptr<int>>(std::string("x")).code(), ErrorCode::type);
}

TEST(MappingPointers, SharedPointersStaySharedAndOthersApart) {
    const auto a = std::make_shared<Layer>(Layer{"a", {1, 2}}), b = std::make_shared<Layer>(Layer{"a", {1, 2}});
    on_each_way(std::vector{a, b, a, std::shared_ptr<Layer>()}, [](const std::vector<std::shared_ptr<Layer>>& back) {
        ASSERT_EQ(back.size(), 4U);
        EXPECT_EQ(back[0], back[2]);
        EXPECT_NE(back[0], back[1]);
        EXPECT_EQ(back[3], nullptr);
        EXPECT_EQ(back[1]->weights, (std::vector<double>{1, 2}));
    });
}

TEST(MappingPointers, SharedArraysAreOneArray) {
    const auto array = std::make_shared<std::vector<double>>(20'000, 1.5);
    const std::tuple value(array, array, *array);
    on_each_way(value, [&](const auto& back) {
        EXPECT_EQ(std::get<0>(back), std::get<1>(back));
        EXPECT_EQ(*std::get<0>(back), *array);
        EXPECT_EQ(std::get<2>(back), *array);
    });
    EXPECT_LT(dumped(value).size(), 2 * 160'000U + 10'000);
    const Value any = through_file<Value>(value);
    EXPECT_TRUE(any[0].same_as(any[1]));
    EXPECT_FALSE(any[0].same_as(any[2]));
}

TEST(MappingPointers, TheSameArrayInSeveralVectorsIsCopiedForEach) {
    const auto array = std::make_shared<std::vector<double>>(20'000, 1.5);
    const auto back = through_stream<std::pair<std::vector<double>, std::vector<double>>>(std::tuple(array, array));
    EXPECT_EQ(back.first, *array);
    EXPECT_EQ(back.second, *array);
}

TEST(MappingPointers, CyclesComeBackAsCycles) {
    const auto first = std::make_shared<Node>(), second = std::make_shared<Node>();
    first->id = 1, second->id = 2;
    first->next = second, second->next = first;
    second->back = first;
    on_each_way(first, [](const std::shared_ptr<Node>& back) {
        EXPECT_EQ(back->id, 1);
        EXPECT_EQ(back->next->id, 2);
        EXPECT_EQ(back->next->next, back);
        EXPECT_EQ(back->next->back.lock(), back);
        back->next.reset();  // or the cycle would own itself for ever
    });
    first->next.reset();
}

TEST(MappingPointers, WeakPointersFindTheirOwnerOrAreEmpty) {
    const auto owner = std::make_shared<int>(7);
    const std::weak_ptr<int> lost = std::make_shared<int>(8);
    const auto layer = std::make_shared<Layer>(Layer{"x", {}});
    using Both = std::pair<std::weak_ptr<Layer>, std::shared_ptr<Layer>>;
    on_each_way(Both(layer, layer), [](const Both& back) { EXPECT_EQ(back.first.lock(), back.second); });
    EXPECT_TRUE(Value(lost).is_none());
    EXPECT_TRUE(through_file<std::weak_ptr<Layer>>(layer).expired());
    EXPECT_EQ(shown(std::weak_ptr<int>(owner)), "7");
}

TEST(MappingPointers, PointersToPointersAndNumbersKeepTheirValues) {
    const auto inner = std::make_shared<Layer>(Layer{"i", {}});
    const auto a = std::make_shared<std::shared_ptr<Layer>>(inner), b = std::make_shared<std::shared_ptr<Layer>>(inner);
    using T = std::tuple<std::shared_ptr<std::shared_ptr<Layer>>, std::shared_ptr<std::shared_ptr<Layer>>, int,
                         std::shared_ptr<std::shared_ptr<Layer>>, std::shared_ptr<std::shared_ptr<Layer>>>;
    on_each_way(T(a, b, 5, b, a), [](const T& back) {
        for (const auto& pointer : {std::get<0>(back), std::get<1>(back), std::get<3>(back), std::get<4>(back)}) {
            ASSERT_NE(pointer, nullptr);
            ASSERT_NE(*pointer, nullptr);
            EXPECT_EQ((*pointer)->name, "i");
        }
        EXPECT_EQ(std::get<2>(back), 5);
    });
    const auto number = std::make_shared<int>(7);
    on_each_way(std::vector{number, number}, [](const auto& back) { EXPECT_EQ(*back[0] + *back[1], 14); });
}

TEST(MappingPointers, SharedTextsContainersAndOptionalsComeBackShared) {
    const auto text = std::make_shared<std::string>("t");
    const auto map = std::make_shared<std::map<std::string, int>>(std::map<std::string, int>{{"k", 1}});
    const auto set = std::make_shared<std::set<int>>(std::set<int>{1});
    const auto pair = std::make_shared<std::pair<int, std::string>>(1, "p");
    on_each_way(std::tuple(text, text, map, map, set, set, pair, pair), [](const auto& back) {
        EXPECT_EQ(std::get<0>(back), std::get<1>(back));
        EXPECT_EQ(std::get<2>(back), std::get<3>(back));
        EXPECT_EQ(std::get<4>(back), std::get<5>(back));
        EXPECT_EQ(std::get<6>(back), std::get<7>(back));
        EXPECT_EQ(std::get<6>(back)->second, "p");
    });
    const auto none = std::make_shared<std::optional<int>>();
    EXPECT_EQ(shown(std::vector{none, none}), "[None, None]");
}

struct Link {
    std::unique_ptr<Link> next;
};

TEST(MappingPointers, LongChainsAreRefusedInsteadOfExhaustingTheStack) {
    Link first;
    Link* last = &first;
    for (int i = 0; i < 5'000; ++i) last = (last->next = std::make_unique<Link>()).get();
    const Error error = error_of([&] { dumped(first); });
    EXPECT_EQ(error.code(), ErrorCode::limit);
    EXPECT_THAT(error.what(), HasSubstr("2000 deep"));
    Value deep = Value::object({{"next", nullptr}});
    const Value root = deep;
    for (int i = 0; i < 5'000; ++i) deep = deep.set("next", Value::object({{"next", nullptr}}));
    EXPECT_EQ(error_of([&] { (void)root.as<Link>(); }).code(), ErrorCode::limit);
}

}  // namespace
}  // namespace jl::test
