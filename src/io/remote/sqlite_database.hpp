// A connection to an SQLite database and its statements; failures are Error{io} naming the file.
//
//     SqliteDatabase db(place, SqliteDatabase::Access::read);
//     SqliteStatement rows = db.prepare("SELECT data FROM jl WHERE key = ?");   rows.bind(1, key);   while
//     (rows.step()) …
//
// One thread at a time.
#pragma once

#ifdef JL_HAS_SQLITE

#include <cstdint>
#include <memory>
#include <span>
#include <sqlite3.h>
#include <string>
#include <string_view>

#include <jl/sqlite.hpp>

namespace jl::detail {

class SqliteStatement {
  public:
    SqliteStatement(sqlite3* db, const std::string& text);
    // What is bound must stay until the statement has stepped.
    void bind(int index, std::string_view text);
    void bind(int index, std::int64_t number);
    void bind(int index, std::span<const std::byte> bytes);
    bool step();  // whether there is a row
    void run();   // to the end, and ready to be bound again
    std::int64_t integer(int column) const { return ::sqlite3_column_int64(statement_.get(), column); }
    bool is_null(int column) const { return ::sqlite3_column_type(statement_.get(), column) == SQLITE_NULL; }

  private:
    struct Release {
        void operator()(sqlite3_stmt* statement) const noexcept { ::sqlite3_finalize(statement); }
    };
    sqlite3* db_;
    std::unique_ptr<sqlite3_stmt, Release> statement_;
};

class SqliteDatabase {
  public:
    enum class Access { read, write };
    SqliteDatabase(const SqlitePlace& place, Access access);
    SqliteStatement prepare(const std::string& text) { return {db_.get(), text}; }
    void run(const std::string& text) { prepare(text).run(); }
    // Bytes [offset, offset + into.size()) of the blob `data` in a row; the caller has compared them with its length.
    void read_blob(const std::string& table, std::int64_t row, std::uint64_t offset, std::span<std::byte> into);
    sqlite3* handle() const noexcept { return db_.get(); }

  private:
    struct Close {
        void operator()(sqlite3* db) const noexcept { ::sqlite3_close_v2(db); }
    };
    std::unique_ptr<sqlite3, Close> db_;
};

}  // namespace jl::detail

#endif
