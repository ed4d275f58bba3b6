// A value on its way into Redis: what jl::RedisSink is made of. One thread at a time.
#pragma once

#ifdef JL_HAS_HIREDIS

#include <string>
#include <vector>

#include "io/remote/redis_connection.hpp"

namespace jl::detail {

class RedisWriter {
  public:
    explicit RedisWriter(const RedisPlace& place);
    RedisWriter(const RedisWriter&) = delete;
    RedisWriter& operator=(const RedisWriter&) = delete;
    ~RedisWriter();
    const RedisPlace& place() const noexcept { return place_; }
    std::uint64_t position() const noexcept { return position_; }
    void write(std::span<const std::byte> bytes);
    void commit();

  private:
    void send_chunk();
    void become_list();
    void ask_and_keep(std::initializer_list<std::string_view> words);

    RedisPlace place_;
    RedisConnection redis_;
    std::string temporary_;
    std::vector<std::byte> chunk_;
    std::uint64_t sent_ = 0;
    std::uint64_t position_ = 0;
    bool is_list_ = false;
    bool committed_ = false;
};

}  // namespace jl::detail

#endif
