// Files of an older program, read by a newer one, and the other way round.
#include <array>
#include <boost/describe.hpp>
#include <deque>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "graph/support/trip.hpp"

namespace first {

struct Config {
    int depth = 3;
    float rate = 0.5F;
    std::string lr = "0.25";
    bool operator==(const Config&) const = default;
};
struct Sample {
    float x = 0;
    std::int16_t count = 0;
};

}  // namespace first

namespace second {

struct Config {
    std::int64_t depth = 0;
    std::optional<double> rate;
    double learning_rate = 0.125;
    std::vector<int> sizes{1, 2};
    bool operator==(const Config&) const = default;
};
struct Fit {
    std::vector<Config> configs;
    std::shared_ptr<Config> best;
};
struct Sample {
    double position = 0;
    std::int64_t count = 0;
    float weight = 1;
    bool operator==(const Sample&) const = default;
};
struct Base {
    virtual ~Base() = default;
    std::string name;
};
BOOST_DESCRIBE_STRUCT(Base, (), (name))
struct Derived : Base {
    int size = 0;
    int area = 0;
};
BOOST_DESCRIBE_STRUCT(Derived, (Base), (size, area))

}  // namespace second

namespace third {

struct Config {
    std::int64_t depth = 0;
};
struct Plain {
    std::int64_t depth = 0;
    bool operator==(const Plain&) const = default;
};

}  // namespace third

template <>
struct jl::Schema<second::Config> {
    static constexpr unsigned version = 2;
    static void migrate(second::Config& value, unsigned from, const jl::Record& in) {
        if (from == 0) {
            const auto old = in.field("lr");
            if (!old) in.fail(ErrorCode::missing, "version 0 had a field 'lr'");
            value.learning_rate = std::stod(std::string(old->text()));
        }
        if (from < 2) value.sizes = {static_cast<int>(value.depth)};
    }
};
template <>
struct jl::Schema<second::Sample> {
    static constexpr bool defaults = true;
    static constexpr std::array aliases{jl::Alias{"position", "x"}};
};
template <>
struct jl::Schema<second::Derived> {
    static constexpr unsigned version = 1;
    static void migrate(second::Derived& value, unsigned, const jl::Record&) { value.area = value.size * value.size; }
};
template <>
struct jl::Schema<third::Config> {
    static constexpr unsigned version = 3;
};

namespace jl::test {
namespace {

using testing::HasSubstr;

struct LessGrown {
    int depth = 0;
    std::optional<std::string> name;
};

const LoadOptions strict{.unknown_fields = UnknownFields::refuse};

TEST(Evolution, TheVersionIsTheFirstAttribute) {
    EXPECT_EQ(shown(third::Config{5}), "types.SimpleNamespace(__jl_version__=3, depth=5)");
    EXPECT_EQ(through_file<third::Config>(third::Config{5}, strict).depth, 5);
    expect_trip(second::Config{5, 0.5, 0.25, {3}});
}

TEST(Evolution, ASecondVersionReadsTheFirst) {
    const auto config = through_file<second::Config>(first::Config{7, 0.25F, "0.5"});
    EXPECT_EQ(config, (second::Config{7, 0.25, 0.5, {7}}));
    EXPECT_EQ(through_file<second::Config>(first::Config{7, 0.25F, "0.5"}, strict), config)
        << "what migrate() reads is not unknown";
}

TEST(Evolution, MissingFieldsAreMigratesToFill) {
    const Value one = Value::dict({{"__jl_version__", 1}, {"depth", 4}});
    EXPECT_EQ(one.as<second::Config>(), (second::Config{4, {}, 0.125, {4}}));
    const Value zero = Value::dict({{"depth", 4}});
    const Error error = error_of([&] { (void)zero.as<second::Config>(); });
    EXPECT_EQ(error.code(), ErrorCode::missing);
    EXPECT_THAT(error.what(), HasSubstr("version 0 had a field 'lr'"));
    const Value two = Value::dict({{"__jl_version__", 2}, {"depth", 4}});
    EXPECT_THAT(error_of([&] { (void)two.as<second::Config>(); }).what(), HasSubstr("'learning_rate' is not there"));
    const Value more =
        Value::dict({{"__jl_version__", 2}, {"depth", 4}, {"learning_rate", 1}, {"sizes", 1}, {"lr", 1}});
    EXPECT_EQ(error_of([&] { (void)more.as<second::Config>(); }).code(), ErrorCode::type);
}

TEST(Evolution, ANewerFileIsRefusedWithBothVersions) {
    const Error error = trip_error<std::deque<second::Config>>(std::deque{third::Config{1}});
    EXPECT_EQ(error.code(), ErrorCode::version);
    EXPECT_EQ(error.path(), "/0");
    EXPECT_THAT(error.what(), HasSubstr("was written in version 3 of its type, this program knows versions up to 2"));
    for (const Value& bad : {Value(-1), Value("2"), Value(1.5), Value()}) {
        const Value value = Value::dict({{"__jl_version__", bad}, {"depth", 4}});
        const ErrorCode code = error_of([&] { (void)value.as<third::Config>(); }).code();
        EXPECT_TRUE(code == ErrorCode::range || code == ErrorCode::type);
    }
    const Value huge = Value::dict({{"__jl_version__", std::uint64_t{1} << 40}, {"depth", 4}});
    EXPECT_EQ(error_of([&] { (void)huge.as<third::Config>(); }).code(), ErrorCode::version);
}

TEST(Evolution, AnOlderVersionWithoutAHookIsReadAsItIs) {
    EXPECT_EQ(through_file<third::Config>(third::Plain{5}, strict).depth, 5);
}

TEST(Evolution, ATypeWithoutAVersionTakesAnyAndPassesItOver) {
    EXPECT_EQ(through_file<third::Plain>(third::Config{5}, strict), third::Plain{5});
}

TEST(Evolution, WorksInsideOthersAndBehindPointers) {
    const auto best = std::make_shared<first::Config>(first::Config{2, 0.5F, "4"});
    const Value old = Value::dict({{"configs", std::vector<first::Config>{{1, 0, "1"}, {}}}, {"best", best}});
    const auto fit = through_file<second::Fit>(old);
    EXPECT_EQ(fit.configs.at(0).sizes, std::vector<int>{1});
    EXPECT_EQ(fit.configs.at(1).learning_rate, 0.25);
    EXPECT_EQ(fit.best->learning_rate, 4);
    using Either = std::variant<second::Config, std::string>;
    EXPECT_EQ(std::get<0>(through_file<Either>(first::Config{1, 0, "2"})).learning_rate, 2);
}

TEST(Evolution, WorksForPolymorphicTypes) {
    register_type<second::Derived, second::Base>("evolution.Derived");
    auto derived = std::make_shared<second::Derived>();
    derived->size = 3, derived->area = 10;
    const std::shared_ptr<second::Base> pointer = derived;
    EXPECT_EQ(dynamic_cast<second::Derived&>(*through_file<std::shared_ptr<second::Base>>(pointer)).area, 10);
    EXPECT_EQ(shown(pointer).substr(0, 75),
              "types.SimpleNamespace(__jl_type__='evolution.Derived', __jl_version__=1, na");
    const Value old = Value::dict({{"__jl_type__", "evolution.Derived"}, {"name", "n"}, {"size", 3}});
    EXPECT_EQ(dynamic_cast<second::Derived&>(*old.as<std::shared_ptr<second::Base>>()).area, 9);
}

TEST(Evolution, FieldsWidenWhereTheValueStaysTheSame) {
    struct Wide {
        std::int64_t integer = 0;
        double real = 0;
        double whole = 0;
        std::optional<int> perhaps;
        std::variant<std::string, double> either;
        std::shared_ptr<int> pointer;
        bool operator==(const Wide&) const = default;
    };
    struct Narrow {
        std::int32_t integer = -5;
        float real = 0.1F;
        int whole = 1 << 30;
        int perhaps = 3;
        double either = 2.5;
        int pointer = 4;
    };
    const Wide wide = through_file<Wide>(Narrow());
    EXPECT_EQ(wide.integer, -5);
    EXPECT_EQ(wide.real, static_cast<double>(0.1F));
    EXPECT_EQ(wide.whole, 1 << 30);
    EXPECT_EQ(wide.perhaps, 3);
    EXPECT_EQ(std::get<1>(wide.either), 2.5);
    EXPECT_EQ(*wide.pointer, 4);
}

TEST(Evolution, FieldsNarrowOnlyWhereNothingIsLost) {
    using Numbers = std::map<std::string, double>;
    struct Narrow {
        std::int8_t number = 0;
    };
    EXPECT_EQ((through_file<Narrow>(Numbers{{"number", 100}})).number, 100);
    EXPECT_EQ(trip_error<Narrow>(Numbers{{"number", 200}}).code(), ErrorCode::range);
    EXPECT_EQ(trip_error<Narrow>(Numbers{{"number", 0.5}}).code(), ErrorCode::range);
    struct List {
        std::vector<double> number;
    };
    EXPECT_EQ(trip_error<List>(Numbers{{"number", 1}}).code(), ErrorCode::type) << "one number is no list of one";
}

TEST(Evolution, StructuredArraysTakeDefaultsAndOlderNames) {
    const std::vector<first::Sample> old{{1.5F, 2}, {2.5F, 3}};
    EXPECT_EQ(through_file<std::vector<second::Sample>>(old), (std::vector<second::Sample>{{1.5, 2, 1}, {2.5, 3, 1}}));
    EXPECT_EQ(Value(old).as<std::vector<second::Sample>>().at(1), (second::Sample{2.5, 3, 1}));
    const std::vector<second::Sample> now{{1, 2, 3}};
    expect_trip(now);
    struct Needed {
        float x = 0;
        float y = 0;
    };
    EXPECT_EQ(trip_error<std::vector<Needed>>(old).path(), "/");
    EXPECT_EQ(trip_error<std::vector<Needed>>(old).code(), ErrorCode::missing);
}

TEST(Evolution, UnknownFieldsOfStructuredArraysAreRefusedOnRequest) {
    const std::vector<first::Sample> old{{1.5F, 2}, {2.5F, 3}};
    EXPECT_EQ(through_file<std::vector<second::Sample>>(old, strict).size(), 2U) << "an older name is known";
    struct OnlyX {
        double x = 0;
    };
    EXPECT_EQ(through_file<std::vector<OnlyX>>(old).at(1).x, 2.5);
    const Error error = error_of([&] { (void)through_file<std::vector<OnlyX>>(old, strict); });
    EXPECT_EQ(error.code(), ErrorCode::unknown_field);
    EXPECT_THAT(error.what(), HasSubstr("is unknown to the type that is loaded"));
    EXPECT_EQ(through_file<std::vector<first::Sample>>(old, strict).size(), 2U);
    using Nested = std::map<std::string, std::vector<OnlyX>>;
    const std::map<std::string, std::vector<first::Sample>> nested{{"a", old}};
    EXPECT_EQ(error_of([&] { (void)through_file<Nested>(nested, strict); }).path(), "/a");
    EXPECT_EQ(through_file<Nested>(nested).at("a").size(), 2U);
}

TEST(Evolution, StructuresThatAreNumbersNoMoreAreReadFromStructuredArrays) {
    struct Numbers {
        std::int16_t depth = 1;
        float rate = 0;
        std::array<int, 2> sizes{3, 4};
    };
    struct Grown {
        int depth = 0;
        double rate = 0;
        std::vector<int> sizes;
        std::optional<std::string> name;
        bool operator==(const Grown&) const = default;
    };
    const std::vector<Numbers> old{{1, 0.5F, {3, 4}}, {2, 1.5F, {5, 6}}};
    EXPECT_EQ(Value(old).kind(), Kind::array);
    const std::vector<Grown> expected{{1, 0.5, {3, 4}, {}}, {2, 1.5, {5, 6}, {}}};
    EXPECT_EQ(through_file<std::vector<Grown>>(old), expected);
    EXPECT_EQ(Value(old).as<std::vector<Grown>>(), expected);
    struct Other {
        std::string depth;
        std::optional<int> rate;
    };
    const Error error = trip_error<std::vector<Other>>(old);
    EXPECT_EQ(error.code(), ErrorCode::type);
    EXPECT_EQ(error.path(), "/0/depth");
    const Error unknown = error_of([&] { (void)through_file<std::vector<LessGrown>>(old, strict); });
    EXPECT_EQ(unknown.code(), ErrorCode::unknown_field);
    const Error hook = trip_error<std::vector<second::Config>>(std::vector<third::Plain>{{4}});
    EXPECT_THAT(hook.what(), HasSubstr("version 0 had a field 'lr'")) << "their version is 0";
}

}  // namespace
}  // namespace jl::test
