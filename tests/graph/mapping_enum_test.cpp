#include <array>
#include <boost/describe.hpp>
#include <cstdint>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "graph/support/trip.hpp"

namespace colors {

enum class Plain : std::uint8_t { red = 1, blue = 200 };
enum class Named { red = -128, green = 0, blue = 127 };
enum class Small : std::uint8_t { none, all = 255 };
enum Unscoped : int { first, second = 70 };
enum class Described { low = 1, high = 100'000 };
BOOST_DESCRIBE_ENUM(Described, low, high)
enum class Listed { a = 1, b = 2 };
enum class Python { red = 1, green = 2 };
enum class Texts { RED, GREEN };
enum class Strict { red = 1 };
enum class Beyond : std::int64_t { near = 1, far = 4'000 };
enum Loose { loose = 7 };
BOOST_DESCRIBE_ENUM(Loose, loose)

}  // namespace colors

template <>
struct jl::Schema<colors::Named> {
    static constexpr bool by_name = true;
};
template <>
struct jl::Schema<colors::Small> : jl::Schema<colors::Named> {};
template <>
struct jl::Schema<colors::Unscoped> : jl::Schema<colors::Named> {};
template <>
struct jl::Schema<colors::Described> : jl::Schema<colors::Named> {};
template <>
struct jl::Schema<colors::Beyond> : jl::Schema<colors::Named> {};
template <>
struct jl::Schema<colors::Listed> {
    static constexpr bool by_name = true;
    static constexpr std::array names{jl::Enumerator{colors::Listed::a, "alpha"},
                                      jl::Enumerator{colors::Listed::b, "beta"},
                                      jl::Enumerator{colors::Listed::a, "first"}};  // as older files have it
};
template <>
struct jl::Schema<colors::Python> {
    static constexpr std::string_view python_class = "acme:Outer.Color";
};
template <>
struct jl::Schema<colors::Texts> {
    static constexpr std::string_view python_class = "acme.Texts";
    static constexpr bool by_name = true;
};
template <>
struct jl::Schema<colors::Strict> {
    static constexpr std::string_view python_class = "acme.Strict";
    static constexpr bool require_class = true;
};

namespace jl::test {
namespace {

using namespace colors;
using testing::HasSubstr;

// As some releases of Python 3.11 write a member: getattr(class, name).
struct Lookup {
    std::string_view module, class_name, member;
};

}  // namespace
}  // namespace jl::test

template <>
struct jl::Mapping<jl::test::Lookup> {
    static void emit(Emitter& out, const test::Lookup& lookup) {
        out.begin_call(Emitter::Call::reduce);
        out.class_ref("builtins", "getattr");
        out.begin(Container::tuple, 2);
        out.class_ref(lookup.module, lookup.class_name), out.text(lookup.member);
        out.end();
        out.called();
        out.end_call();
    }
};

namespace jl::test {
namespace {

TEST(MappingEnum, IsAnIntegerUnlessAsked) {
    expect_trip(Plain::blue);
    EXPECT_EQ(shown(Plain::blue), "200");
    EXPECT_EQ(through_file<Plain>(7), static_cast<Plain>(7));
    EXPECT_EQ(trip_error<Plain>(256).code(), ErrorCode::range);
    EXPECT_EQ(trip_error<Plain>("red").code(), ErrorCode::type);
}

TEST(MappingEnum, NamesComeFromTheCompiler) {
    for (const Named value : {Named::red, Named::green, Named::blue}) expect_trip(value);
    EXPECT_EQ(shown(Named::red), "'red'");
    EXPECT_EQ(shown(std::vector{Named::green, Named::blue}), "['green', 'blue']");
    expect_trip(Small::all);
    expect_trip(second);
    EXPECT_EQ(shown(second), "'second'");
    expect_trip(std::map<Named, int>{{Named::red, 1}, {Named::blue, 2}});
    expect_trip(std::unordered_map<Named, Small>{{Named::red, Small::none}, {Named::blue, Small::all}});
    struct Pixel {
        Named color = Named::green;
        bool operator==(const Pixel&) const = default;
    };
    expect_trip(Pixel{Named::blue});
}

TEST(MappingEnum, NamesComeFromBoostDescribe) {
    expect_trip(Described::high);
    EXPECT_EQ(shown(Described::high), "'high'");
    EXPECT_EQ(shown(loose), "7") << "described alone is not asked";
    EXPECT_EQ(through_file<Loose>("loose"), loose) << "but its names are known";
    EXPECT_EQ(trip_error<Loose>("tight").code(), ErrorCode::range);
}

TEST(MappingEnum, NamesComeFromTheSchema) {
    expect_trip(Listed::a);
    EXPECT_EQ(shown(Listed::a), "'alpha'");
    EXPECT_EQ(through_file<Listed>("first"), Listed::a);
    EXPECT_EQ(trip_error<Listed>("a").code(), ErrorCode::range);
}

TEST(MappingEnum, UnknownNamesAndValuesAreRefusedWithTheKnownOnes) {
    const Error name = trip_error<std::vector<Named>>(std::vector<std::string>{"red", "purple"});
    EXPECT_EQ(name.code(), ErrorCode::range);
    EXPECT_EQ(name.path(), "/1");
    EXPECT_THAT(name.what(), HasSubstr("'purple' is no name of colors::Named, which has red, green, blue"));
    EXPECT_EQ(through_file<Named>(127), Named::blue);
    const Error value = trip_error<Named>(5);
    EXPECT_EQ(value.code(), ErrorCode::range);
    EXPECT_THAT(value.what(), HasSubstr("5 is no value of colors::Named"));
    EXPECT_EQ(trip_error<Named>(1.5).code(), ErrorCode::range);
    EXPECT_EQ(trip_error<Named>(std::vector{1}).code(), ErrorCode::type);
    EXPECT_LT(std::string_view(trip_error<Named>(std::string(100'000, 'x')).what()).size(), 300U);
}

TEST(MappingEnum, AValueWithoutANameIsNotWritten) {
    expect_trip(Beyond::near);
    const Error error = error_of([] { dumped(Beyond::far); });
    EXPECT_EQ(error.code(), ErrorCode::range);
    EXPECT_THAT(error.what(), HasSubstr("the value 4000 of colors::Beyond has no name; names are known of near"));
    EXPECT_EQ(error_of([] { dumped(static_cast<Described>(2)); }).code(), ErrorCode::range);
}

TEST(MappingEnum, PythonClassesAreCalledWithTheValue) {
    expect_trip(Python::green);
    EXPECT_EQ(shown(Python::green), "acme.Outer.Color(2)");
    expect_trip(std::map<Python, int>{{Python::red, 1}});
    EXPECT_EQ(through_file<Python>(2), Python::green);
    EXPECT_EQ(through_file<Plain>(Python::red), Plain::red) << "whatever the class";
    expect_trip(Texts::GREEN);
    EXPECT_EQ(shown(Texts::GREEN), "acme.Texts('GREEN')");
}

TEST(MappingEnum, MembersThatPythonLooksUpByNameAreRead) {
    EXPECT_EQ(through_file<Python>(Lookup{"acme", "Color", "GREEN"}), Python::green) << "as it is, or in other case";
    EXPECT_EQ(through_file<Texts>(Lookup{"acme", "Texts", "GREEN"}), Texts::GREEN);
    EXPECT_EQ(trip_error<Python>(Lookup{"acme", "Color", "PINK"}).code(), ErrorCode::range);
    const Error unknown = trip_error<Plain>(Lookup{"acme", "Color", "red"});
    EXPECT_EQ(unknown.code(), ErrorCode::type);
    EXPECT_EQ(unknown.path(), "/args/1");
    EXPECT_THAT(unknown.what(), HasSubstr("jl::Schema<E>::by_name"));
}

TEST(MappingEnum, AnotherClassIsRefusedWhereItIsAsked) {
    expect_trip(Strict::red);
    EXPECT_EQ(through_file<Strict>(Lookup{"acme", "Strict", "red"}), Strict::red);
    EXPECT_EQ(trip_error<Strict>(1).code(), ErrorCode::type);
    EXPECT_EQ(trip_error<Strict>(Python::red).code(), ErrorCode::type);
    EXPECT_EQ(trip_error<Strict>(Lookup{"acme", "Color", "red"}).code(), ErrorCode::type);
}

TEST(MappingEnum, IsTheAlternativeOfItsKind) {
    using Either = std::variant<double, Plain, std::string>;
    EXPECT_EQ(through_file<Either>(Either(Plain::blue)).index(), 1U);
    using Text = std::variant<std::string, Named>;
    EXPECT_EQ(through_file<Text>("red").index(), 0U) << "the first that fits";
    EXPECT_EQ((through_file<std::variant<std::vector<int>, Named>>("red").index()), 1U);
}

}  // namespace
}  // namespace jl::test
