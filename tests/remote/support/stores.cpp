#include "remote/support/stores.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <sstream>
#include <stdexcept>

#include "remote/support/s3_server.hpp"
#include "remote/support/server.hpp"
#include "support/temp_dir.hpp"
#include "support/tool.hpp"

namespace jl::test {
namespace {

std::string output_of(const std::string& command) {
    const ToolResult result = run_tool(command);
    if (result.status != 0) throw std::runtime_error(command + ": " + result.output);
    return result.output;
}

std::vector<std::string> sorted_lines(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);)
        if (!line.empty()) lines.push_back(line);
    std::sort(lines.begin(), lines.end());
    return lines;
}

class RedisStore final : public Store {
  public:
    RedisStore()
        : port_(free_port()),
          server_({"redis-server", "--bind", "127.0.0.1", "--port", std::to_string(port_), "--requirepass", "secret",
                   "--save", "", "--appendonly", "no", "--dir", folder_.path()},
                  port_, folder_ / "log") {}
    std::string url(const std::string& key) const override {
        return "redis://:secret@127.0.0.1:" + std::to_string(port_) + "/" + key;
    }
    std::vector<std::string> keys() override { return sorted_lines(output_of(client() + "keys '*'")); }
    std::string bytes(const std::string& key) override {
        output_of(client() + "--raw get " + test::quoted(key) + " | head -c -1 > " + test::quoted(folder_ / "value"));
        return read_file(folder_ / "value");
    }
    void put(const std::string& key, const std::string& bytes) override {
        write_file(folder_ / "value", bytes);
        output_of(client() + "-x set " + test::quoted(key) + " < " + test::quoted(folder_ / "value"));
    }

  private:
    std::string client() const {
        return "redis-cli --no-auth-warning -a secret -h 127.0.0.1 -p " + std::to_string(port_) + " ";
    }
    TempDir folder_;
    std::uint16_t port_;
    Server server_;
};

class SqliteStore final : public Store {
  public:
    std::string url(const std::string& key) const override { return "sqlite://" + folder_ / "x.db" + "?key=" + key; }
    std::vector<std::string> keys() override {
        return sorted_lines(python("for row in db.execute('select distinct key from jl'): print(row[0])", ""));
    }
    std::string bytes(const std::string& key) override {
        python(
            "open(sys.argv[2], 'wb').write(b''.join(r[0] for r in db.execute('select data from jl where key = ? "
            "order by part', (sys.argv[3],))))",
            key);
        return read_file(folder_ / "value");
    }
    void put(const std::string& key, const std::string& bytes) override {
        write_file(folder_ / "value", bytes);
        python(
            "db.execute('create table if not exists jl (key text not null, part integer not null, version integer "
            "not null, data blob not null, unique (key, part))'); db.execute('delete from jl where key = ?', "
            "(sys.argv[3],)); db.execute('insert into jl values (?, 0, abs(random()), ?)', (sys.argv[3], "
            "open(sys.argv[2], 'rb').read())); db.commit()",
            key);
    }

  private:
    std::string python(const std::string& work, const std::string& key) const {
        return output_of("/usr/bin/python3 -c \"import sqlite3, sys; db = sqlite3.connect(sys.argv[1])\n" + work +
                         "\" " + test::quoted(folder_ / "x.db") + " " + test::quoted(folder_ / "value") + " " +
                         test::quoted(key));
    }
    TempDir folder_;
};

#if defined(JL_HAS_CURL) && defined(JL_HAS_CRYPTO)

class S3Store final : public Store {
  public:
    S3Store() { server_.set_environment(); }
    std::string url(const std::string& key) const override { return "s3://bucket/" + key; }
    std::vector<std::string> keys() override { return server_.keys(); }
    std::string bytes(const std::string& key) override { return server_.get(key); }
    void put(const std::string& key, const std::string& bytes) override { server_.put(key, bytes); }

  private:
    S3Server server_;
};

#endif

std::map<std::string, std::unique_ptr<Store>>& stores() {
    static std::map<std::string, std::unique_ptr<Store>> started;
    return started;
}

}  // namespace

std::vector<std::string> store_names() {
    std::vector<std::string> names;
#ifdef JL_HAS_HIREDIS
    names.emplace_back("redis");
#endif
#ifdef JL_HAS_SQLITE
    names.emplace_back("sqlite");
#endif
#if defined(JL_HAS_CURL) && defined(JL_HAS_CRYPTO)
    if (S3Server::is_installed()) names.emplace_back("s3");
#endif
    return names;
}

Store& store_named(const std::string& name) {
    std::unique_ptr<Store>& store = stores()[name];
    if (!store && name == "redis") store = std::make_unique<RedisStore>();
    if (!store && name == "sqlite") store = std::make_unique<SqliteStore>();
#if defined(JL_HAS_CURL) && defined(JL_HAS_CRYPTO)
    if (!store && name == "s3") store = std::make_unique<S3Store>();
#endif
    if (!store) throw std::runtime_error("no such store: " + name);
    return *store;
}

void stop_stores() { stores().clear(); }

}  // namespace jl::test
