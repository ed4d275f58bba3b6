// jl::Writer: the bytes of a dump without the memory, what is refused, and what is left behind.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>

#include <jl/jl.hpp>

#include "persist/support/needs_codec.hpp"
#include "persist/support/packers.hpp"
#include "persist/support/samples.hpp"
#include "support/error.hpp"
#include "support/faulty_io.hpp"
#include "support/peak_memory.hpp"

namespace jl::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

struct Point {
    std::int32_t id;
    double x;
    bool operator==(const Point&) const = default;
};

Array<double> table(std::uint64_t rows, std::uint64_t columns) {
    Array<double> array({rows, columns});
    const std::vector<double> items = numbers(array.size());
    std::copy(items.begin(), items.end(), array.begin());
    return array;
}

// Rows in chunks of changing sizes.
void append_all(RowWriter& out, const Array<double>& array) {
    const std::uint64_t columns = array.shape()[1];
    std::uint64_t row = 0;
    for (std::uint64_t step = 1; row < array.shape()[0]; step = step * 5 % 4'099 + 1) {
        const std::uint64_t count = std::min(step, array.shape()[0] - row);
        out.append(std::span<const double>(array.data() + row * columns, count * columns));
        row += count;
    }
    EXPECT_EQ(out.rows(), array.shape()[0]);
}

class WriterAsDump : public testing::TestWithParam<std::pair<const char*, DumpOptions>> {};

TEST_P(WriterAsDump, TheSameBytes) {
    const TempDir dir;
    const auto& [name, options] = GetParam();
    JL_NEEDS_CODEC(dir / name, options);
    const std::map<std::string, Array<double>> value{
        {"a", table(6'000, 31)}, {"b", table(3, 2)}, {"c", table(6'000, 31)}, {"d", table(0, 7)}};
    dump(value, dir / name, options);
    const std::string wanted = read_file(dir / name);
    for (const unsigned n_threads : {1U, 2U}) {
        DumpOptions how = options;
        how.n_threads = n_threads;
        Writer writer(dir / (std::string("w_") + name), how);
        for (const auto& [key, array] : value) {
            RowWriter out = writer.array<double>(key, array.shape());
            append_all(out, array);
        }
        writer.close();
        EXPECT_TRUE(read_file(dir / (std::string("w_") + name)) == wanted) << n_threads;
    }
    EXPECT_TRUE(verify(dir / (std::string("w_") + name)).ok());
}

INSTANTIATE_TEST_SUITE_P(Targets, WriterAsDump,
                         testing::Values(std::pair{"x.pkl", DumpOptions{}}, std::pair{"x.pkl.gz", DumpOptions{}},
                                         std::pair{"x.pkl.z", DumpOptions{}},
                                         std::pair{"x.pkl.bz2", DumpOptions{.compress = {"bz2", 1}}},
                                         std::pair{"x.pkl.xz", DumpOptions{.compress = {"xz", 0}}},
                                         std::pair{"x.pkl.lz4", DumpOptions{}},
                                         std::pair{"x.pkl.zst", DumpOptions{.shuffle = true}},
                                         std::pair{"b.pkl", DumpOptions{.compress = "blosc"}}),
                         [](const auto& each) {
                             std::string name = each.param.first;
                             std::replace(name.begin(), name.end(), '.', '_');
                             return name;
                         });

TEST(Writer, ValuesAndManyEntriesAreThoseOfADict) {
    std::map<std::string, std::int64_t> value;
    MemorySink sink;
    Writer writer(sink);
    for (std::int64_t i = 0; i < 2'500; ++i) value[std::to_string(10'000 + i)] = i;
    for (const auto& [key, number] : value) writer.value(key, number);
    writer.close();
    EXPECT_TRUE(text_of(sink.bytes()) == dumped_text(value));
}

TEST(Writer, ArraysAndValuesUnderNames) {
    const TempDir dir;
    const std::string path = dir / "x.pkl";
    Writer writer(path);
    RowWriter x = writer.array<float>("x", {2, 3});
    x.append(std::vector<float>{1, 2, 3});
    x.append(std::array<float, 3>{4, 5, 6});
    writer.value("name", std::string("run 7"));
    writer.value("sample", sample(10));
    RowWriter y = writer.array<std::int16_t>("y", {3});
    y.append(std::int16_t{7});
    y.append(std::vector<std::int16_t>{8, 9});
    RowWriter points = writer.array<Point>("points", {2});
    points.append(std::vector<Point>{{1, 0.5}, {2, 1.5}});
    RowWriter flags = writer.array<bool>("flags", {2, 2});
    flags.append(std::vector<bool>{true, false, false, true});
    writer.close();
    EXPECT_THAT(dir.names(), ElementsAre("x.pkl"));
    EXPECT_TRUE(verify(path).ok());
    const File file(path);
    EXPECT_EQ(file.array<float>("x")(1, 2), 6);
    const Value any = load(path);
    EXPECT_EQ(any["y"].as<std::vector<std::int16_t>>(), (std::vector<std::int16_t>{7, 8, 9}));
    EXPECT_EQ(any["points"].as<std::vector<Point>>()[1], (Point{2, 1.5}));
    EXPECT_EQ(any["sample"].as<Sample>(), sample(10));
    EXPECT_EQ(any["name"].as<std::string>(), "run 7");
    EXPECT_EQ(any["flags"].as<Array<bool>>()(1, 1), true);
}

TEST(Writer, AnUnknownNumberOfRowsIsThatOfTheRowsThatCame) {
    const TempDir dir;
    const std::string path = dir / "x.pkl";
    const Array<double> all = table(90'000, 3);
    {
        Writer writer(path);
        RowWriter x = writer.array<double>("x", {unknown, 3});
        append_all(x, all);
        writer.value("between", 1);
        writer.array<float>("none", {unknown});
        RowWriter again = writer.array<double>("again", {unknown, 3});
        again.append(table(2, 3));
        writer.array<double>("known", {2, 3}).append(table(2, 3));
        writer.close();
    }
    EXPECT_TRUE(verify(path).ok());
    const auto x = load<std::map<std::string, Value>>(path).at("x").as<Array<double>>();
    EXPECT_EQ(x.shape(), all.shape());
    EXPECT_TRUE(std::equal(x.begin(), x.end(), all.begin()));
    const File file(path);
    EXPECT_EQ(file.find("none").shape, (std::vector<std::uint64_t>{0}));
    EXPECT_EQ(file.array<double>("again")(1, 2), table(2, 3)(1, 2));
    EXPECT_EQ(file.array<double>("known").shape(), (std::vector<std::uint64_t>{2, 3}));
    std::ifstream stream(path, std::ios::binary);  // in order, without the directory
    EXPECT_EQ(load(stream)["x"].as<Array<double>>().shape(), all.shape());
}

TEST(Writer, RowsOfUnknownNumberAreSpelledAsTheSpecificationSays) {
    const TempDir dir;
    Writer writer(dir / "x.pkl");
    const std::vector<double> up{0, 1, 2, 3, 4, 5};
    writer.array<double>("rows", {unknown, 2}).append(up);
    writer.array<float>("none", {unknown});
    RowWriter again = writer.array<double>("again", {unknown, 2});
    for (const double row : {4, 2, 0}) again.append(std::vector<double>{row, row + 1});
    writer.array<double>("known", {3, 2}).append(up);
    writer.value("count", 3);
    writer.close();
    EXPECT_TRUE(read_file(dir / "x.pkl") == read_file(JL_SOURCE_DIR "/spec/vectors/valid/open_rows.pkl"));
}

TEST(Writer, AnUnknownNumberOfRowsNeedsAPlaceThatCanBeWrittenAgain) {
    const TempDir dir;
    const auto refused = [&](Writer writer, const char* why) {
        const Error error = error_of([&] { writer.array<double>("x", {unknown, 3}); });
        EXPECT_EQ(error.code(), ErrorCode::unsupported);
        EXPECT_THAT(error.what(), AllOf(HasSubstr("'x'"), HasSubstr("(unknown, 3)"), HasSubstr(why)));
    };
    refused(Writer(dir / "x.pkl.gz"), "compressed");
    if (has_blosc()) refused(Writer(dir / "x.pkl", {.compress = "blosc"}), "compressed");
    std::ostringstream stream;
    refused(Writer(stream), "cannot be written again");
    Writer writer(dir / "y.pkl");
    EXPECT_EQ(error_of([&] { writer.array<double>("x", {unknown, 0}); }).code(), ErrorCode::usage);
}

TEST(Writer, StreamsBeginAnywhere) {
    std::stringstream stream;
    stream << "before";
    Writer writer(stream);
    writer.array<double>("x", {10}).append(numbers(10));
    writer.close();
    stream.seekg(6);
    EXPECT_EQ(load(stream)["x"].as<std::vector<double>>(), numbers(10));
}

TEST(Writer, WrongRowsAreRefusedAndChangeNothing) {
    const TempDir dir;
    Writer writer(dir / "x.pkl");
    RowWriter x = writer.array<double>("x", {5, 3});
    const auto refused = [&](ErrorCode code, const auto& rows, auto... texts) {
        const Error error = error_of([&] { x.append(rows); });
        EXPECT_EQ(error.code(), code);
        EXPECT_THAT(error.what(), AllOf(HasSubstr("x.pkl"), HasSubstr(texts)...));
    };
    refused(ErrorCode::range, numbers(4), "'x'", "(5, 3)", "(4,)");
    refused(ErrorCode::range, table(1, 4), "(1, 4)");
    refused(ErrorCode::range, table(6, 3), "0 rows", "6 more");
    refused(ErrorCode::type, std::vector<float>(3), "<f8", "<f4");
    refused(ErrorCode::type, 1.5f, "<f4");
    refused(ErrorCode::type, std::string("no"), "a str");
    refused(ErrorCode::type, std::vector<std::string>{"no"}, "a list");
    x.append(table(2, 3));
    refused(ErrorCode::range, table(4, 3), "2 rows", "4 more");
    x.append(table(3, 3));
    writer.close();
    EXPECT_EQ(load(dir / "x.pkl")["x"].as<Array<double>>()(4, 2), table(3, 3)(2, 2));
}

TEST(Writer, MissingRowsAreRefusedByEveryNextStep) {
    const TempDir dir;
    Writer writer(dir / "x.pkl");
    RowWriter x = writer.array<double>("x", {5, 3});
    x.append(table(2, 3));
    for (const Error& error : {error_of([&] { writer.array<double>("y", {1}); }),
                               error_of([&] { writer.value("y", 1); }), error_of([&] { writer.close(); })}) {
        EXPECT_EQ(error.code(), ErrorCode::usage);
        EXPECT_THAT(error.what(), AllOf(HasSubstr("'x'"), HasSubstr("2 rows"), HasSubstr("5 were announced")));
    }
    EXPECT_FALSE(std::filesystem::exists(dir / "x.pkl"));
    x.append(table(3, 3));
    writer.close();
    EXPECT_TRUE(verify(dir / "x.pkl").ok());
}

TEST(Writer, RefusesWhatComesTooLateOrTwice) {
    const TempDir dir;
    Writer writer(dir / "x.pkl");
    RowWriter x = writer.array<double>("x", {3});
    x.append(numbers(3));
    EXPECT_EQ(error_of([&] { writer.value("x", 1); }).code(), ErrorCode::usage);
    writer.value("y", 1);
    EXPECT_EQ(error_of([&] { x.append(numbers(1)); }).code(), ErrorCode::usage);
    EXPECT_EQ(error_of([&] { writer.array<double>("z", {}); }).code(), ErrorCode::usage);
    EXPECT_EQ(error_of([&] { writer.array<double>("z", {std::uint64_t{1} << 62, 8}); }).code(), ErrorCode::range);
    writer.close();
    writer.close();
    EXPECT_THAT(error_of([&] { writer.value("z", 1); }).what(), HasSubstr("closed"));
    EXPECT_THAT(error_of([&] { x.append(numbers(1)); }).what(), HasSubstr("closed"));
    EXPECT_EQ(load(dir / "x.pkl")["y"].as<int>(), 1);
}

TEST(Writer, WithoutCloseNothingIsLeftAndTheOldFileStays) {
    const TempDir dir;
    write_file(dir / "x.pkl", "old");
    {
        Writer writer(dir / "x.pkl");
        RowWriter x = writer.array<double>("x", {unknown});
        x.append(numbers(1'000'000));
        Writer other(dir / "other.pkl");
        other = std::move(writer);
        x.append(numbers(5));
    }
    EXPECT_THAT(dir.names(), ElementsAre("x.pkl"));
    EXPECT_EQ(read_file(dir / "x.pkl"), "old");
}

TEST(Writer, RowsThatOutliveItAreRefused) {
    const TempDir dir;
    auto writer = std::make_unique<Writer>(dir / "x.pkl");
    RowWriter x = writer->array<double>("x", {unknown});
    writer.reset();
    EXPECT_EQ(error_of([&] { x.append(numbers(1)); }).code(), ErrorCode::usage);
}

TEST(Writer, AnErrorOnTheWayEndsIt) {
    FailingSink sink(100'000);
    Writer writer(sink);
    RowWriter x = writer.array<double>("x", {1'000'000});
    EXPECT_THROW(x.append(numbers(500'000)), Injected);
    EXPECT_THAT(error_of([&] { x.append(numbers(1)); }).what(), HasSubstr("failed before"));
    EXPECT_EQ(error_of([&] { writer.close(); }).code(), ErrorCode::usage);
    const TempDir dir;
    Writer values(dir / "x.pkl");
    EXPECT_EQ(error_of([&] { values.value("bad", std::string("\xff")); }).code(), ErrorCode::range);
    EXPECT_EQ(error_of([&] { values.close(); }).code(), ErrorCode::usage);
    EXPECT_THAT(dir.names(), testing::IsEmpty());
}

TEST(Writer, KeepsTheSecretsOfUrls) {
    for (const Error& error : {error_of([] { Writer("gopher://user:secret@127.0.0.1:1/key"); }),
                               error_of([] { Writer("http://user:secret@127.0.0.1:1/key"); }),
                               error_of([] { create_mapped<double>("redis://user:secret@127.0.0.1:1/key", {2}); })}) {
        EXPECT_EQ(error.code(), ErrorCode::unsupported);
        EXPECT_EQ(std::string(error.what()).find("secret"), std::string::npos) << error.what();
    }
}

TEST(Writer, TellsProgress) {
    const TempDir dir;
    std::vector<Progress> told;
    Writer writer(dir / "x.pkl", {.sync = true, .progress = [&](const Progress& p) { told.push_back(p); }});
    writer.array<double>("x", {1000}).append(numbers(1000));
    writer.close();
    ASSERT_FALSE(told.empty());
    EXPECT_EQ(told.back().done, 8'000U);
    EXPECT_TRUE(told.back().finished);
}

TEST(Writer, MemoryIsBoundedWhateverTheSize) {
    const TempDir dir;
    for (const char* name : {"x.pkl", "x.pkl.z"}) {
        const std::uint64_t growth = growth_in_mib([&] {
            Writer writer(dir / name, {.n_threads = 1});
            RowWriter x = writer.array<float>("x", {50'000, 1'000});  // 200 MB
            const std::vector<float> rows(100'000);
            for (int i = 0; i < 500; ++i) x.append(rows);
            writer.close();
        });
        EXPECT_TRUE(instrumented || growth <= 12) << name << ": " << growth;
        EXPECT_TRUE(verify(dir / name).ok());
    }
}

}  // namespace
}  // namespace jl::test
