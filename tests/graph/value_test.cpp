#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>

#include <jl/value.hpp>

#include "graph/support/trip.hpp"

namespace jl::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Value example() {
    return Value::dict({{"name", "jl"},
                        {"xs", std::vector<double>{1, 2, 3}},
                        {"nested", Value::list({1, "two", Value::tuple({true, nullptr})})},
                        {7, "seven"}});
}

TEST(Value, IsNoneAtFirst) {
    const Value none;
    EXPECT_TRUE(none.is_none());
    EXPECT_FALSE(none);
    EXPECT_EQ(none.kind_name(), "none");
    EXPECT_EQ(through_file<Value>(none).kind(), Kind::none);
}

TEST(Value, IsNavigatedByNamesIndexesAndPaths) {
    const Value value = through_file<Value>(example());
    EXPECT_EQ(value["name"].as<std::string>(), "jl");
    EXPECT_EQ(value["nested"][1].as<std::string>(), "two");
    EXPECT_EQ(value["nested"][-1][0].as<bool>(), true);
    EXPECT_EQ(value[7].as<std::string>(), "seven");
    EXPECT_EQ(value.at("/nested/2/0").as<bool>(), true);
    EXPECT_EQ(value.at("/7").as<std::string>(), "seven");
    EXPECT_TRUE(value.at("/").same_as(value));
    EXPECT_TRUE(value.contains("xs"));
    EXPECT_FALSE(value.contains("ys"));
    EXPECT_EQ(value.size(), 4U);
    EXPECT_EQ(value["nested"].elements().size(), 3U);
    EXPECT_EQ(value.items()[0].first.as<std::string>(), "name");
}

TEST(Value, RefusesWhatIsNotThereByName) {
    const Value value = example();
    EXPECT_THAT(error_of([&] { (void)value["nosuch"]; }).what(), HasSubstr("'nosuch'"));
    EXPECT_EQ(error_of([&] { (void)value["nested"][3]; }).code(), ErrorCode::missing);
    EXPECT_EQ(error_of([&] { (void)value["nested"][-4]; }).code(), ErrorCode::missing);
    EXPECT_EQ(error_of([&] { (void)value[8]; }).code(), ErrorCode::missing);
    EXPECT_EQ(error_of([&] { (void)value.at("/nested/9"); }).path(), "/nested/9");
    EXPECT_EQ(error_of([&] { (void)value.at("nested"); }).code(), ErrorCode::usage);
    EXPECT_EQ(error_of([&] { (void)value["name"]["x"]; }).code(), ErrorCode::type);
    EXPECT_EQ(error_of([&] { (void)value["name"][0]; }).code(), ErrorCode::type);
    EXPECT_EQ(error_of([&] { (void)value.shape(); }).code(), ErrorCode::type);
    EXPECT_EQ(error_of([&] { (void)value["nested"].items(); }).code(), ErrorCode::type);
    EXPECT_EQ(error_of([&] { (void)Value(5).size(); }).code(), ErrorCode::type);
}

TEST(Value, PathsSpellSlashesAndPercents) {
    const Value value = Value::dict({{"a/b", 1}, {"50%", 2}, {"", 3}});
    EXPECT_EQ(value.at("/a%2Fb").as<int>(), 1);
    EXPECT_EQ(value.at("/50%25").as<int>(), 2);
}

TEST(Value, ShowsItselfAsPythonWould) {
    EXPECT_EQ(
        example().str(),
        "{'name': 'jl', 'xs': array((3,), <f8, [1.0, 2.0, 3.0]), 'nested': [1, 'two', (True, None)], 7: 'seven'}");
    EXPECT_EQ(Value::list({}).str(), "[]");
    EXPECT_EQ(Value::tuple({1}).str(), "(1,)");
    EXPECT_EQ(Value::set({}).str(), "set()");
    EXPECT_EQ(Value("it's\n").str(), "'it\\'s\\n'");
    EXPECT_EQ(Value(std::vector<std::byte>{std::byte{0xff}, std::byte{'a'}}).str(), "b'\\xffa'");
    EXPECT_EQ(Value::object({{"x", 1}}).str(), "types.SimpleNamespace(x=1)");
    std::ostringstream out;
    out << Value("plain") << ' ' << Value(1.5);
    EXPECT_EQ(out.str(), "plain 1.5");
}

TEST(Value, ShowsNoMoreThanAskedFor) {
    const Value value(std::vector<std::string>(100'000, "gr\xc3\xbc\xc3\xbc\xc3\xbc"));
    for (const std::size_t room : {0U, 1U, 5U, 6U, 7U, 100U}) {
        const std::string text = value.str(room);
        EXPECT_LE(text.size(), room + 3);
        EXPECT_THAT(text, testing::EndsWith("\xe2\x80\xa6"));
    }
    Value self = Value::list({});
    self.push_back(self);
    EXPECT_EQ(self.str(), "[\xe2\x80\xa6]");
}

TEST(Value, IsBuiltStepByStep) {
    Value dict = Value::dict();
    const Value list = dict.set("list", Value::list({1}));
    Value(list).push_back(2);
    dict.set(std::string("name"), "x");
    dict.set("name", "y");
    dict.set(5, "five");
    dict.set(5, "cinq");
    EXPECT_EQ(dict.str(), "{'list': [1, 2], 'name': 'y', 5: 'cinq'}");
    EXPECT_EQ(error_of([&] { dict.push_back(1); }).code(), ErrorCode::type);
    EXPECT_EQ(error_of([&] { Value(list).set("a", 1); }).code(), ErrorCode::type);
    EXPECT_EQ(error_of([&] { Value(5).set("a", 1); }).code(), ErrorCode::type);
}

TEST(Value, BigDictsAreBuiltAndSearchedQuickly) {
    Value dict = Value::dict();
    for (int i = 0; i < 50'000; ++i) dict.set("key" + std::to_string(i), i);
    for (int i = 0; i < 50'000; i += 7) dict.set("key" + std::to_string(i), -i);
    EXPECT_EQ(dict.size(), 50'000U);
    const Value back = through_file<Value>(dict);
    for (int i = 0; i < 50'000; ++i) ASSERT_EQ(back["key" + std::to_string(i)].as<int>(), i % 7 == 0 ? -i : i);
}

TEST(Value, OfAnotherDocumentIsCopiedWithItsIdentities) {
    Value shared = Value::list({1, 2});
    Value cycle = Value::list({});
    cycle.push_back(cycle);
    Value dict = Value::dict();
    const Value both = dict.set("both", Value::list({shared, shared, cycle}));
    EXPECT_FALSE(both[0].same_as(shared));
    EXPECT_TRUE(both[2].same_as(both[2][0]));
    shared.push_back(3);
    EXPECT_EQ(both[0].size(), 2U);
    const Value inside = dict.set("again", both[0]);
    EXPECT_TRUE(inside.same_as(both[0]));
    const Value back = through_file<Value>(dict);
    EXPECT_TRUE(back["again"].same_as(back["both"][0]));
    EXPECT_TRUE(back["both"][2].same_as(back["both"][2][0]));
    EXPECT_EQ(dumped(back), dumped(dict));
}

TEST(Value, OutlivesEveryOtherHandle) {
    Value inner;
    {
        const Value outer = through_file<Value>(example());
        inner = outer["nested"];
    }
    EXPECT_EQ(inner[1].as<std::string>(), "two");
}

TEST(Value, NestsAHundredThousandDeep) {
    Value inner = Value::list({});
    const Value root = inner;
    for (int i = 0; i < 100'000; ++i) inner = inner.push_back(Value::list({}));
    const Value back = through_file<Value>(root);
    EXPECT_EQ(through_stream<Value>(root).size(), 1U);
    EXPECT_THAT(back.str(), HasSubstr("[[[["));
    EXPECT_EQ(dumped(back), dumped(root));
    EXPECT_EQ(Value::list({back, root}).size(), 2U);
    EXPECT_EQ(error_of([&] { (void)back.as<std::vector<std::vector<int>>>(); }).code(), ErrorCode::type);
}

// A mapping that makes values as it goes: each is gone when the next one takes its place in memory.
struct Json {
    int number = 0;
};

}  // namespace
}  // namespace jl::test

template <>
struct jl::Mapping<jl::test::Json> {
    static void emit(Emitter& out, const test::Json& json) {
        jl::emit(out, Value::list({json.number, Value::dict({{"n", json.number}})}));
    }
};

namespace jl::test {
namespace {

TEST(Value, MadeOnlyToBeWrittenIsNeverTakenForAnother) {
    std::vector<std::vector<Json>> all(1);
    for (int i = 0; i < 2'000; ++i) all[0].push_back({i});
    const Value back = through_file<Value>(all), value(all);
    for (int i = 0; i < 2'000; ++i) {
        ASSERT_EQ(back[0][i][1]["n"].as<int>(), i);
        ASSERT_EQ(value[0][i][0].as<int>(), i);
    }
}

TEST(Value, TellsAllAboutArrays) {
    const Value array = through_file<Value>(std::vector<std::int16_t>{1, 2, 3});
    EXPECT_EQ(array.kind(), Kind::array);
    EXPECT_EQ(array.dtype().str(), "<i2");
    EXPECT_THAT(array.shape(), ElementsAre(3U));
    EXPECT_EQ(array.order(), 'C');
    EXPECT_EQ(array.nbytes(), 6U);
    EXPECT_EQ(array.file_offset().value() % 64, 0U);
    EXPECT_EQ(array.array_bytes().size(), 6U);
    EXPECT_EQ(array.size(), 3U);
    EXPECT_FALSE(Value(std::vector<int>{1}).file_offset().has_value());
}

TEST(Value, NumbersPrintAsInPython) {
    EXPECT_EQ(Value(1.0).number_text(), "1.0");
    EXPECT_EQ(Value(1e22).number_text(), "1e+22");
    EXPECT_EQ(Value(0.1).number_text(), "0.1");
    EXPECT_EQ(Value(-0.0).number_text(), "-0.0");
    EXPECT_EQ(Value(true).number_text(), "True");
    EXPECT_EQ(Value(INT64_MIN).number_text(), "-9223372036854775808");
}

}  // namespace
}  // namespace jl::test
