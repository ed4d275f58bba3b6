// Values in an SQLite database: a key, and its bytes in rows of a few MiB.
//
//     jl::dump(obj, "sqlite:///var/models.db?key=ridge");      jl::load<T>("sqlite:///var/models.db?key=ridge")
//     jl::SqliteSink sink({.file = "models.db", .key = "ridge"});   jl::dump(obj, sink);   sink.commit();
//
// Table: (key TEXT, part INTEGER, version INTEGER, data BLOB); the value is the data of a key's rows in the order of
// part, for other programs too: SELECT data FROM jl WHERE key = 'ridge' ORDER BY part. A sink is one transaction: other
// writers wait for it, up to `busy_timeout`, and readers too unless the database is in WAL mode, as those that a sink
// makes are. A source reads ranges by incremental blob I/O, each in a transaction of
// its own; a value that was replaced meanwhile is Error{io}, a key or file that is not there Error{missing}.
// SqliteSource is thread-safe. Both need JL_WITH_SQLITE: without it, Error{unsupported}.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include <jl/committed_sink.hpp>
#include <jl/source.hpp>

namespace jl {

struct SqlitePlace {
    std::string file;  // made by a sink where it is not there
    std::string key;
    std::string table = "jl";  // letters, digits, '_'; made by a sink where it is not there
    std::chrono::milliseconds busy_timeout{10'000};

    // sqlite:///absolute/file?key=K or sqlite://relative/file?key=K, with &table=T and &busy_timeout=MILLISECONDS.
    static SqlitePlace from_url(const std::string& url);
};

namespace detail {
class SqliteReader;
class SqliteWriter;
}  // namespace detail

class SqliteSource final : public RandomSource {
  public:
    explicit SqliteSource(const SqlitePlace& place);
    explicit SqliteSource(const std::string& url) : SqliteSource(SqlitePlace::from_url(url)) {}
    SqliteSource(SqliteSource&&) noexcept;
    SqliteSource& operator=(SqliteSource&&) noexcept;
    ~SqliteSource() override;
    std::uint64_t size() const override;
    void read_at(std::uint64_t offset, std::span<std::byte> into) const override;
    bool prefers_long_reads() const override { return true; }

  private:
    std::unique_ptr<detail::SqliteReader> reader_;
};

class SqliteSink final : public CommittedSink {
  public:
    explicit SqliteSink(const SqlitePlace& place);
    explicit SqliteSink(const std::string& url) : SqliteSink(SqlitePlace::from_url(url)) {}
    SqliteSink(SqliteSink&&) noexcept;
    SqliteSink& operator=(SqliteSink&&) noexcept;
    ~SqliteSink() override;
    void write(std::span<const std::byte> bytes) override;
    std::optional<std::uint64_t> position() override;
    void commit() override;

  private:
    std::unique_ptr<detail::SqliteWriter> writer_;
};

}  // namespace jl
