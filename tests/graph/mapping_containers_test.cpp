#include <array>
#include <deque>
#include <filesystem>
#include <forward_list>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <jl/mapping_containers.hpp>
#include <jl/mapping_variant.hpp>

#include "graph/support/trip.hpp"

namespace jl::test {
namespace {

using testing::HasSubstr;

template <class T>
class MappingOfNumbers : public testing::Test {};
using Numbers =
    testing::Types<bool, std::int8_t, std::uint8_t, std::int16_t, std::uint16_t, std::int32_t, std::uint32_t,
                   std::int64_t, std::uint64_t, float, double, long double, std::complex<float>, std::complex<double>>;
TYPED_TEST_SUITE(MappingOfNumbers, Numbers);

TYPED_TEST(MappingOfNumbers, VectorsAreArrays) {
    std::vector<TypeParam> values;
    expect_trip(values);
    for (int i = 0; i < 100; ++i) values.push_back(static_cast<TypeParam>(i % 2 == 0 ? 0 : 1));
    expect_trip(values);
    EXPECT_EQ(Value(values).kind(), Kind::array);
    EXPECT_EQ(Value(values).dtype(), DType::of<TypeParam>());
    values.resize(100'000, TypeParam(1));  // long enough to be left in the file at first
    expect_trip(values);
    const Value text("abc");
    EXPECT_EQ(error_of([&] { (void)text.as<std::vector<TypeParam>>(); }).code(), ErrorCode::type);
}

TEST(MappingContainers, ArraysAreReadFromListsToo) {
    EXPECT_EQ(Value(std::tuple(1, 2.0, true)).as<std::vector<double>>(), (std::vector<double>{1, 2, 1}));
    EXPECT_EQ(trip_error<std::vector<double>>(std::tuple(1.0, std::string("x"))).path(), "/1");
}

TEST(MappingContainers, ArraysConvertOnlyExactly) {
    EXPECT_EQ(through_file<std::vector<float>>(std::vector<double>{1, 2.5}), (std::vector<float>{1, 2.5F}));
    EXPECT_EQ(through_file<std::vector<int>>(std::vector<double>{1, 2}), (std::vector<int>{1, 2}));
    const Error error = trip_error<std::vector<int>>(std::vector<double>{1, 2.5});
    EXPECT_EQ(error.code(), ErrorCode::range);
    EXPECT_THAT(error.what(), HasSubstr("item 1 is 2.5"));
}

TEST(MappingContainers, FixedArraysNeedTheirNumberOfItems) {
    expect_trip(std::array<int, 3>{1, 2, 3});
    expect_trip(std::array<std::string, 2>{"a", "b"});
    EXPECT_EQ((trip_error<std::array<int, 2>>(std::vector<int>{1, 2, 3}).code()), ErrorCode::range);
    EXPECT_EQ((trip_error<std::array<std::string, 3>>(std::vector<std::string>{"a"}).code()), ErrorCode::range);
}

TEST(MappingContainers, SpansAreWritten) {
    const std::vector<double> values{1, 2, 3};
    EXPECT_EQ(through_file<std::vector<double>>(std::span(values)), values);
}

TEST(MappingContainers, BytesAreBytes) {
    expect_trip(std::vector<std::byte>{});
    expect_trip(std::vector<std::byte>(70'000, std::byte{7}));
    expect_trip(std::array<std::byte, 2>{std::byte{1}, std::byte{2}});
    EXPECT_EQ(Value(std::vector<std::byte>(3)).kind(), Kind::bytes);
    EXPECT_EQ((trip_error<std::array<std::byte, 3>>(std::vector<std::byte>(2)).code()), ErrorCode::range);
    EXPECT_EQ(trip_error<std::vector<std::byte>>(std::string("x")).code(), ErrorCode::type);
}

TEST(MappingContainers, OtherSequencesAreLists) {
    expect_trip(std::vector<std::string>{"a", "", "b"});
    expect_trip(std::list<int>{1, 2, 3});
    expect_trip(std::deque<std::vector<double>>{{1}, {}, {2, 3}});
    expect_trip(std::vector<std::vector<std::vector<int>>>{{{1}, {}}, {}});
    EXPECT_EQ(shown(std::list<int>{1, 2}), "[1, 2]");
    EXPECT_EQ(trip_error<std::list<int>>(5).code(), ErrorCode::type);
}

TEST(MappingContainers, PairsAndTuplesAreTuples) {
    expect_trip(std::pair(1, std::string("x")));
    expect_trip(std::tuple(1, 2.5, std::string("x"), true));
    expect_trip(std::tuple<>());
    EXPECT_EQ(shown(std::tuple(1, 2.5)), "(1, 2.5)");
    EXPECT_EQ((trip_error<std::pair<int, int>>(std::tuple(1, 2, 3)).code()), ErrorCode::range);
    EXPECT_EQ((trip_error<std::pair<int, int>>(5).code()), ErrorCode::type);
}

TEST(MappingContainers, SetsAreSets) {
    expect_trip(std::set<int>{3, 1, 2});
    expect_trip(std::unordered_set<std::string>{"x", "y"});
    expect_trip(std::multiset<int>{1, 2});
    expect_trip(std::set<std::pair<int, std::string>>{{1, "a"}});
    expect_trip(std::set<std::vector<int>>{{1, 2}, {3}});
    expect_trip(std::set<std::set<int>>{{1}, {2, 3}});
    EXPECT_EQ(shown(std::set<int>{2, 1}), "{1, 2}");
    EXPECT_EQ(trip_error<std::set<int>>(5).code(), ErrorCode::type);
}

TEST(MappingContainers, KeysAreWrittenSoThatPythonCanHashThem) {
    EXPECT_EQ(shown(std::set<std::vector<int>>{{1, 2}}), "{(1, 2)}");
    EXPECT_EQ(shown(std::set<std::set<int>>{{1}}), "{frozenset({1})}");
    EXPECT_EQ(shown(std::map<std::vector<std::string>, int>{{{"a"}, 1}}), "{('a',): 1}");
    EXPECT_EQ(error_of([] { dumped(std::set<std::map<int, int>>{{{1, 2}}}); }).code(), ErrorCode::type);
}

TEST(MappingContainers, MapsAreDicts) {
    expect_trip(std::map<std::string, int>{{"a", 1}, {"b", 2}});
    expect_trip(std::map<int, std::vector<double>>{{-1, {1, 2}}});
    expect_trip(std::unordered_map<std::string, std::string>{{"x", "y"}, {"z", ""}});
    expect_trip(std::multimap<int, int>{{1, 2}, {1, 3}});
    expect_trip(std::map<double, std::map<std::string, bool>>{{1.5, {{"t", true}}}});
    EXPECT_EQ((trip_error<std::map<int, int>>(std::vector<int>{1}).code()), ErrorCode::type);
    const Error error = trip_error<std::map<int, int>>(std::map<std::string, int>{{"a", 1}});
    EXPECT_EQ(error.code(), ErrorCode::type);
}

TEST(MappingContainers, UnorderedOnesAreWrittenInAscendingOrder) {
    std::unordered_map<int, int> a, b;
    for (int i = 0; i < 500; ++i) a[i] = i, b[499 - i] = 499 - i;
    b.rehash(10'000);
    EXPECT_EQ(dumped(a), dumped(b));
    EXPECT_EQ(dumped(a), dumped(std::map<int, int>(a.begin(), a.end())));
    std::unordered_set<std::string> s, t{"x"};
    for (int i = 0; i < 100; ++i) s.insert(std::to_string(i)), t.insert(std::to_string(99 - i));
    t.erase("x");
    EXPECT_EQ(dumped(s), dumped(t));
}

TEST(MappingContainers, LaterKeysReplaceEarlierOnes) {
    Value dict = Value::dict();
    dict.set("a", 1);
    const std::vector<std::byte> twice = dumped(std::multimap<std::string, int>{{"a", 1}, {"a", 2}});
    EXPECT_EQ((load<std::map<std::string, int>>(std::span(twice))), (std::map<std::string, int>{{"a", 2}}));
}

TEST(MappingContainers, OptionalsMayBeNone) {
    expect_trip(std::optional<int>());
    expect_trip(std::optional<int>(5));
    expect_trip(std::vector<std::optional<std::string>>{"a", std::nullopt});
    expect_trip(std::monostate());
    EXPECT_TRUE(Value(std::optional<int>()).is_none());
    EXPECT_EQ(trip_error<std::optional<int>>(std::string("x")).code(), ErrorCode::type);
    EXPECT_EQ(trip_error<std::monostate>(1).code(), ErrorCode::type);
    EXPECT_EQ(trip_error<int>(std::optional<int>()).code(), ErrorCode::type);
}

TEST(MappingContainers, PathsAreTexts) {
    expect_trip(std::filesystem::path("/a/b.txt"));
    EXPECT_EQ(shown(std::filesystem::path("a")), "'a'");
    EXPECT_EQ(trip_error<std::filesystem::path>(1).code(), ErrorCode::type);
}

TEST(MappingContainers, VectorOfBoolRefusesOtherNumbers) {
    EXPECT_EQ(trip_error<std::vector<bool>>(std::vector<int>{0, 2}).code(), ErrorCode::range);
    EXPECT_EQ(through_value(std::vector<std::vector<bool>>{{true}, {}}), (std::vector<std::vector<bool>>{{true}, {}}));
}

TEST(MappingContainers, ArraysOfItemsWithoutASizeAreNoArrays) {
    // 10^15 items of 0 bytes: nothing may be allocated for them.
    const std::uint64_t shape[] = {1'000'000'000'000'000};
    const Error error = error_of([&] {
        detail::value_from_events([&](Emitter& out) { out.array({DType('V', 0), shape, 'C', {}}); });
    });
    EXPECT_EQ(error.code(), ErrorCode::type);
}

}  // namespace
}  // namespace jl::test
