// One connection to Redis: commands and their answers. Failures are Error{io}, "Redis: …"; they never show passwords.
//
//     RedisConnection redis(place);   redis.ask({"STRLEN", key}).integer();
//     redis.say({"MULTI"});   redis.say({"GET", key});   redis.hear();   redis.hear();     // in one go
//
// One thread at a time. After a failure the connection is of no use.
#pragma once

#ifdef JL_HAS_HIREDIS

#include <cstddef>
#include <cstdint>
#include <hiredis/hiredis.h>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include <jl/redis.hpp>

namespace jl::detail {

// Error{format} where the answer is of another kind than asked for.
class RedisReply {
  public:
    explicit RedisReply(redisReply* reply) noexcept : reply_(reply) {}
    bool is_nil() const noexcept { return reply_->type == REDIS_REPLY_NIL; }
    std::uint64_t integer() const;
    std::string_view text() const;
    std::span<const std::byte> bytes() const;
    // Of an array of one; the Error that it stands for, if it does.
    std::span<const std::byte> only_bytes() const;
    void require_no_errors() const;  // in the array
    std::size_t count() const;       // of the values of an array
    // One of them; nullopt where there is none, or no text.
    std::optional<std::string_view> item(std::size_t index) const;

  private:
    struct Release {
        void operator()(redisReply* reply) const noexcept { ::freeReplyObject(reply); }
    };
    std::unique_ptr<redisReply, Release> reply_;
};

class RedisConnection {
  public:
    explicit RedisConnection(const RedisPlace& place);
    RedisReply ask(std::initializer_list<std::string_view> words) { return say(words), hear(); }
    RedisReply ask(std::span<const std::string_view> words) { return say(words), hear(); }
    void say(std::initializer_list<std::string_view> words) { say(std::span(words.begin(), words.size())); }
    void say(std::span<const std::string_view> words);
    RedisReply hear();
    int descriptor() const noexcept { return context_->fd; }
    bool is_broken() const noexcept { return context_->err != 0; }  // else what failed was a command

  private:
    [[noreturn]] void fail() const;
    struct Release {
        void operator()(redisContext* context) const noexcept { ::redisFree(context); }
    };
    std::unique_ptr<redisContext, Release> context_;
};

inline std::string_view as_text(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace jl::detail

#endif
