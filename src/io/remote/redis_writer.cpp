#ifdef JL_HAS_HIREDIS

#include "io/remote/redis_writer.hpp"

#include <algorithm>
#include <random>

#include <jl/error.hpp>

#include "io/remote/redis_chunk.hpp"
#include "io/remote/url_parts.hpp"

namespace jl::detail {
namespace {

constexpr std::string_view kept_for = "3600";  // seconds, since the last write

std::string random_digits() {
    std::random_device random;
    return std::to_string((std::uint64_t{random()} << 32U) | random());
}

}  // namespace

RedisWriter::RedisWriter(const RedisPlace& place)
    : place_(place), redis_(place), temporary_(place.key + ".jl-" + random_digits()) {
    if (place.key.empty()) throw Error(ErrorCode::usage, "the key is empty");
    chunk_.reserve(redis_chunk);
}

RedisWriter::~RedisWriter() {
    if (committed_ || sent_ == 0) return;
    try {
        (void)redis_.ask({"DEL", temporary_});
    } catch (...) {  // it expires
    }
}

void RedisWriter::write(std::span<const std::byte> bytes) {
    if (committed_) throw Error(ErrorCode::usage, "the value is committed: nothing can be added to it");
    position_ += bytes.size();
    while (!bytes.empty()) {
        const std::size_t count = std::min(bytes.size(), redis_chunk - chunk_.size());
        chunk_.insert(chunk_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count));
        bytes = bytes.subspan(count);
        if (chunk_.size() == redis_chunk) send_chunk();
    }
}

void RedisWriter::ask_and_keep(std::initializer_list<std::string_view> words) {
    redis_.say(words);
    redis_.say({"EXPIRE", temporary_, kept_for});
    (void)redis_.hear();
    (void)redis_.hear();
}

void RedisWriter::send_chunk() {
    if (!is_list_ && sent_ + chunk_.size() > place_.longest_string) become_list();
    ask_and_keep({is_list_ ? "RPUSH" : "APPEND", temporary_, as_text(chunk_)});
    sent_ += chunk_.size();
    chunk_.clear();
}

// The string so far is passed on, chunk by chunk, to a list under the same name.
void RedisWriter::become_list() {
    is_list_ = true;
    const std::string text = std::exchange(temporary_, place_.key + ".jl-" + random_digits());
    for (std::uint64_t at = 0; at < sent_; at += redis_chunk) {
        const RedisReply part =
            redis_.ask({"GETRANGE", text, std::to_string(at), std::to_string(at + redis_chunk - 1)});
        if (part.bytes().size() != redis_chunk)
            throw Error(ErrorCode::io, "Redis lost a part of the value that was written");
        ask_and_keep({"RPUSH", temporary_, as_text(part.bytes())});
    }
    (void)redis_.ask({"DEL", text});
}

void RedisWriter::commit() {
    if (committed_) throw Error(ErrorCode::usage, "the value is committed already");
    if (!chunk_.empty() || sent_ == 0) send_chunk();
    redis_.say({"MULTI"});
    redis_.say({"PERSIST", temporary_});
    redis_.say({"RENAME", temporary_, place_.key});
    redis_.say({"EXEC"});
    for (int i = 0; i < 3; ++i) (void)redis_.hear();
    redis_.hear().require_no_errors();
    committed_ = true;
}

}  // namespace jl::detail

#endif
