// What is SQLite's own: tables, locks, rows that other programs damaged.
#ifdef JL_HAS_SQLITE

#include <filesystem>
#include <gtest/gtest.h>

#include <jl/jl.hpp>
#include <jl/sqlite.hpp>

#include "support/error.hpp"
#include "support/temp_dir.hpp"
#include "support/tool.hpp"

namespace jl {
namespace {

using test::error_of;

class Sqlite : public testing::Test {
  protected:
    std::string url(const std::string& query) const { return "sqlite://" + file() + "?" + query; }
    std::string file() const { return folder_ / "x.db"; }
    void change(const std::string& statement) const {
        const test::ToolResult done = test::run_tool(
            "/usr/bin/python3 -c \"import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); "
            "db.execute(sys.argv[2]); db.commit()\" " +
            test::quoted(file()) + " \"" + statement + "\"");
        ASSERT_EQ(done.status, 0) << done.output;
    }

    test::TempDir folder_;
};

TEST_F(Sqlite, TablesAndKeysAreApart) {
    dump(1, url("key=a"));
    dump(2, url("key=b"));
    dump(3, url("key=a&table=other"));
    EXPECT_EQ(load<int>(url("key=a")), 1);
    EXPECT_EQ(load<int>(url("key=b")), 2);
    EXPECT_EQ(load<int>(url("key=a&table=other")), 3);
    EXPECT_EQ(error_of([&] { (void)load(url("key=a&table=third")); }).code(), ErrorCode::missing);
}

TEST_F(Sqlite, AFileThatIsNotThereIsNotMadeByReading) {
    EXPECT_EQ(error_of([&] { (void)load(url("key=a")); }).code(), ErrorCode::missing);
    EXPECT_FALSE(std::filesystem::exists(file()));
    test::write_file(file(), "this is no database, whatever its name says");
    EXPECT_EQ(error_of([&] { (void)load(url("key=a")); }).code(), ErrorCode::io);
    EXPECT_EQ(error_of([&] { dump(1, url("key=a")); }).code(), ErrorCode::io);
}

TEST_F(Sqlite, WritersWaitForOneAnotherSoLong) {
    dump(1, url("key=a"));
    SqliteSink first(url("key=a"));
    const Error error = error_of([&] { SqliteSink{url("key=b&busy_timeout=50")}; });
    EXPECT_EQ(error.code(), ErrorCode::io);
    EXPECT_NE(std::string(error.what()).find("locked"), std::string::npos) << error.what();
    EXPECT_EQ(load<int>(url("key=a")), 1);
}

TEST_F(Sqlite, PartsThatDoNotFitTogetherAreErrors) {
    const std::vector<double> value(2 << 20);  // 16 MiB: five parts
    dump(value, url("key=a"));
    EXPECT_EQ(SqliteSource(url("key=a")).size() / (4U << 20), 4U);
    change("DELETE FROM jl WHERE part = 2");
    EXPECT_EQ(error_of([&] { (void)load(url("key=a")); }).code(), ErrorCode::format);
    dump(value, url("key=a"));
    change("UPDATE jl SET data = zeroblob(100) WHERE part = 1");
    EXPECT_EQ(error_of([&] { (void)load(url("key=a")); }).code(), ErrorCode::format);
    dump(value, url("key=a"));
    change("UPDATE jl SET version = version + 1 WHERE part = 3");
    EXPECT_EQ(error_of([&] { (void)load(url("key=a")); }).code(), ErrorCode::format);
}

TEST_F(Sqlite, UrlsAreReadByTheirGrammar) {
    const SqlitePlace place = SqlitePlace::from_url("sqlite://some/x.db?key=a%20b&table=t&busy_timeout=7");
    EXPECT_EQ(place.file, "some/x.db");
    EXPECT_EQ(place.key, "a b");
    EXPECT_EQ(place.table, "t");
    EXPECT_EQ(place.busy_timeout, std::chrono::milliseconds(7));
    EXPECT_EQ(SqlitePlace::from_url("sqlite:///some/x.db?key=a").file, "/some/x.db");
    for (const char* const bad : {"sqlite:///x.db", "sqlite:///x.db?key=", "sqlite://?key=a", "sqlite:///x?key=a&k=b",
                                  "sqlite:///x?key=a&busy_timeout=soon"})
        EXPECT_EQ(error_of([&] { (void)SqlitePlace::from_url(bad); }).code(), ErrorCode::usage) << bad;
    EXPECT_EQ(error_of([&] { dump(1, url("key=a&table=x;drop")); }).code(), ErrorCode::usage);
}

}  // namespace
}  // namespace jl

#endif
