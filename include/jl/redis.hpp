// Values in Redis, under one key each, through hiredis.
//
//     jl::dump(obj, "redis://127.0.0.1:6379/model");       jl::load<T>("redis://:password@host/model?db=2")
//     jl::RedisSink sink({.key = "model"});   jl::dump(obj, sink);   sink.commit();
//
// Up to 256 MiB a value is a string, in Python joblib.load(io.BytesIO(r.get("model"))); a longer one, which Redis would
// not take as a string, is a list of strings of 4 MiB: b"".join(r.lrange("model", 0, -1)). A sink fills a key of its
// own, "<key>.jl-<random>", which expires an hour after the last write, and renames it when it is committed. A value
// that is replaced while it is read is Error{io}, a key that is not there Error{missing}; a lost connection is
// Error{io} too. RedisSource is thread-safe. Connections are not encrypted. Both need JL_WITH_HIREDIS: without it,
// Error{unsupported}.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include <jl/committed_sink.hpp>
#include <jl/source.hpp>

namespace jl {

struct RedisPlace {
    std::string host = "127.0.0.1";
    std::uint16_t port = 6379;
    std::string user = {}, password = {};  // no AUTH where the password is empty
    unsigned db = 0;
    std::string key;
    std::chrono::milliseconds timeout{30'000};                // of connecting and of each answer
    std::uint64_t longest_string = std::uint64_t{256} << 20;  // longer values become lists

    // redis://[[user]:password@]host[:port]/key, with ?db=N&timeout=MILLISECONDS.
    static RedisPlace from_url(const std::string& url);
};

namespace detail {
class RedisReader;
class RedisWriter;
}  // namespace detail

class RedisSource final : public RandomSource {
  public:
    explicit RedisSource(const RedisPlace& place);
    explicit RedisSource(const std::string& url) : RedisSource(RedisPlace::from_url(url)) {}
    RedisSource(RedisSource&&) noexcept;
    RedisSource& operator=(RedisSource&&) noexcept;
    ~RedisSource() override;
    std::uint64_t size() const override;
    void read_at(std::uint64_t offset, std::span<std::byte> into) const override;
    bool prefers_long_reads() const override { return true; }

  private:
    std::unique_ptr<detail::RedisReader> reader_;
};

class RedisSink final : public CommittedSink {
  public:
    explicit RedisSink(const RedisPlace& place);
    explicit RedisSink(const std::string& url) : RedisSink(RedisPlace::from_url(url)) {}
    RedisSink(RedisSink&&) noexcept;
    RedisSink& operator=(RedisSink&&) noexcept;
    ~RedisSink() override;
    void write(std::span<const std::byte> bytes) override;
    std::optional<std::uint64_t> position() override;
    void commit() override;

  private:
    std::unique_ptr<detail::RedisWriter> writer_;
};

}  // namespace jl
