#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "graph/support/trip.hpp"

namespace jl::test {
namespace {

using testing::HasSubstr;

struct Named {
    std::vector<double> xs;
    std::string name;
    bool operator==(const Named&) const = default;
};
struct Numbered {
    std::vector<double> xs;
    int number = 0;
    bool operator==(const Numbered&) const = default;
};

TEST(MappingVariant, ComesBackAsTheAlternativeOfItsKind) {
    using V = std::variant<std::monostate, bool, int, double, std::string, std::vector<std::byte>, std::vector<double>,
                           std::map<std::string, int>>;
    for (const V& value : std::vector<V>{V(), V(true), V(1), V(1.0), V("x"), V(std::vector<std::byte>(2)),
                                         V(std::vector{1.5}), V(std::map<std::string, int>{{"a", 1}})})
        expect_trip(value);
}

TEST(MappingVariant, KindDecidesBeforeOrder) {
    EXPECT_EQ((Value(1).as<std::variant<bool, double, int>>().index()), 2U);
    EXPECT_EQ((Value(true).as<std::variant<int, bool>>().index()), 1U);
    EXPECT_EQ((Value("x").as<std::variant<std::vector<std::string>, std::string>>().index()), 1U);
}

TEST(MappingVariant, OtherKindsAreTriedInOrder) {
    EXPECT_EQ((Value(1).as<std::variant<std::string, double>>().index()), 1U);
    EXPECT_EQ((Value(1'000).as<std::variant<std::int8_t, std::int16_t>>().index()), 1U);
    EXPECT_EQ((Value(nullptr).as<std::variant<int, std::optional<int>>>().index()), 1U);
}

TEST(MappingVariant, StructuresAreToldApartByTheirFields) {
    using V = std::variant<Numbered, Named>;
    expect_trip(V(Named{{1, 2}, "x"}));
    expect_trip(V(Numbered{{1, 2}, 5}));
}

// Long arrays of streams are read into their container before anyone knows which alternative they belong to.
TEST(MappingVariant, AnAlternativeThatFailsTakesNothingAway) {
    using V = std::variant<Numbered, Named>;
    const V value(Named{std::vector<double>(20'000, 1.5), "x"});
    expect_trip(value);
    expect_trip(std::vector<V>{value, V(Numbered{std::vector<double>(30'000, 2.5), 1}), value});
}

TEST(MappingVariant, SaysWhenNoAlternativeFits) {
    using V = std::variant<int, std::vector<int>>;
    const Error error = trip_error<V>(std::string("x"));
    EXPECT_EQ(error.code(), ErrorCode::type);
    EXPECT_THAT(error.what(), HasSubstr("variant"));
    EXPECT_EQ((trip_error<std::map<std::string, V>>(std::map<std::string, double>{{"k", 1.5}}).path()), "/k");
}

}  // namespace
}  // namespace jl::test
