// Structures whose members cannot be assigned.
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

#include "graph/support/trip.hpp"

namespace fixed {

struct Sample {
    const std::string name = "none";
    const int number = 1;
    std::vector<double> values;
    const std::optional<double> score;
    bool operator==(const Sample&) const = default;
};
struct Bare {
    const int number;
    bool operator==(const Bare&) const = default;
};
struct Point {
    const double x = 0, y = 0;
    bool operator==(const Point&) const = default;
};
struct Loose {
    const std::string name = "kept";
    const int number = 7;
    bool operator==(const Loose&) const = default;
};
class Sealed {
  public:
    Sealed() = default;
    explicit Sealed(std::string id) : id_(std::move(id)) {}
    bool operator==(const Sealed&) const = default;

  private:
    const std::string id_ = "?";
    int count_ = 2;
    BOOST_DESCRIBE_CLASS(Sealed, (), (), (), (id_, count_))
};
struct Owner {
    const std::unique_ptr<int> number;
};

}  // namespace fixed

template <>
struct jl::Schema<fixed::Loose> {
    static constexpr bool defaults = true;
};

namespace jl::test {
namespace {

using namespace fixed;

TEST(ConstMember, ComesBack) {
    expect_trip(Sample{"a long name that stands on the heap", 5, {1, 2}, 0.5});
    expect_trip(Sample{});
    expect_trip(Bare{3});
    expect_trip(Sealed("s"));
    const std::unique_ptr<Owner> owner(new Owner{std::make_unique<int>(4)});
    EXPECT_EQ(*through_file<std::unique_ptr<Owner>>(owner)->number, 4);
}

TEST(ConstMember, StandsInContainersPointersAndVariants) {
    expect_trip(std::vector<Sample>{{"a", 1, {}, {}}, {"b", 2, {1}, 3.0}});
    expect_trip(std::vector<Point>{{1, 2}, {3, 4}});
    expect_trip(std::array<Bare, 2>{Bare{1}, Bare{2}});
    EXPECT_EQ((through_file<std::map<std::string, Bare>>(std::map<std::string, Bare>{{"k", Bare{1}}}).at("k")),
              Bare{1});
    EXPECT_EQ(through_file<std::optional<Bare>>(std::optional<Bare>(Bare{6})), Bare{6});
    EXPECT_EQ(*through_file<std::shared_ptr<Bare>>(std::make_shared<Bare>(Bare{6})), Bare{6});
    EXPECT_EQ(*through_file<std::unique_ptr<Bare>>(std::make_unique<Bare>(Bare{6})), Bare{6});
    const std::variant<std::string, Sample> either = Sample{"v", 1, {}, {}};
    EXPECT_EQ(std::get<1>(through_file<std::variant<std::string, Sample>>(either)), std::get<1>(either));
}

TEST(ConstMember, IsSeenByNameAfterItWasReplaced) {
    Sample sample{"before", 1, {}, {}};
    const Sample* const pointer = &sample;
    const Value value(Sample{"after, and too long for the place of a short one", 2, {}, {}});
    detail::read_value(value, [&](const Record& in) { jl::read(in, sample); });
    EXPECT_EQ(sample.name, "after, and too long for the place of a short one");
    EXPECT_EQ(pointer->name, sample.name);
    EXPECT_EQ(pointer->number, 2);
}

TEST(ConstMember, StaysAliveWhereLoadingFails) {
    Sample sample{"a name that stands on the heap, too", 1, {5}, {}};
    const Value value = Value::dict({{"name", "another name that stands on the heap"}, {"number", "no number"}});
    const Error error = error_of([&] { detail::read_value(value, [&](const Record& in) { jl::read(in, sample); }); });
    EXPECT_EQ(error.code(), ErrorCode::type);
    EXPECT_EQ(error.path(), "/number");
    EXPECT_EQ(sample.number, 1);
    EXPECT_EQ(sample.name, "another name that stands on the heap");
}

TEST(ConstMember, KeepsItsInitialiserWhereItMay) {
    EXPECT_EQ(Value::dict({}).as<Loose>(), Loose());
    EXPECT_EQ(Value::dict({{"number", 2}}).as<Loose>(), (Loose{"kept", 2}));
    EXPECT_EQ(error_of([] { (void)Value::dict({}).as<Bare>(); }).code(), ErrorCode::missing);
    EXPECT_FALSE(Value::dict({{"name", "n"}, {"number", 1}, {"values", std::vector<double>()}}).as<Sample>().score);
}

}  // namespace
}  // namespace jl::test
