// Structures that are instances of a class of Python's, in each form that such a class takes its fields.
#include <array>
#include <boost/describe.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <jl/detail/class_path.hpp>

#include "graph/support/trip.hpp"

namespace acme {

struct Nested {
    int depth = 1;
    std::vector<double> weights;
    bool operator==(const Nested&) const = default;
};
struct Slotted {
    int left = 1;
    std::string right = "r";
    bool operator==(const Slotted&) const = default;
};
struct Frozen {
    int left = 1;
    std::optional<std::string> right;
    bool operator==(const Frozen&) const = default;
};
struct Pair {
    int first = 0;
    std::string second;
    auto operator<=>(const Pair&) const = default;
};
struct Strict {
    int x = 0;
    bool operator==(const Strict&) const = default;
};
struct Unsound {
    int x = 0;
};

struct Shape {
    virtual ~Shape() = default;
    virtual double area() const = 0;
};
BOOST_DESCRIBE_STRUCT(Shape, (), ())
struct Circle : Shape {
    double area() const override { return 3 * radius * radius; }
    double radius = 0;
};
BOOST_DESCRIBE_STRUCT(Circle, (Shape), (radius))
struct Square : Shape {
    double area() const override { return side * side; }
    double side = 0;
};
BOOST_DESCRIBE_STRUCT(Square, (Shape), (side))
struct Ring : Circle {};
BOOST_DESCRIBE_STRUCT(Ring, (Circle), ())

}  // namespace acme

template <>
struct jl::Schema<acme::Nested> {
    static constexpr std::string_view python_class = "acme.models:Outer.Nested";
};
template <>
struct jl::Schema<acme::Slotted> {
    static constexpr std::string_view python_class = "acme.Slotted";
    static constexpr PythonForm python_form = PythonForm::slots;
};
template <>
struct jl::Schema<acme::Frozen> {
    static constexpr std::string_view python_class = "acme.Frozen";
    static constexpr PythonForm python_form = PythonForm::values;
};
template <>
struct jl::Schema<acme::Pair> {
    static constexpr std::string_view python_class = "acme.Pair";
    static constexpr PythonForm python_form = PythonForm::arguments;
};
template <>
struct jl::Schema<acme::Strict> {
    static constexpr std::string_view python_class = "acme.models:Outer.Strict";
    static constexpr bool require_class = true;
};
template <>
struct jl::Schema<acme::Unsound> {
    static inline std::string python_class = "acme";
};
template <>
struct jl::Schema<acme::Circle> {
    static constexpr std::string_view python_class = "acme.Circle";
};
template <>
struct jl::Schema<acme::Square> {
    static constexpr std::string_view python_class = "acme.Square";
    static constexpr PythonForm python_form = PythonForm::slots;
};
template <>
struct jl::Schema<acme::Ring> : jl::Schema<acme::Circle> {};

namespace jl::test {
namespace {

using namespace acme;
using testing::HasSubstr;
using Shapes = std::vector<std::shared_ptr<Shape>>;

TEST(PythonClass, PathsAreTakenApartAtTheLastDotOrTheColon) {
    using detail::split_class_path;
    EXPECT_EQ(split_class_path("a.b.C").module, "a.b");
    EXPECT_EQ(split_class_path("a.b.C").name, "C");
    EXPECT_EQ(split_class_path("a.b:C.D").module, "a.b");
    EXPECT_EQ(split_class_path("a.b:C.D").name, "C.D");
    EXPECT_TRUE(detail::is_class_path("__main__:_Größe2"));
    for (const char* bad : {"", ".", ":", "Name", ".Name", "module.", "a..B", "a:", ":B", "a:b:C", "a:B.", "1a.B",
                            "a.1B", "a b.C", "a.B()", "a-b.C", "a.B\n", "os.system('x')"})
        EXPECT_FALSE(detail::is_class_path(bad)) << bad;
}

TEST(PythonClass, UnsoundPathsThatAreNoConstantsAreRefusedWhenWritten) {
    for (const char* bad : {"acme", "acme.Bad Name", "acme.\xff"}) {
        Schema<Unsound>::python_class = bad;
        EXPECT_EQ(error_of([] { dumped(Unsound()); }).code(), ErrorCode::usage);
        const Error error = error_of([] { (void)Value(Unsound()); });
        EXPECT_EQ(error.code(), ErrorCode::usage);
        EXPECT_THAT(error.what(), HasSubstr("'" + std::string(bad) + "' is not a class path"));
    }
    Schema<Unsound>::python_class = "acme.Sound";
    EXPECT_EQ(Value(Unsound()).class_name(), "acme.Sound");
}

TEST(PythonClass, NestedClassesAreNamedBehindAColon) {
    expect_trip(Nested{3, {1, 2}});
    EXPECT_EQ(shown(Nested{3, {}}).substr(0, 24), "acme.models.Outer.Nested");
    const std::vector<std::byte> bytes = dumped(Nested());
    const std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    EXPECT_THAT(text, HasSubstr("acme.models"));
    EXPECT_THAT(text, HasSubstr("Outer.Nested"));
}

TEST(PythonClass, SlotsAreTheSecondPartOfTheState) {
    expect_trip(Slotted{2, "x"});
    expect_trip(std::vector<Slotted>{{2, "x"}, {3, "y"}});
    const Value value(Slotted{2, "x"});
    EXPECT_TRUE(value.state()[0].is_none());
    EXPECT_EQ(value.state()[1]["left"].as<int>(), 2);
    EXPECT_EQ(trip_error<Slotted>(std::map<std::string, int>{{"left", 2}}).code(), ErrorCode::missing);
    const auto shared = std::make_shared<Slotted>();
    const auto back = through_file<std::vector<std::shared_ptr<Slotted>>>(std::vector{shared, shared});
    EXPECT_EQ(back[0], back[1]);
}

TEST(PythonClass, SlotsKeepTheirPlaceInMessages) {
    struct Wrong {
        int left = 0;
        int right = 0;
    };
    const Error error = trip_error<std::vector<Wrong>>(std::vector{Slotted{2, "x"}});
    EXPECT_EQ(error.path(), "/0/right");
}

TEST(PythonClass, ValuesWithoutNamesAreTheState) {
    expect_trip(Frozen{2, "x"});
    expect_trip(Frozen{2, {}});
    const Value value(Frozen{2, "x"});
    EXPECT_EQ(value.state()[1].as<std::string>(), "x");
    EXPECT_EQ(Value::dict({{"left", 5}}).as<Frozen>(), (Frozen{5, {}}));
}

TEST(PythonClass, ArgumentsAreThoseOfACall) {
    expect_trip(Pair{2, "x"});
    expect_trip(std::map<Pair, int>{{{1, "a"}, 2}, {{2, "b"}, 3}});
    EXPECT_EQ(shown(Pair{2, "x"}), "acme.Pair(2, 'x')");
    EXPECT_EQ((Value::dict({{"first", 5}, {"second", "s"}}).as<Pair>()), (Pair{5, "s"}));
    EXPECT_EQ(trip_error<Pair>(5).code(), ErrorCode::type);
}

struct Longer {
    int first = 0;
    std::string second;
    std::optional<int> third;
    bool operator==(const Longer&) const = default;
};
struct Shorter {
    int first = 0;
};
struct Swapped {
    std::string first;
    int second = 0;
};
struct Turned {
    std::string left;
};

}  // namespace
}  // namespace jl::test

template <>
struct jl::Schema<jl::test::Longer> : jl::Schema<acme::Pair> {};
template <>
struct jl::Schema<jl::test::Shorter> : jl::Schema<acme::Pair> {};
template <>
struct jl::Schema<jl::test::Swapped> : jl::Schema<acme::Pair> {};
template <>
struct jl::Schema<jl::test::Turned> : jl::Schema<acme::Frozen> {};

namespace jl::test {
namespace {

TEST(PythonClass, FieldsByPositionMayBeFewerOrMore) {
    EXPECT_EQ((through_file<Longer>(Pair{2, "x"})), (Longer{2, "x", {}}));
    EXPECT_EQ((through_file<Shorter>(Pair{2, "x"})).first, 2);
    const auto strict = [] { (void)through_file<Shorter>(Pair{2, "x"}, {.unknown_fields = UnknownFields::refuse}); };
    EXPECT_EQ(error_of(strict).code(), ErrorCode::unknown_field);
    const Error error = error_of([] { (void)through_file<Pair>(Shorter{2}); });
    EXPECT_EQ(error.code(), ErrorCode::missing);
    EXPECT_THAT(error.what(), HasSubstr("'second'"));
}

TEST(PythonClass, FieldsByPositionAreNamedByTheirPlace) {
    const Error argument = trip_error<std::vector<Pair>>(std::vector{Swapped{}});
    EXPECT_EQ(argument.code(), ErrorCode::type);
    EXPECT_EQ(argument.path(), "/0/args/0");
    const Error state = trip_error<Frozen>(Turned{});
    EXPECT_EQ(state.path(), "/state/0");
}

TEST(PythonClass, AnotherClassIsRefusedWhereItIsAsked) {
    expect_trip(Strict{5});
    const Error dict = trip_error<Strict>(std::map<std::string, int>{{"x", 1}});
    EXPECT_EQ(dict.code(), ErrorCode::type);
    EXPECT_THAT(dict.what(), HasSubstr("an object of class acme.models:Outer.Strict is needed"));
    const Error other = trip_error<std::vector<Strict>>(std::vector{Slotted()});
    EXPECT_EQ(other.path(), "/0");
    EXPECT_THAT(other.what(), HasSubstr("acme.Slotted is there"));
    EXPECT_EQ((through_file<std::variant<Strict, Slotted>>(Slotted{4, "s"}).index()), 1U);
    EXPECT_EQ((through_file<std::variant<Slotted, Strict>>(Strict{4}).index()), 1U);
}

TEST(PythonClass, PointersToBasesFindTheClassByItsPythonName) {
    register_type<Circle, Shape>("Circle");
    register_type<Square, Shape>("Square");
    const auto circle = std::make_shared<Circle>();
    circle->radius = 2;
    const auto square = std::make_shared<Square>();
    square->side = 3;
    const Shapes back = through_file<Shapes>(Shapes{circle, square, circle});
    EXPECT_EQ(dynamic_cast<Circle&>(*back[0]).radius, 2);
    EXPECT_EQ(dynamic_cast<Square&>(*back[1]).side, 3);
    EXPECT_EQ(back[0], back[2]);
    // What Python makes has no __jl_type__.
    EXPECT_EQ(dynamic_cast<Circle&>(*through_file<Shapes>(std::vector{*circle})[0]).radius, 2);
    const Error unknown = trip_error<Shapes>(std::vector{Slotted()});
    EXPECT_EQ(unknown.code(), ErrorCode::missing);
    EXPECT_THAT(unknown.what(), HasSubstr("no class there is acme.Slotted in Python"));
}

TEST(PythonClass, OneNameOfTwoTypesIsToldApartByItsRegisteredName) {
    register_type<Circle, Shape>("Circle");
    register_type<Ring, Shape>("Ring");
    const Shapes rings{std::make_shared<Ring>()};
    EXPECT_TRUE(std::dynamic_pointer_cast<Ring>(through_file<Shapes>(rings)[0]));
    const Error error = trip_error<Shapes>(std::vector{Ring()});
    EXPECT_EQ(error.code(), ErrorCode::type);
    EXPECT_THAT(error.what(), HasSubstr("may be acme::Circle or acme::Ring"));
}

// A class that the reader does not name, made from arguments as a namedtuple is.
Value made_from(const Value& arguments) {
    return detail::value_from_events([&](Emitter& out) {
        out.begin_call(Emitter::Call::newobj);
        out.class_ref("acme", "Point");
        jl::emit(out, arguments);
        out.called();
        out.end_call();
    });
}

TEST(PythonClass, NamedTuplesLoadByPositionWhereTheNumberFits) {
    struct Point {
        int x = 0;
        std::string name;
    };
    const auto point = made_from(Value::tuple({7, "north"})).as<Point>();
    EXPECT_EQ(point.x, 7);
    EXPECT_EQ(point.name, "north");
    EXPECT_EQ(error_of([] { made_from(Value::tuple({7, 8})).as<Point>(); }).path(), "/args/1");
    EXPECT_EQ(error_of([] { made_from(Value::tuple({7})).as<Point>(); }).code(), ErrorCode::missing);
    EXPECT_EQ(error_of([] { made_from(Value::tuple({7, "a", 9})).as<Point>(); }).code(), ErrorCode::missing);
}

}  // namespace
}  // namespace jl::test
