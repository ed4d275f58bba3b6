#ifdef JL_HAS_HIREDIS

#include "io/remote/redis_connection.hpp"

#include <fcntl.h>
#include <new>
#include <string>
#include <vector>

#include <jl/error.hpp>

#include "io/remote/no_sigpipe.hpp"

namespace jl::detail {
namespace {

timeval as_timeval(std::chrono::milliseconds time) {
    return {static_cast<time_t>(time.count() / 1000), static_cast<suseconds_t>(time.count() % 1000) * 1000};
}

std::string_view text_of(const redisReply& reply) { return {reply.str, reply.len}; }

[[noreturn]] void fail_reply(const redisReply& reply) {
    throw Error(ErrorCode::io, "Redis: " + std::string(text_of(reply).substr(0, 200)));
}

void require(const redisReply& reply, int type, const char* what) {
    if (reply.type == REDIS_REPLY_ERROR) fail_reply(reply);
    if (reply.type != type)
        throw Error(ErrorCode::format, std::string("Redis answers with something else than ") + what);
}

std::span<const std::byte> bytes_of(const redisReply& reply) {
    require(reply, REDIS_REPLY_STRING, "bytes");
    return {reinterpret_cast<const std::byte*>(reply.str), reply.len};
}

}  // namespace

std::uint64_t RedisReply::integer() const {
    require(*reply_, REDIS_REPLY_INTEGER, "a number");
    return static_cast<std::uint64_t>(reply_->integer);
}

std::string_view RedisReply::text() const {
    require(*reply_, REDIS_REPLY_STATUS, "a word");
    return text_of(*reply_);
}

std::span<const std::byte> RedisReply::bytes() const { return bytes_of(*reply_); }

std::span<const std::byte> RedisReply::only_bytes() const {
    require(*reply_, REDIS_REPLY_ARRAY, "a transaction's answers");
    if (reply_->elements != 1) throw Error(ErrorCode::format, "Redis answers with another number of values");
    if (reply_->element[0]->type == REDIS_REPLY_NIL) return {};
    return bytes_of(*reply_->element[0]);
}

void RedisReply::require_no_errors() const {
    require(*reply_, REDIS_REPLY_ARRAY, "a transaction's answers");
    for (std::size_t i = 0; i < reply_->elements; ++i)
        if (reply_->element[i]->type == REDIS_REPLY_ERROR) fail_reply(*reply_->element[i]);
}

std::size_t RedisReply::count() const {
    require(*reply_, REDIS_REPLY_ARRAY, "several values");
    return reply_->elements;
}

std::optional<std::string_view> RedisReply::item(std::size_t index) const {
    if (index >= count() || reply_->element[index]->type != REDIS_REPLY_STRING) return std::nullopt;
    return text_of(*reply_->element[index]);
}

RedisConnection::RedisConnection(const RedisPlace& place)
    : context_(::redisConnectWithTimeout(place.host.c_str(), place.port, as_timeval(place.timeout))) {
    if (!context_) throw std::bad_alloc();
    if (context_->err != 0) fail();
    (void)::fcntl(context_->fd, F_SETFD, FD_CLOEXEC);  // no other program keeps it open
    if (::redisSetTimeout(context_.get(), as_timeval(place.timeout)) != REDIS_OK) fail();
    if (!place.password.empty()) {
        if (place.user.empty())
            (void)ask({"AUTH", place.password}).text();
        else
            (void)ask({"AUTH", place.user, place.password}).text();
    }
    if (place.db != 0) (void)ask({"SELECT", std::to_string(place.db)}).text();
}

void RedisConnection::fail() const {
    if (context_->err == REDIS_ERR_OOM) throw std::bad_alloc();
    const std::string_view reason = context_->errstr;
    const bool slow = reason.find("Resource temporarily unavailable") != std::string_view::npos;
    throw Error(ErrorCode::io, "Redis: " + (slow ? std::string("no answer within the timeout") : std::string(reason)));
}

void RedisConnection::say(std::span<const std::string_view> words) {
    std::vector<const char*> data;
    std::vector<std::size_t> sizes;
    for (const std::string_view word : words) {
        data.push_back(word.data());
        sizes.push_back(word.size());
    }
    const auto count = static_cast<int>(words.size());
    if (::redisAppendCommandArgv(context_.get(), count, data.data(), sizes.data()) != REDIS_OK) fail();
}

RedisReply RedisConnection::hear() {
    const NoSigpipe guard;
    void* reply = nullptr;
    if (::redisGetReply(context_.get(), &reply) != REDIS_OK) fail();
    RedisReply answer(static_cast<redisReply*>(reply));
    if (const auto* const said = static_cast<const redisReply*>(reply); said->type == REDIS_REPLY_ERROR)
        fail_reply(*said);
    return answer;
}

}  // namespace jl::detail

#endif
