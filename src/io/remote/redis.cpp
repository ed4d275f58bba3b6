#include <charconv>

#include <jl/error.hpp>
#include <jl/redis.hpp>

#include "io/remote/not_built_in.hpp"
#include "io/remote/redis_reader.hpp"
#include "io/remote/redis_writer.hpp"
#include "io/remote/url_parts.hpp"

namespace jl {
namespace {

unsigned number_in(const std::string& text, const char* what) {
    unsigned number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc() && end == text.data() + text.size()) return number;
    throw Error(ErrorCode::usage, std::string(what) + " is a number, not '" + text + "'");
}

}  // namespace

RedisPlace RedisPlace::from_url(const std::string& url) {
    detail::UrlParts parts = detail::split_url(url);
    if (parts.scheme != "redis" || parts.host.empty() || parts.path.size() < 2)
        throw Error(ErrorCode::usage, "redis://host/key is expected").in_file(shown_url(url));
    RedisPlace place;
    place.host = parts.host;
    if (parts.port != 0) place.port = parts.port;
    place.user = parts.user;
    place.password = parts.password;
    place.key = parts.path.substr(1);
    place.db = number_in(take(parts, "db", "0"), "db");
    place.timeout = std::chrono::milliseconds(number_in(take(parts, "timeout", "30000"), "timeout"));
    require_all_taken(parts, "db and timeout");
    return place;
}

#ifdef JL_HAS_HIREDIS

namespace {

std::string shown(const RedisPlace& place) {
    return "redis://" + place.host + ":" + std::to_string(place.port) + "/" + place.key;
}

// Adds the place to errors on their way out.
template <class Work>
auto in_place(const std::string& name, Work work) -> decltype(work()) {
    try {
        return work();
    } catch (Error& error) {
        error.in_file(name);
        throw;
    }
}

}  // namespace

RedisSource::RedisSource(const RedisPlace& place)
    : reader_(in_place(shown(place), [&] { return std::make_unique<detail::RedisReader>(place); })) {}
std::uint64_t RedisSource::size() const { return reader_->size(); }
void RedisSource::read_at(std::uint64_t offset, std::span<std::byte> into) const {
    in_place(shown(reader_->place()), [&] { reader_->read(offset, into); });
}

RedisSink::RedisSink(const RedisPlace& place)
    : writer_(in_place(shown(place), [&] { return std::make_unique<detail::RedisWriter>(place); })) {}
void RedisSink::write(std::span<const std::byte> bytes) {
    in_place(shown(writer_->place()), [&] { writer_->write(bytes); });
}
std::optional<std::uint64_t> RedisSink::position() { return writer_->position(); }
void RedisSink::commit() {
    in_place(shown(writer_->place()), [&] { writer_->commit(); });
}

#else

namespace detail {
class RedisReader {};
class RedisWriter {};
}  // namespace detail

RedisSource::RedisSource(const RedisPlace&) { detail::fail_not_built_in("redis://", "HIREDIS"); }
std::uint64_t RedisSource::size() const { return 0; }
void RedisSource::read_at(std::uint64_t, std::span<std::byte>) const {}

RedisSink::RedisSink(const RedisPlace&) { detail::fail_not_built_in("redis://", "HIREDIS"); }
void RedisSink::write(std::span<const std::byte>) {}
std::optional<std::uint64_t> RedisSink::position() { return std::nullopt; }
void RedisSink::commit() {}

#endif

RedisSource::RedisSource(RedisSource&&) noexcept = default;
RedisSource& RedisSource::operator=(RedisSource&&) noexcept = default;
RedisSource::~RedisSource() = default;

RedisSink::RedisSink(RedisSink&&) noexcept = default;
RedisSink& RedisSink::operator=(RedisSink&&) noexcept = default;
RedisSink::~RedisSink() = default;

}  // namespace jl
