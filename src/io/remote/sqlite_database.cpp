#ifdef JL_HAS_SQLITE

#include "io/remote/sqlite_database.hpp"

#include <new>

#include <jl/error.hpp>

namespace jl::detail {
namespace {

[[noreturn]] void fail(sqlite3* db, int code) {
    if (code == SQLITE_NOMEM) throw std::bad_alloc();
    const bool locked = code == SQLITE_BUSY || code == SQLITE_LOCKED;
    throw Error(ErrorCode::io, std::string("SQLite: ") +
                                   (db != nullptr ? ::sqlite3_errmsg(db) : ::sqlite3_errstr(code)) +
                                   (locked ? " (by another program, longer than busy_timeout)" : ""));
}

void check(sqlite3* db, int code) {
    if (code != SQLITE_OK) fail(db, code);
}

}  // namespace

SqliteStatement::SqliteStatement(sqlite3* db, const std::string& text) : db_(db) {
    sqlite3_stmt* statement = nullptr;
    check(db, ::sqlite3_prepare_v2(db, text.c_str(), static_cast<int>(text.size()), &statement, nullptr));
    statement_.reset(statement);
}

void SqliteStatement::bind(int index, std::string_view text) {
    check(db_, ::sqlite3_bind_text64(statement_.get(), index, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void SqliteStatement::bind(int index, std::int64_t number) {
    check(db_, ::sqlite3_bind_int64(statement_.get(), index, number));
}

void SqliteStatement::bind(int index, std::span<const std::byte> bytes) {
    check(db_,
          ::sqlite3_bind_blob64(statement_.get(), index, bytes.empty() ? "" : static_cast<const void*>(bytes.data()),
                                bytes.size(), SQLITE_STATIC));
}

bool SqliteStatement::step() {
    const int code = ::sqlite3_step(statement_.get());
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    ::sqlite3_reset(statement_.get());
    fail(db_, code);
}

void SqliteStatement::run() {
    while (step()) {
    }
    ::sqlite3_reset(statement_.get());
}

SqliteDatabase::SqliteDatabase(const SqlitePlace& place, Access access) {
    const int flags = access == Access::read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    sqlite3* db = nullptr;
    const int code = ::sqlite3_open_v2(place.file.c_str(), &db, flags | SQLITE_OPEN_NOMUTEX, nullptr);
    db_.reset(db);
    check(db, code);
    check(db, ::sqlite3_busy_timeout(db, static_cast<int>(place.busy_timeout.count())));
}

void SqliteDatabase::read_blob(const std::string& table, std::int64_t row, std::uint64_t offset,
                               std::span<std::byte> into) {
    struct CloseBlob {
        void operator()(sqlite3_blob* blob) const noexcept { ::sqlite3_blob_close(blob); }
    };
    sqlite3_blob* opened = nullptr;
    const int code = ::sqlite3_blob_open(handle(), "main", table.c_str(), "data", row, 0, &opened);
    const std::unique_ptr<sqlite3_blob, CloseBlob> blob(opened);
    check(handle(), code);
    check(handle(), ::sqlite3_blob_read(opened, into.data(), static_cast<int>(into.size()), static_cast<int>(offset)));
}

}  // namespace jl::detail

#endif
