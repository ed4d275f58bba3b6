#ifdef JL_HAS_HIREDIS

#include "io/remote/redis_reader.hpp"

#include <algorithm>
#include <cstring>

#include <jl/error.hpp>

#include "io/remote/redis_chunk.hpp"

namespace jl::detail {

RedisReader::RedisReader(const RedisPlace& place) : place_(place), redis_(place), windows_(find()) {}

std::uint64_t RedisReader::find() {
    (void)redis_.ask({"WATCH", place_.key});
    const RedisReply answer = redis_.ask({"TYPE", place_.key});
    const std::string type(answer.text());
    if (type == "none") throw Error(ErrorCode::missing, "there is no such key");
    if (type == "string") return redis_.ask({"STRLEN", place_.key}).integer();
    if (type == "list") return find_list();
    throw Error(ErrorCode::type, "the value is a " + type + " of Redis, no string");
}

std::uint64_t RedisReader::find_list() {
    const std::uint64_t count = redis_.ask({"LLEN", place_.key}).integer();
    const std::uint64_t first = redis_.ask({"LINDEX", place_.key, "0"}).bytes().size();
    const std::uint64_t last = redis_.ask({"LINDEX", place_.key, "-1"}).bytes().size();
    if (first == 0 || last == 0 || last > first || count > (std::uint64_t{1} << 62) / first)
        throw Error(ErrorCode::format, "the value is a list of other things than parts of one length");
    element_bytes_ = first;
    return (count - 1) * first + last;
}

void RedisReader::read(std::uint64_t offset, std::span<std::byte> into) {
    windows_.read(offset, into, [this](std::uint64_t at, std::span<std::byte> part) { fetch(at, part); });
}

// The transaction ends the watch; the next one begins in the same breath.
RedisReply RedisReader::ask_unchanged(std::initializer_list<std::string_view> words) {
    redis_.say({"MULTI"});
    redis_.say(words);
    redis_.say({"EXEC"});
    redis_.say({"WATCH", place_.key});
    (void)redis_.hear();
    (void)redis_.hear();
    RedisReply answer = redis_.hear();
    (void)redis_.hear();
    if (answer.is_nil()) throw Error(ErrorCode::io, "the value was replaced while it was read");
    return answer;
}

std::span<const std::byte> RedisReader::element(std::uint64_t index) {
    if (index != last_index_) {
        const RedisReply answer = ask_unchanged({"LINDEX", place_.key, std::to_string(index)});
        const auto bytes = answer.only_bytes();
        const std::uint64_t expected = std::min(element_bytes_, size() - index * element_bytes_);
        if (bytes.size() != expected)
            throw Error(ErrorCode::format, "part " + std::to_string(index) + " of the value has " +
                                               std::to_string(bytes.size()) + " bytes, " + std::to_string(expected) +
                                               " are expected");
        last_.assign(bytes.begin(), bytes.end());
        last_index_ = index;
    }
    return last_;
}

void RedisReader::fetch(std::uint64_t offset, std::span<std::byte> into) {
    const std::lock_guard lock(mutex_);
    while (!into.empty()) {
        std::size_t count = 0;
        if (element_bytes_ > 0) {
            const auto bytes =
                element(offset / element_bytes_).subspan(static_cast<std::size_t>(offset % element_bytes_));
            count = std::min(into.size(), bytes.size());
            std::memcpy(into.data(), bytes.data(), count);
        } else {
            count = std::min(into.size(), redis_chunk);
            const RedisReply answer =
                ask_unchanged({"GETRANGE", place_.key, std::to_string(offset), std::to_string(offset + count - 1)});
            const auto bytes = answer.only_bytes();
            if (bytes.size() != count)
                throw Error(ErrorCode::io, "Redis gives " + std::to_string(bytes.size()) + " bytes of the " +
                                               std::to_string(count) + " that were asked for");
            std::memcpy(into.data(), bytes.data(), count);
        }
        into = into.subspan(count);
        offset += count;
    }
}

}  // namespace jl::detail

#endif
