// The contract of every store that is written to: Redis, SQLite, …, each the real thing.
#include "remote/support/stores.hpp"

#include <cstring>
#include <gtest/gtest.h>
#include <map>
#include <numeric>
#include <thread>

#include <jl/inspect.hpp>
#include <jl/jl.hpp>
#include <jl/url.hpp>

#include "support/error.hpp"
#include "support/temp_dir.hpp"
#include "support/tool.hpp"

namespace jl {
namespace {

using test::error_of;

using Arrays = std::map<std::string, Array<float>>;

constexpr std::uint64_t rows = 2500, columns = 1000;  // 10 MB: more than the chunk of any store

Array<float> numbers(float first) {
    Array<float> array({rows, columns});
    std::iota(array.data(), array.data() + array.size(), first);
    return array;
}

bool equal(const Array<float>& a, const Array<float>& b) {
    return a.shape() == b.shape() && std::equal(a.data(), a.data() + a.size(), b.data());
}

class Stores : public testing::TestWithParam<std::string> {
  protected:
    test::Store& store() const { return test::store_named(GetParam()); }
    std::string url(const std::string& key) const { return store().url(key); }
    static void TearDownTestSuite() { test::stop_stores(); }
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Stores);
INSTANTIATE_TEST_SUITE_P(, Stores, testing::ValuesIn(test::store_names()), [](const auto& each) { return each.param; });

TEST_P(Stores, TakeValuesAndGiveThemBack) {
    const Arrays expected{{"x", numbers(0)}, {"y", numbers(1)}};
    dump(expected, url("typed.pkl"));
    const auto found = load<Arrays>(url("typed.pkl"));
    ASSERT_EQ(found.size(), 2U);
    EXPECT_TRUE(equal(found.at("x"), expected.at("x")));
    EXPECT_TRUE(equal(found.at("y"), expected.at("y")));
    const Value any = load(url("typed.pkl"));
    EXPECT_TRUE(equal(any["y"].as<Array<float>>(), expected.at("y")));
    const Value lazy = load(open_url(url("typed.pkl")));
    EXPECT_TRUE(equal(lazy["y"].as<Array<float>>(), expected.at("y")));
    EXPECT_TRUE(verify(url("typed.pkl")).ok());
}

TEST_P(Stores, HoldTheBytesThatAFileWouldHold) {
    const Arrays value{{"x", numbers(0)}};
    const test::TempDir dir;
    dump(value, dir / "x.pkl");
    dump(value, url("bytes.pkl"));
    EXPECT_TRUE(store().bytes("bytes.pkl") == test::read_file(dir / "x.pkl"));
}

TEST_P(Stores, ReadWhatOtherProgramsWrote) {
    const test::TempDir dir;
    dump(Arrays{{"x", numbers(5)}}, dir / "x.pkl.gz");
    store().put("foreign.pkl.gz", test::read_file(dir / "x.pkl.gz"));
    EXPECT_TRUE(equal(load<Arrays>(url("foreign.pkl.gz")).at("x"), numbers(5)));
}

TEST_P(Stores, CompressByTheEndingOfTheKey) {
    for (const std::string codec : {"gzip", "bz2", "xz", "lz4", "zstd"}) {
        const std::string key = "packed.pkl" + (codec == "gzip" ? ".gz" : codec == "zstd" ? ".zst" : "." + codec);
        dump(std::vector<int>(10'000, 7), url(key));
        EXPECT_EQ(inspect(url(key)).codec, codec);
        EXPECT_EQ(load<std::vector<int>>(url(key)), std::vector<int>(10'000, 7));
    }
}

TEST_P(Stores, GiveArraysAndRowsByName) {
    const Arrays expected{{"x", numbers(0)}, {"y", numbers(1)}};
    for (const std::string key : {"named.pkl", "named.pkl.gz"}) {
        dump(expected, url(key));
        const File file(url(key));
        EXPECT_TRUE(equal(file.array<float>("y"), expected.at("y")));
        const Array<float> slice = file.slice<float>("x", 1234, 1236);
        EXPECT_EQ(std::memcmp(slice.data(), expected.at("x").data() + 1234 * columns, 2 * columns * 4), 0);
    }
}

TEST_P(Stores, SayWhatIsMissing) {
    EXPECT_EQ(error_of([&] { (void)load(url("nobody")); }).code(), ErrorCode::missing);
    EXPECT_EQ(error_of([&] { (void)File(url("nobody")); }).code(), ErrorCode::missing);
}

TEST_P(Stores, KeepTheOldValueWhenADumpFails) {
    dump(1, url("kept"));
    const auto before = store().keys();
    {
        const auto sink = create_url(url("kept"));
        const std::vector<std::byte> piece(std::size_t{9} << 20);
        sink->write(piece);  // and no commit
    }
    EXPECT_EQ(store().keys(), before);
    EXPECT_EQ(load<int>(url("kept")), 1);
    const std::function<void(const Progress&)> fail = [](const Progress&) { throw std::runtime_error("enough"); };
    EXPECT_THROW(dump(numbers(0), url("kept"), {.progress = fail}), std::runtime_error);
    EXPECT_EQ(store().keys(), before);
    EXPECT_EQ(load<int>(url("kept")), 1);
}

TEST_P(Stores, ReplaceValuesWholly) {
    dump(numbers(0), url("replaced"));
    dump(2, url("replaced"));
    EXPECT_EQ(load<int>(url("replaced")), 2);
}

TEST_P(Stores, ShowNothingBeforeTheCommit) {
    const auto sink = create_url(url("late"));
    dump(numbers(0), *sink);
    EXPECT_EQ(error_of([&] { (void)load(url("late")); }).code(), ErrorCode::missing);
    sink->commit();
    EXPECT_TRUE(equal(load<Array<float>>(url("late")), numbers(0)));
    EXPECT_EQ(error_of([&] { sink->commit(); }).code(), ErrorCode::usage);
    const std::byte more[1] = {};
    EXPECT_EQ(error_of([&] { sink->write(more); }).code(), ErrorCode::usage);
}

TEST_P(Stores, AreWrittenRowByRow) {
    const Array<float> expected = numbers(3);
    for (const std::string key : {"rows.pkl", "rows.pkl.gz"}) {
        dump(1, url(key));
        Writer writer(url(key));
        RowWriter out = writer.array<float>("x", {rows, columns});
        for (std::uint64_t row = 0; row < rows; row += 500)
            out.append(std::span(expected.data() + row * columns, 500 * columns));
        EXPECT_EQ(load<int>(url(key)), 1);  // until it is closed
        writer.close();
        EXPECT_TRUE(equal(load<Arrays>(url(key)).at("x"), expected));
    }
    EXPECT_EQ(inspect(url("rows.pkl.gz")).codec, "gzip");
    {
        Writer writer(url("rows.pkl"));
        const Error error = error_of([&] { writer.array<float>("x", {unknown, columns}); });
        EXPECT_EQ(error.code(), ErrorCode::unsupported);
        EXPECT_EQ(error.file(), shown_url(url("rows.pkl")));
        writer.array<float>("x", {rows, columns}).append(expected);
    }  // and no close
    EXPECT_TRUE(equal(load<Arrays>(url("rows.pkl")).at("x"), expected));
}

TEST_P(Stores, HoldNothingAtAll) {
    create_url(url("empty"))->commit();
    EXPECT_EQ(open_url(url("empty"))->size(), 0U);
    EXPECT_EQ(error_of([&] { (void)load(url("empty")); }).code(), ErrorCode::truncated);
}

TEST_P(Stores, ReportTruncatedValues) {
    const test::TempDir dir;
    dump(numbers(0), dir / "x.pkl");
    const std::string whole = test::read_file(dir / "x.pkl");
    store().put("cut", whole.substr(0, whole.size() / 2));
    EXPECT_EQ(error_of([&] { (void)load<Array<float>>(url("cut")); }).code(), ErrorCode::truncated);
    const auto source = open_url(url("cut"));
    std::byte piece[2];
    EXPECT_EQ(error_of([&] { source->read_at(source->size() - 1, piece); }).code(), ErrorCode::truncated);
}

TEST_P(Stores, NoticeAValueThatIsReplacedWhileItIsRead) {
    dump(numbers(0), url("moving"));
    const auto source = open_url(url("moving"));
    std::vector<std::byte> piece(std::size_t{2} << 20);
    source->read_at(0, piece);
    dump(numbers(1), url("moving"));
    EXPECT_EQ(error_of([&] { source->read_at(3 << 20, piece); }).code(), ErrorCode::io);
}

TEST_P(Stores, AreReadAsSequencesAndNotAppendedTo) {
    const test::TempDir dir;
    dump(1, dir / "x.pkl");
    dump(2, dir / "x.pkl", {.append = true});
    store().put("two", test::read_file(dir / "x.pkl"));
    std::vector<int> found;
    for (const int value : read_all<int>(url("two"))) found.push_back(value);
    EXPECT_EQ(found, (std::vector<int>{1, 2}));
    EXPECT_EQ(error_of([&] { dump(3, url("two"), {.append = true}); }).code(), ErrorCode::unsupported);
}

TEST_P(Stores, ServeManyReaders) {
    const Arrays expected{{"x", numbers(0)}, {"y", numbers(1)}};
    dump(expected, url("shared"));
    const File file(url("shared"));
    std::vector<std::jthread> threads;
    for (const std::string name : {"x", "y", "x", "y"})
        threads.emplace_back([&, name] { EXPECT_TRUE(equal(file.array<float>(name), expected.at(name))); });
    threads.emplace_back([&] { EXPECT_TRUE(equal(load<Arrays>(url("shared")).at("y"), expected.at("y"))); });
}

TEST_P(Stores, AreOpenToTheTools) {
    const test::TempDir dir;
    test::write_file(dir / "n.json", "{\"seven\": 7}");
    const std::string target = test::quoted(url("tool.pkl.gz"));
    const test::ToolResult packed = test::run_tool(JL_JLPACK " " + target + " " + test::quoted(dir / "n.json"));
    EXPECT_EQ(packed.status, 0) << packed.output;
    EXPECT_EQ(packed.output.find("secret"), std::string::npos) << packed.output;
    EXPECT_EQ(test::run_tool(JL_JLUNPACK " " + target + " --cat /seven").output, "7\n");
    EXPECT_EQ(test::run_tool(JL_JLUNPACK " " + target + " --verify -q").status, 0);
    EXPECT_EQ(
        test::run_tool(JL_JLUNPACK " " + target + " --convert " + test::quoted(url("tool.pkl.xz")) + " -q").output, "");
    EXPECT_EQ(load(url("tool.pkl.xz"))["seven"].as<int>(), 7);
}

}  // namespace
}  // namespace jl
