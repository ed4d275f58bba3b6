#include <algorithm>
#include <charconv>
#include <filesystem>
#include <mutex>
#include <random>
#include <vector>

#include <jl/error.hpp>
#include <jl/sqlite.hpp>

#include "io/range.hpp"
#include "io/remote/not_built_in.hpp"
#include "io/remote/sqlite_database.hpp"
#include "io/remote/url_parts.hpp"

namespace jl {

SqlitePlace SqlitePlace::from_url(const std::string& url) {
    detail::UrlParts parts = detail::split_url(url);
    SqlitePlace place;
    place.file = parts.host + parts.path;
    place.key = take(parts, "key");
    place.table = take(parts, "table", place.table);
    const std::string timeout = take(parts, "busy_timeout", "10000");
    int milliseconds = 0;
    const auto [end, error] = std::from_chars(timeout.data(), timeout.data() + timeout.size(), milliseconds);
    if (parts.scheme != "sqlite" || place.file.empty() || place.key.empty())
        throw Error(ErrorCode::usage, "sqlite:///file?key=K is expected");
    if (error != std::errc() || end != timeout.data() + timeout.size() || milliseconds < 0)
        throw Error(ErrorCode::usage, "busy_timeout is a number of milliseconds, not '" + timeout + "'");
    place.busy_timeout = std::chrono::milliseconds(milliseconds);
    require_all_taken(parts, "key, table and busy_timeout");
    return place;
}

#ifdef JL_HAS_SQLITE

namespace detail {
namespace {

constexpr std::size_t part_bytes = std::size_t{4} << 20;

void require_table_name(const SqlitePlace& place) {
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    };
    if (!place.table.empty() && std::all_of(place.table.begin(), place.table.end(), fits)) return;
    throw Error(ErrorCode::usage, "'" + place.table + "' is no table name: letters, digits and '_' are possible");
}

std::string shown(const SqlitePlace& place) { return place.file + ": key '" + place.key + "'"; }

// Adds file and key to errors on their way out.
template <class Work>
auto in_place(const SqlitePlace& place, Work work) -> decltype(work()) {
    try {
        return work();
    } catch (Error& error) {
        error.in_file(shown(place));
        throw;
    }
}

}  // namespace

class SqliteReader {
  public:
    explicit SqliteReader(const SqlitePlace& place) : place_(place), table_('"' + place.table + '"') {
        in_place(place_, [&] { open(); });
    }
    std::uint64_t size() const noexcept { return size_; }
    void read(std::uint64_t offset, std::span<std::byte> into) {
        in_place(place_, [&] {
            require_range(offset, into.size(), size_);
            while (!into.empty()) {
                const std::uint64_t part = offset / part_, within = offset % part_;
                const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), part_ - within));
                read_part(part, within, into.first(count));
                into = into.subspan(count);
                offset += count;
            }
        });
    }

  private:
    void open();
    void read_part(std::uint64_t part, std::uint64_t offset, std::span<std::byte> into);
    bool has_table() {
        SqliteStatement found = db_->prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?");
        found.bind(1, place_.table);
        return found.step();
    }

    SqlitePlace place_;
    std::string table_;
    std::mutex mutex_;  // guards db_
    std::optional<SqliteDatabase> db_;
    std::int64_t version_ = 0;
    std::uint64_t part_ = 1;  // bytes of each part but the last
    std::uint64_t size_ = 0;
};

void SqliteReader::open() {
    require_table_name(place_);
    const auto missing = [](const char* what) { throw Error(ErrorCode::missing, what); };
    if (!std::filesystem::exists(place_.file)) missing("there is no such database");
    db_.emplace(place_, SqliteDatabase::Access::read);
    if (!has_table()) missing("the database has no such table");
    SqliteStatement facts = db_->prepare(
        "SELECT count(*), min(version), max(version), sum(length(data)), max(length(data)), max(part) FROM " + table_ +
        " WHERE key = ?");
    facts.bind(1, place_.key);
    facts.step();
    const std::int64_t count = facts.integer(0);
    if (count == 0) missing("there is no such key");
    version_ = facts.integer(1);
    size_ = static_cast<std::uint64_t>(facts.integer(3));
    part_ = std::max<std::uint64_t>(static_cast<std::uint64_t>(facts.integer(4)), 1);
    const bool whole = facts.integer(5) == count - 1 && facts.integer(2) == version_ &&
                       (size_ + part_ - 1) / part_ == static_cast<std::uint64_t>(size_ == 0 ? 0 : count);
    if (!whole) throw Error(ErrorCode::format, "the parts of the value do not fit together");
}

void SqliteReader::read_part(std::uint64_t part, std::uint64_t offset, std::span<std::byte> into) {
    const std::lock_guard lock(mutex_);
    SqliteStatement row =
        db_->prepare("SELECT rowid, length(data) FROM " + table_ + " WHERE key = ? AND part = ? AND version = ?");
    row.bind(1, place_.key);
    row.bind(2, static_cast<std::int64_t>(part));
    row.bind(3, version_);
    // The statement is open until the end: row and blob are of one state of the database.
    if (!row.step()) throw Error(ErrorCode::io, "the value was replaced while it was read");
    const auto length = static_cast<std::uint64_t>(row.integer(1));
    if (length > part_ || offset + into.size() > length)
        throw Error(ErrorCode::format, "part " + std::to_string(part) + " of the value has " + std::to_string(length) +
                                           " bytes, " + std::to_string(offset + into.size()) + " are expected");
    db_->read_blob(place_.table, row.integer(0), offset, into);
}

class SqliteWriter {
  public:
    explicit SqliteWriter(const SqlitePlace& place) : place_(place), table_('"' + place.table + '"') {
        in_place(place_, [&] { open(); });
    }
    ~SqliteWriter() {
        // Closing would do the same; what was not committed is as if it had never been.
        if (!committed_ && db_) ::sqlite3_exec(db_->handle(), "ROLLBACK", nullptr, nullptr, nullptr);
    }
    SqliteWriter(const SqliteWriter&) = delete;
    SqliteWriter& operator=(const SqliteWriter&) = delete;

    std::uint64_t position() const noexcept { return position_; }
    void write(std::span<const std::byte> bytes);
    void commit();

  private:
    void open();
    void insert_part();

    SqlitePlace place_;
    std::string table_;
    std::optional<SqliteDatabase> db_;
    std::optional<SqliteStatement> insert_;
    std::vector<std::byte> part_;
    std::int64_t parts_ = 0;
    std::int64_t version_ = 0;
    std::uint64_t position_ = 0;
    bool committed_ = false;
};

void SqliteWriter::open() {
    require_table_name(place_);
    if (place_.key.empty()) throw Error(ErrorCode::usage, "the key is empty");
    std::random_device random;
    version_ = static_cast<std::int64_t>((std::uint64_t{random()} << 31U) | (random() & 0x7FFFFFFFU));
    part_.reserve(part_bytes);
    db_.emplace(place_, SqliteDatabase::Access::write);
    // In a new database readers see the old value while a new one is written.
    const auto is_new = [&] {
        SqliteStatement pages = db_->prepare("PRAGMA page_count");
        return pages.step() && pages.integer(0) == 0;
    };
    if (is_new()) db_->run("PRAGMA journal_mode = WAL");
    db_->run("BEGIN IMMEDIATE");
    db_->run("CREATE TABLE IF NOT EXISTS " + table_ +
             " (key TEXT NOT NULL, part INTEGER NOT NULL, version INTEGER NOT NULL, data BLOB NOT NULL,"
             " UNIQUE (key, part))");
    SqliteStatement remove = db_->prepare("DELETE FROM " + table_ + " WHERE key = ?");
    remove.bind(1, place_.key);
    remove.run();
    insert_.emplace(db_->prepare("INSERT INTO " + table_ + " (key, part, version, data) VALUES (?, ?, ?, ?)"));
}

void SqliteWriter::insert_part() {
    insert_->bind(1, place_.key);
    insert_->bind(2, parts_++);
    insert_->bind(3, version_);
    insert_->bind(4, std::span<const std::byte>(part_));
    insert_->run();
    part_.clear();
}

void SqliteWriter::write(std::span<const std::byte> bytes) {
    in_place(place_, [&] {
        if (committed_) throw Error(ErrorCode::usage, "the value is committed: nothing can be added to it");
        position_ += bytes.size();
        while (!bytes.empty()) {
            const std::size_t count = std::min(bytes.size(), part_bytes - part_.size());
            part_.insert(part_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count));
            bytes = bytes.subspan(count);
            if (part_.size() == part_bytes) insert_part();
        }
    });
}

void SqliteWriter::commit() {
    in_place(place_, [&] {
        if (committed_) throw Error(ErrorCode::usage, "the value is committed already");
        if (!part_.empty() || parts_ == 0) insert_part();
        db_->run("COMMIT");
        committed_ = true;
    });
}

}  // namespace detail

SqliteSource::SqliteSource(const SqlitePlace& place) : reader_(std::make_unique<detail::SqliteReader>(place)) {}
std::uint64_t SqliteSource::size() const { return reader_->size(); }
void SqliteSource::read_at(std::uint64_t offset, std::span<std::byte> into) const { reader_->read(offset, into); }

SqliteSink::SqliteSink(const SqlitePlace& place) : writer_(std::make_unique<detail::SqliteWriter>(place)) {}
void SqliteSink::write(std::span<const std::byte> bytes) { writer_->write(bytes); }
std::optional<std::uint64_t> SqliteSink::position() { return writer_->position(); }
void SqliteSink::commit() { writer_->commit(); }

#else

namespace detail {
class SqliteReader {};
class SqliteWriter {};
}  // namespace detail

SqliteSource::SqliteSource(const SqlitePlace& place) { detail::fail_not_built_in(place.file, "SQLITE"); }
std::uint64_t SqliteSource::size() const { return 0; }
void SqliteSource::read_at(std::uint64_t, std::span<std::byte>) const {}

SqliteSink::SqliteSink(const SqlitePlace& place) { detail::fail_not_built_in(place.file, "SQLITE"); }
void SqliteSink::write(std::span<const std::byte>) {}
std::optional<std::uint64_t> SqliteSink::position() { return std::nullopt; }
void SqliteSink::commit() {}

#endif

SqliteSource::SqliteSource(SqliteSource&&) noexcept = default;
SqliteSource& SqliteSource::operator=(SqliteSource&&) noexcept = default;
SqliteSource::~SqliteSource() = default;

SqliteSink::SqliteSink(SqliteSink&&) noexcept = default;
SqliteSink& SqliteSink::operator=(SqliteSink&&) noexcept = default;
SqliteSink::~SqliteSink() = default;

}  // namespace jl
