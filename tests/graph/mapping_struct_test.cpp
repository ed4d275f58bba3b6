#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <jl/mapping_struct.hpp>
#include <jl/mapping_variant.hpp>

#include "graph/support/trip.hpp"

namespace shapes {

struct Point {
    double x = 0, y = 0;
    bool operator==(const Point&) const = default;
};
struct Padded {
    std::uint8_t tag = 0;
    double value = 0;
    std::array<std::int16_t, 3> codes{};
    bool operator==(const Padded&) const = default;
};
struct Model {
    std::string name;
    std::vector<float> weights;
    std::optional<double> score;
    std::vector<Point> points;
    std::map<std::string, Padded> extra;
    bool operator==(const Model&) const = default;
};
struct Empty {
    bool operator==(const Empty&) const = default;
};
struct Settings {
    int depth = 3;
    double rate = 0.5;
    std::string kind = "tree";
    bool operator==(const Settings&) const = default;
};
struct Renamed {
    double accuracy = 0;
    bool operator==(const Renamed&) const = default;
};

}  // namespace shapes

template <>
struct jl::Schema<shapes::Settings> {
    static constexpr std::string_view python_class = "acme.config.Settings";
    static constexpr bool defaults = true;
};
template <>
struct jl::Schema<shapes::Renamed> {
    static constexpr std::array aliases{jl::Alias{"accuracy", "score"}, jl::Alias{"accuracy", "acc"}};
};

namespace jl::test {
namespace {

using testing::HasSubstr;
using namespace shapes;

TEST(MappingStruct, AggregatesComeBackWithoutBoilerplate) {
    expect_trip(Point{1, 2});
    expect_trip(Empty{});
    expect_trip(Model{"m", {1, 2}, 0.5, {{1, 2}, {3, 4}}, {{"k", {1, 2.5, {1, 2, 3}}}}});
    expect_trip(Model{});
    expect_trip(std::vector<Model>{{"a", {}, {}, {}, {}}, {"b", {1}, 1.0, {{0, 1}}, {}}});
}

TEST(MappingStruct, FieldsHaveTheirNames) {
    EXPECT_EQ(shown(Point{1, 2.5}), "types.SimpleNamespace(x=1.0, y=2.5)");
    const Value value(Model{"m", {1, 2}, {}, {}, {}});
    EXPECT_EQ(value["name"].as<std::string>(), "m");
    EXPECT_TRUE(value["score"].is_none());
    EXPECT_EQ(value.class_name(), "types.SimpleNamespace");
}

TEST(MappingStruct, ReadsDictsAndObjectsOfAnyClass) {
    EXPECT_EQ((Value::dict({{"x", 1}, {"y", 2}}).as<Point>()), (Point{1, 2}));
    EXPECT_EQ((through_file<Point>(std::map<std::string, double>{{"y", 2}, {"x", 1}})), (Point{1, 2}));
    EXPECT_EQ(trip_error<Point>(std::vector<double>{1, 2}).code(), ErrorCode::type);
    EXPECT_EQ(trip_error<Point>(5).code(), ErrorCode::type);
}

TEST(MappingStruct, MissingFieldsAreNamedUnlessOptional) {
    const Error error = trip_error<Point>(std::map<std::string, double>{{"x", 1}});
    EXPECT_EQ(error.code(), ErrorCode::missing);
    EXPECT_THAT(error.what(), HasSubstr("the field 'y' is not there"));
    struct Loose {
        std::optional<int> number = 5;
        std::shared_ptr<int> pointer;
        int needed = 0;
    };
    const auto loose = Value::dict({{"needed", 1}}).as<Loose>();
    EXPECT_FALSE(loose.number.has_value());
    const Error inner = trip_error<std::vector<Point>>(std::vector<std::map<std::string, double>>{{{"x", 1}}});
    EXPECT_EQ(inner.path(), "/0");
}

TEST(MappingStruct, UnknownFieldsAreIgnoredOrRefused) {
    const std::map<std::string, double> value{{"x", 1}, {"y", 2}, {"z", 3}};
    EXPECT_EQ(through_file<Point>(value), (Point{1, 2}));
    const Error error = error_of([&] { (void)through_file<Point>(value, {.unknown_fields = UnknownFields::refuse}); });
    EXPECT_EQ(error.code(), ErrorCode::unknown_field);
    EXPECT_THAT(error.what(), HasSubstr("'z'"));
    EXPECT_EQ(through_file<Point>(Point{1, 2}, {.unknown_fields = UnknownFields::refuse}), (Point{1, 2}));
}

TEST(MappingStruct, KeysThatAreNoTextAreNoFields) {
    const std::map<int, double> value{{1, 2}};
    EXPECT_EQ(error_of([&] { (void)through_file<Empty>(value, {.unknown_fields = UnknownFields::refuse}); }).code(),
              ErrorCode::type);
    EXPECT_EQ(through_file<Empty>(value), Empty{});
}

TEST(MappingStruct, SchemaNamesAPythonClass) {
    const Value value(Settings{1, 2, "x"});
    EXPECT_EQ(value.class_name(), "acme.config.Settings");
    expect_trip(Settings{1, 2, "x"});
    expect_trip(std::vector<Settings>{{}, {1, 2, "y"}});
}

TEST(MappingStruct, SchemaKeepsDefaultsOfMissingFields) {
    const auto settings = Value::dict({{"rate", 0.25}}).as<Settings>();
    EXPECT_EQ(settings, (Settings{3, 0.25, "tree"}));
    EXPECT_EQ(error_of([] { (void)Value::dict({{"rate", "x"}}).as<Settings>(); }).code(), ErrorCode::type);
}

TEST(MappingStruct, SchemaKnowsOlderNames) {
    EXPECT_EQ(Value::dict({{"accuracy", 1.0}}).as<Renamed>().accuracy, 1.0);
    EXPECT_EQ(Value::dict({{"score", 2.0}}).as<Renamed>().accuracy, 2.0);
    EXPECT_EQ(Value::dict({{"acc", 3.0}}).as<Renamed>().accuracy, 3.0);
    EXPECT_EQ(Value::dict({{"accuracy", 1.0}, {"score", 2.0}}).as<Renamed>().accuracy, 1.0);
    EXPECT_EQ(error_of([] { (void)Value::dict({{"other", 1.0}}).as<Renamed>(); }).code(), ErrorCode::missing);
}

TEST(MappingStruct, SequencesOfPlainStructuresAreStructuredArrays) {
    const std::vector<Padded> items{{1, 2.5, {1, 2, 3}}, {2, -1, {4, 5, 6}}};
    expect_trip(items);
    expect_trip(std::vector<Padded>(5'000, items[0]));
    expect_trip(std::vector<Padded>{});
    expect_trip(std::array<Point, 2>{Point{1, 2}, Point{3, 4}});
    const Value value(items);
    ASSERT_EQ(value.kind(), Kind::array);
    EXPECT_EQ(value.dtype().itemsize(), sizeof(Padded));
    EXPECT_EQ(value.dtype().field("value")->offset, offsetof(Padded, value));
    EXPECT_EQ(value.dtype().field("codes")->type.subshape(), (std::vector<std::uint64_t>{3}));
}

TEST(MappingStruct, PaddingIsWrittenAsZeros) {
    alignas(Padded) std::byte raw[2][sizeof(Padded)];
    std::memset(raw[0], 0x55, sizeof raw[0]);
    std::memset(raw[1], 0xaa, sizeof raw[1]);
    std::vector<std::vector<std::byte>> files;
    for (std::size_t i = 0; i < 2; ++i) {
        auto* room = raw[i];
        auto* item = new (room) Padded;
        std::memset(room, i == 0 ? 0x55 : 0xaa, sizeof(Padded));
        item->tag = 1, item->value = 2, item->codes = {1, 2, 3};
        files.push_back(dumped(std::span<const Padded>(item, 1)));
    }
    EXPECT_EQ(files[0], files[1]);
}

TEST(MappingStruct, StructuredArraysConvertFieldByField) {
    struct Wider {
        double y = 0;
        long double x = 0;
    };
    const auto wider = through_file<std::vector<Wider>>(std::vector<Point>{{1, 2}});
    EXPECT_EQ(wider[0].x, 1);
    EXPECT_EQ(wider[0].y, 2);
    struct Other {
        double x = 0, z = 0;
    };
    const Error error = trip_error<std::vector<Other>>(std::vector<Point>{{1, 2}});
    EXPECT_EQ(error.code(), ErrorCode::missing);
    EXPECT_THAT(error.what(), HasSubstr("'z'"));
    struct Small {
        std::int8_t x = 0, y = 0;
    };
    EXPECT_EQ(trip_error<std::vector<Small>>(std::vector<Point>{{1, 2.5}}).code(), ErrorCode::range);
}

TEST(MappingStruct, SequencesOfStructuresAreReadFromListsOfObjectsToo) {
    const Value list = Value::list({Value::dict({{"x", 1}, {"y", 2}}), Value(Point{3, 4})});
    EXPECT_EQ(list.as<std::vector<Point>>(), (std::vector<Point>{{1, 2}, {3, 4}}));
}

TEST(MappingStruct, StructuresAreNoKeys) {
    struct Key {
        int a = 0;
        std::string b;
        auto operator<=>(const Key&) const = default;
    };
    EXPECT_EQ(error_of([] { dumped(std::map<Key, int>{{Key{1, "x"}, 2}}); }).code(), ErrorCode::type);
}

}  // namespace
}  // namespace jl::test
