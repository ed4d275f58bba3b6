// Classes described with Boost.Describe: private members, bases, and structures that would be aggregates.
#include <boost/describe.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <vector>

#include "graph/support/trip.hpp"

namespace described {

class Account {
  public:
    Account() = default;
    Account(std::string owner, std::int64_t cents) : owner_(std::move(owner)), cents_(cents) {}
    bool operator==(const Account&) const = default;

  private:
    std::string owner_;
    std::int64_t cents_ = 0;
    BOOST_DESCRIBE_CLASS(Account, (), (), (), (owner_, cents_))
};

struct Base {
    int id = 0;
    bool operator==(const Base&) const = default;
};
BOOST_DESCRIBE_STRUCT(Base, (), (id))

struct Middle : Base {
    std::string name;
    bool operator==(const Middle&) const = default;
};
BOOST_DESCRIBE_STRUCT(Middle, (Base), (name))

struct Derived : Middle {
    std::vector<double> xs;
    bool operator==(const Derived&) const = default;
};
BOOST_DESCRIBE_STRUCT(Derived, (Middle), (xs))

class Guarded {
  public:
    int open = 1;
    bool operator==(const Guarded&) const = default;
    static int count;
    int method() const { return hidden_; }

  protected:
    int inner = 2;

  private:
    int hidden_ = 3;
    BOOST_DESCRIBE_CLASS(Guarded, (), (open, method), (inner), (hidden_))
};

struct Pixel {
    std::uint8_t r = 0, g = 0, b = 0;
    bool operator==(const Pixel&) const = default;
};
BOOST_DESCRIBE_STRUCT(Pixel, (), (r, g, b))

struct Deep : Base {
    double depth = 0;
    bool operator==(const Deep&) const = default;
};
BOOST_DESCRIBE_STRUCT(Deep, (Base), (depth))

}  // namespace described

namespace jl::test {
namespace {

using namespace described;

TEST(Describe, PrivateMembersComeBack) {
    expect_trip(Account("ada", 12'345));
    expect_trip(std::vector<Account>{{"a", 1}, {"b", 2}});
    EXPECT_EQ(shown(Account("ada", 5)), "types.SimpleNamespace(owner_='ada', cents_=5)");
    EXPECT_EQ(trip_error<Account>(std::map<std::string, int>{{"owner_", 1}}).code(), ErrorCode::type);
}

TEST(Describe, BasesComeFirst) {
    Derived value;
    value.id = 7, value.name = "n", value.xs = {1, 2};
    expect_trip(value);
    EXPECT_THAT(shown(value), testing::StartsWith("types.SimpleNamespace(id=7, name='n', xs="));
    EXPECT_EQ(trip_error<Derived>(std::map<std::string, int>{{"name", 1}}).code(), ErrorCode::missing);
}

TEST(Describe, AllAccessLevelsAreFieldsAndMethodsAreNot) {
    expect_trip(Guarded());
    EXPECT_EQ(shown(Guarded()), "types.SimpleNamespace(open=1, inner=2, hidden_=3)");
    const std::map<std::string, int> more{{"open", 1}, {"inner", 2}, {"hidden_", 3}, {"method", 4}};
    EXPECT_EQ(error_of([&] { (void)through_file<Guarded>(more, {.unknown_fields = UnknownFields::refuse}); }).code(),
              ErrorCode::unknown_field);
}

TEST(Describe, SequencesOfPlainOnesAreStructuredArrays) {
    const std::vector<Pixel> pixels{{1, 2, 3}, {4, 5, 6}};
    expect_trip(pixels);
    EXPECT_EQ(Value(pixels).kind(), Kind::array);
    EXPECT_EQ(Value(pixels).dtype().descr(), R"([["r", "|u1"], ["g", "|u1"], ["b", "|u1"]])");
}

TEST(Describe, SequencesOfPlainOnesWithBasesKeepTheirBases) {
    std::vector<Deep> items(3);
    for (int i = 0; i < 3; ++i)
        items[static_cast<std::size_t>(i)].id = i, items[static_cast<std::size_t>(i)].depth = i * 1.5;
    expect_trip(items);
}

TEST(Describe, SharedOnesStayShared) {
    const auto account = std::make_shared<Account>("a", 1);
    const auto back = through_file<std::vector<std::shared_ptr<Account>>>(std::vector{account, account});
    EXPECT_EQ(back[0], back[1]);
    EXPECT_EQ(*back[0], *account);
}

}  // namespace
}  // namespace jl::test
