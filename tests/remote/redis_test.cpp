// What is Redis' own: long values, passwords, databases, servers that go away.
#ifdef JL_HAS_HIREDIS

#include <gtest/gtest.h>
#include <map>
#include <optional>

#include <jl/jl.hpp>
#include <jl/redis.hpp>
#include <jl/url.hpp>

#include "remote/support/server.hpp"
#include "support/error.hpp"
#include "support/temp_dir.hpp"
#include "support/tool.hpp"

namespace jl {
namespace {

using test::error_of;

class Redis : public testing::Test {
  protected:
    RedisPlace place(const std::string& key) const {
        RedisPlace made;
        made.port = server_.port();
        made.key = key;
        made.timeout = std::chrono::milliseconds(2000);
        return made;
    }
    std::string client(const std::string& command) const {
        return test::run_tool("redis-cli -p " + std::to_string(server_.port()) + " " + command).output;
    }

    test::TempDir folder_;
    std::uint16_t port_ = test::free_port();
    test::Server server_{{"redis-server", "--bind", "127.0.0.1", "--port", std::to_string(port_), "--save", "", "--dir",
                          folder_.path(), "--proto-max-bulk-len", "16mb"},
                         port_,
                         folder_ / "log"};
};

TEST_F(Redis, ValuesTooLongForAStringAreLists) {
    std::vector<double> expected(3 << 20);  // 24 MiB, in a server that takes strings of 16
    for (std::size_t i = 0; i < expected.size(); ++i) expected[i] = static_cast<double>(i);
    RedisPlace long_place = place("long");
    long_place.longest_string = std::uint64_t{9} << 20;
    RedisSink sink(long_place);
    dump(std::map<std::string, std::vector<double>>{{"x", expected}}, sink);
    sink.commit();
    EXPECT_EQ(client("type long"), "list\n");
    EXPECT_EQ(client("llen long"), "7\n");
    EXPECT_EQ(client("ttl long"), "-1\n");
    EXPECT_EQ(client("dbsize"), "1\n");
    const auto source = std::make_shared<RedisSource>(long_place);
    EXPECT_EQ((load<std::map<std::string, std::vector<double>>>(source).at("x")), expected);
    const Array<double> slice = File(source).slice<double>("x", 1'000'000, 1'000'010);
    EXPECT_EQ(slice.data()[9], 1'000'009.0);
    const std::string url = "redis://127.0.0.1:" + std::to_string(port_) + "/long";
    EXPECT_EQ((load<std::map<std::string, std::vector<double>>>(url).at("x")), expected);
}

TEST_F(Redis, AValueThatRedisRefusesLeavesNothing) {
    RedisSink sink(place("refused"));  // as a string, up to 256 MiB
    const std::vector<std::byte> piece(std::size_t{24} << 20);
    const Error error = error_of([&] { sink.write(piece); });
    EXPECT_EQ(error.code(), ErrorCode::io);
    EXPECT_NE(std::string(error.what()).find("exceeds maximum allowed size"), std::string::npos) << error.what();
}

TEST_F(Redis, TemporaryKeysExpire) {
    RedisSink sink(place("slow"));
    sink.write(std::vector<std::byte>(std::size_t{5} << 20));
    const std::string key = client("keys '*'");
    EXPECT_TRUE(key.starts_with("slow.jl-")) << key;
    EXPECT_NE(client("ttl " + key.substr(0, key.size() - 1)), "-1\n");
}

TEST_F(Redis, DatabasesAreApart) {
    const std::string url = "redis://127.0.0.1:" + std::to_string(port_) + "/k";
    dump(1, url);
    dump(2, url + "?db=3");
    EXPECT_EQ(load<int>(url), 1);
    EXPECT_EQ(load<int>(url + "?db=3&timeout=1000"), 2);
}

TEST_F(Redis, OtherKindsOfValuesAreRefused) {
    client("hset h a b");
    EXPECT_EQ(error_of([&] { RedisSource{place("h")}; }).code(), ErrorCode::type);
    client("rpush l abc de fghij");
    EXPECT_EQ(error_of([&] { RedisSource{place("l")}; }).code(), ErrorCode::format);
    client("rpush m abc de fgh");
    const RedisSource odd(place("m"));
    std::byte piece[9];
    EXPECT_EQ(error_of([&] { odd.read_at(0, piece); }).code(), ErrorCode::format);
}

TEST_F(Redis, PasswordsStayOutOfMessages) {
    client("config set requirepass right");
    const std::string host = "127.0.0.1:" + std::to_string(port_);
    dump(1, "redis://:right@" + host + "/k");
    for (const std::string user : {"", "someone"}) {
        const Error error = error_of([&] { (void)load("redis://" + user + ":wrong-word@" + host + "/k"); });
        EXPECT_EQ(error.code(), ErrorCode::io);
        EXPECT_EQ(std::string(error.what()).find("wrong-word"), std::string::npos) << error.what();
    }
}

TEST_F(Redis, AServerThatGoesAwayIsAnError) {
    RedisSink sink(place("k"));
    sink.write(std::vector<std::byte>(std::size_t{5} << 20));
    std::optional<RedisSource> source;
    dump(std::vector<double>(1 << 20), "redis://127.0.0.1:" + std::to_string(port_) + "/there");
    source.emplace(place("there"));
    server_.stop();
    std::vector<std::byte> piece(std::size_t{5} << 20);
    EXPECT_EQ(error_of([&] { sink.write(piece); }).code(), ErrorCode::io);
    EXPECT_EQ(error_of([&] { source->read_at(0, piece); }).code(), ErrorCode::io);
    EXPECT_EQ(error_of([&] { RedisSource{place("k")}; }).code(), ErrorCode::io);
}

TEST(RedisUrl, IsReadByItsGrammar) {
    const RedisPlace place = RedisPlace::from_url("redis://me:se%40cret@host:7000/a/b%20c?db=2&timeout=5");
    EXPECT_EQ(place.host, "host");
    EXPECT_EQ(place.port, 7000);
    EXPECT_EQ(place.user, "me");
    EXPECT_EQ(place.password, "se@cret");
    EXPECT_EQ(place.key, "a/b c");
    EXPECT_EQ(place.db, 2U);
    EXPECT_EQ(place.timeout, std::chrono::milliseconds(5));
    for (const char* const bad :
         {"redis://host", "redis://host/", "redis:///key", "redis://host:0/k", "redis://host:x/k",
          "redis://host/k?db=x", "redis://host/k?colour=red", "redis://host/%zz"})
        EXPECT_EQ(error_of([&] { (void)RedisPlace::from_url(bad); }).code(), ErrorCode::usage) << bad;
}

}  // namespace
}  // namespace jl

#endif
