#if defined(JL_HAS_XXHASH)

#include <chrono>
#include <cmath>
#include <complex>
#include <cstdint>
#include <gtest/gtest.h>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

#include <jl/jl.hpp>

#include "hash/support/key.hpp"
#include "support/error.hpp"

namespace jl::test {
namespace {

struct Point {
    double x = 0;
    int n = 0;
};
struct Renamed {
    double x = 0;
    int m = 0;
};
struct Turned {
    int n = 0;
    double x = 0;
};
struct Named {
    double x = 0;
    int n = 0;
};
enum class Colour { red = 1 };

// A mapping that does not tell one value.
template <int What>
struct IllTold {};

}  // namespace
}  // namespace jl::test

template <int What>
struct jl::Mapping<jl::test::IllTold<What>> {
    static void emit(Emitter& out, const test::IllTold<What>&) {
        if constexpr (What == 1) out.none(), out.none();
        if constexpr (What == 2) out.begin(Container::dict, 1), out.none(), out.end();
        if constexpr (What == 3) out.begin(Container::list, 0);
        if constexpr (What == 4) out.end();
    }
};

namespace jl::test {
namespace {

template <int What>
std::string refusal() {
    const Error error = error_of([] { (void)key(IllTold<What>()); });
    EXPECT_EQ(error.code(), ErrorCode::usage);
    return error.what();
}

TEST(HashOfValues, RefusesAMappingThatDoesNotTellOneValue) {
    EXPECT_EQ(refusal<0>(), "a mapping tells 0 values for one");
    EXPECT_EQ(refusal<1>(), "a mapping tells 2 values for one");
    EXPECT_EQ(refusal<2>(), "a mapping ends a dict behind a key without a value");
    EXPECT_EQ(refusal<3>(), "a mapping does not end what it began");
    EXPECT_EQ(refusal<4>(), "a mapping ends what it did not begin");
}

}  // namespace
}  // namespace jl::test

template <>
struct jl::Schema<jl::test::Named> {
    static constexpr auto python_class = "acme.Named";
};

namespace jl::test {
namespace {

// Every two of these are told apart.
TEST(HashOfValues, DiffersWhereKindsOrValuesDiffer) {
    const std::vector<std::pair<std::string, std::string>> keys{
        {"None", key(nullptr)},
        {"False", key(false)},
        {"True", key(true)},
        {"0", key(0)},
        {"1", key(1)},
        {"-1", key(-1)},
        {"255", key(255)},
        {"256", key(256)},
        {"2**64", key(Value(static_cast<detail::UInt128>(1) << 64))},
        {"0.0", key(0.0)},
        {"-0.0", key(-0.0)},
        {"1.0", key(1.0)},
        {"nan", key(std::numeric_limits<double>::quiet_NaN())},
        {"1+0j", key(std::complex(1.0, 0.0))},
        {"'1'", key("1")},
        {"''", key("")},
        {"b'1'", key(std::vector<std::byte>{std::byte{'1'}})},
        {"b''", key(std::vector<std::byte>{})},
        {"list of nothing", key(std::vector<std::string>{})},
        {"()", key(std::tuple<>())},
        {"set of nothing", key(std::set<int>{})},
        {"dict of nothing", key(std::map<int, int>{})},
        {"array of no double", key(std::vector<double>{})},
        {"array of no float", key(std::vector<float>{})},
        {"array [1.0]", key(std::vector<double>{1})},
        {"array [1.0f]", key(std::vector<float>{1})},
        {"array [1]", key(std::vector<std::int64_t>{1})},
        {"array [1] of 32 bits", key(std::vector<std::int32_t>{1})},
        {"array [1u]", key(std::vector<std::uint8_t>{1})},
        {"array [True]", key(std::vector<bool>{true})},
        {"array of 0 dimensions", key(Array<double>(std::vector<std::uint64_t>{}))},
        {"array of shape (0, 2)", key(Array<double>({0, 2}))},
        {"array of shape (2, 0)", key(Array<double>({2, 0}))},
        {"['1']", key(std::vector<std::string>{"1"})},
        {"[['1']]", key(std::vector<std::vector<std::string>>{{"1"}})},
        {"('1',)", key(std::tuple("1"))},
        {"('1', '1')", key(std::tuple("1", "1"))},
        {"(('1',), '1')", key(std::tuple(std::tuple("1"), "1"))},
        {"('1', ('1',))", key(std::tuple("1", std::tuple("1")))},
        {"{1}", key(std::set<int>{1})},
        {"{1: 1}", key(std::map<int, int>{{1, 1}})},
        {"{1: 2}", key(std::map<int, int>{{1, 2}})},
        {"{2: 1}", key(std::map<int, int>{{2, 1}})},
        {"{1: 2, 2: 1}", key(std::map<int, int>{{1, 2}, {2, 1}})},
        {"{1: 1, 2: 2}", key(std::map<int, int>{{1, 1}, {2, 2}})},
        {"Point", key(Point{1, 2})},
        {"Point of other values", key(Point{1, 3})},
        {"its fields under other names", key(Renamed{1, 2})},
        {"its fields as a dict", key(Value::dict({{"x", 1.0}, {"n", 2}}))},
        {"its fields in a named class", key(Named{1, 2})},
        {"array of structures", key(std::vector<Point>{{1, 2}})},
        {"array of structures with other names", key(std::vector<Renamed>{{1, 2}})},
        {"1 s", key(std::chrono::seconds(1))},
        {"1000 ms", key(std::chrono::milliseconds(1000))},
        {"time point", key(std::chrono::sys_seconds(std::chrono::seconds(1)))},
    };
    for (const auto& [name, value] : keys)
        for (const auto& [other_name, other] : keys)
            EXPECT_EQ(value == other, name == other_name) << name << ", " << other_name;
}

TEST(HashOfValues, KnowsNoWidthOfNumbers) {
    EXPECT_EQ(key(std::int8_t{-1}), key(std::int64_t{-1}));
    EXPECT_EQ(key(1), key(std::uint64_t{1}));
    EXPECT_EQ(key(1), key(detail::Int128{1}));
    EXPECT_EQ(key(std::uint64_t{1} << 63), key(static_cast<detail::Int128>(1) << 63));
    EXPECT_EQ(key(std::numeric_limits<std::int64_t>::min()), key(-(static_cast<detail::Int128>(1) << 63)));
    EXPECT_EQ(key(1.5F), key(1.5));
    EXPECT_EQ(key(1.5L), key(1.5));
    EXPECT_EQ(key(Colour::red), key(1));
}

TEST(HashOfValues, TellsNansApartByTheirBits) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    EXPECT_EQ(key(nan), key(std::numeric_limits<double>::quiet_NaN()));
    EXPECT_NE(key(nan), key(std::copysign(nan, -1.0)));
    EXPECT_EQ(key(std::vector<double>{nan}), key(std::vector<double>{nan}));
    EXPECT_NE(key(std::vector<double>{0.0}), key(std::vector<double>{-0.0}));
}

TEST(HashOfValues, TakesTypesThatDumpAlikeAsOne) {
    EXPECT_EQ(key(std::string("x")), key("x"));
    EXPECT_EQ(key(std::string("x")), key(std::string_view("x")));
    EXPECT_EQ(key(std::optional<int>()), key(nullptr));
    EXPECT_EQ(key(std::optional<int>(1)), key(1));
    EXPECT_EQ(key(std::variant<int, std::string>("x")), key("x"));
    EXPECT_EQ(key(std::pair(1, "x")), key(std::tuple(1, "x")));
    const std::vector<double> numbers{1, 2, 3};
    EXPECT_EQ(key(numbers), key(std::array<double, 3>{1, 2, 3}));
    EXPECT_EQ(key(numbers), key(std::span<const double>(numbers)));
    EXPECT_EQ(key(std::vector<std::uint8_t>{0, 1}).size(), 32U);
    EXPECT_NE(key(std::vector<std::uint8_t>{0, 1}), key(std::vector<bool>{false, true}));
}

TEST(HashOfValues, TakesReferencesInTuples) {
    const std::vector<double> numbers{1, 2, 3};
    const std::string name = "x";
    EXPECT_EQ(key(std::tuple<const std::vector<double>&, const std::string&>(numbers, name)),
              key(std::tuple(numbers, name)));
    EXPECT_EQ(key(std::forward_as_tuple(numbers, "text", 1)), key(std::tuple(numbers, std::string("text"), 1)));
}

TEST(HashOfValues, KnowsNoOrderOfDictsAndSets) {
    const std::map<std::string, int> sorted{{"a", 1}, {"b", 2}, {"c", 3}};
    EXPECT_EQ(key(sorted), key(std::map<std::string, int, std::greater<>>(sorted.begin(), sorted.end())));
    EXPECT_EQ(key(sorted), key(std::unordered_map<std::string, int>(sorted.begin(), sorted.end())));
    EXPECT_EQ(key(sorted), key(Value::dict({{"c", 3}, {"a", 1}, {"b", 2}})));
    const std::set<int> numbers{1, 2, 3};
    EXPECT_EQ(key(numbers), key(std::unordered_set<int>(numbers.begin(), numbers.end())));
    EXPECT_EQ(key(numbers), key(Value::set({3, 1, 2})));
    EXPECT_NE(key(std::vector<std::string>{"a", "b"}), key(std::vector<std::string>{"b", "a"}));
}

TEST(HashOfValues, KnowsNoOrderOfFieldsAndNoAliases) {
    EXPECT_EQ(key(Point{1, 2}), key(Turned{2, 1}));
    EXPECT_EQ(key(Point{1, 2}), key(Value::object({{"x", 1.0}, {"n", 2}})));
    EXPECT_NE(key(std::vector<Point>{{1, 2}}), key(std::vector<Turned>{{2, 1}}));
}

TEST(HashOfValues, SeesEveryByteOfALongText) {
    for (const std::size_t length : {127U, 128U, 129U, 5000U, (1U << 20U) - 1U, 1U << 20U, (1U << 20U) + 1U}) {
        std::string text(length, 'a');
        const std::string first = key(text);
        EXPECT_EQ(key(text), first);
        text.back() = 'b';
        EXPECT_NE(key(text), first) << length;
        text.back() = 'a';
        text += 'a';
        EXPECT_NE(key(text), first) << length;
    }
}

TEST(HashOfValues, DigestsLongBodiesAsTheyGrow) {
    std::vector<std::string> list(10'000, "item");
    const std::string first = key(list);
    EXPECT_EQ(key(std::vector<std::string>(10'000, "item")), first);
    EXPECT_EQ(key(Value(list)), first);
    list[0] = "other";
    EXPECT_NE(key(list), first);
    std::map<std::string, int> dict;
    for (int i = 0; i < 10'000; ++i) dict[std::to_string(i)] = i;
    EXPECT_EQ(key(dict), key(std::unordered_map<std::string, int>(dict.begin(), dict.end())));
}

}  // namespace
}  // namespace jl::test

#endif
