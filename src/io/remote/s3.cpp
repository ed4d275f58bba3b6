#include <algorithm>
#include <cstdlib>
#include <initializer_list>

#include <jl/error.hpp>
#include <jl/s3.hpp>
#include <jl/url.hpp>

#include "io/remote/http_ranges.hpp"
#include "io/remote/http_reader.hpp"
#include "io/remote/not_built_in.hpp"
#include "io/remote/s3_bucket.hpp"
#include "io/remote/s3_writer.hpp"
#include "io/remote/url_parts.hpp"

namespace jl {
namespace {

std::string shown(const S3Place& place) { return "s3://" + place.bucket + "/" + place.key; }

// Adds the object to errors on their way out.
template <class Work>
auto named(const std::string& name, Work work) -> decltype(work()) {
    try {
        return work();
    } catch (Error& error) {
        error.in_file(name);
        throw;
    }
}

}  // namespace

S3Place S3Place::from_url(const std::string& url) {
    return named(shown_url(url), [&] {
        detail::UrlParts parts = detail::split_url(url);
        if (!parts.user.empty() || !parts.password.empty())
            throw Error(ErrorCode::usage, "credentials are for the environment or jl::S3Place, not for an s3 URL");
        if (parts.scheme != "s3" || parts.host.empty() || parts.port != 0 || parts.path.size() < 2)
            throw Error(ErrorCode::usage, "s3://bucket/key is expected");
        S3Place place{.bucket = parts.host, .key = parts.path.substr(1)};
        place.region = take(parts, "region");
        require_all_taken(parts, "region");
        return place;
    });
}

#if defined(JL_HAS_CURL) && defined(JL_HAS_CRYPTO)

namespace {

constexpr unsigned most_connections = 64;
constexpr std::size_t shortest_part = std::size_t{5} << 20, longest_part = std::size_t{1} << 30;

std::string from_environment(std::initializer_list<const char*> names) {
    for (const char* const name : names)
        if (const char* const value = std::getenv(name); value != nullptr && *value != '\0') return value;
    return {};
}

// Where the value goes into a header or a host's name.
void require_only(const std::string& value, std::string_view others, const char* what) {
    const bool fine = std::all_of(value.begin(), value.end(), [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               others.find(c) != std::string_view::npos;
    });
    if (!fine || value.empty()) throw Error(ErrorCode::usage, std::string(what) + " has characters that none can have");
}

std::string region_of(const S3Place& place) {
    std::string region = place.region.empty() ? from_environment({"AWS_REGION", "AWS_DEFAULT_REGION"}) : place.region;
    if (region.empty()) region = "us-east-1";
    require_only(region, "-_", "the region");
    return region;
}

// What is no custom endpoint is Amazon's, where the bucket is a part of the host's name unless it has dots.
std::string url_of(const S3Place& place, const std::string& region) {
    require_only(place.bucket, ".-_", "the bucket's name");
    if (place.bucket == "." || place.bucket == "..")
        throw Error(ErrorCode::usage, "a bucket '.' or '..' is lost on the way, and the key taken for another's");
    const std::string key = "/" + detail::percent_encoded(place.key, "/");
    for (const std::string_view part : {"/./", "/../"})
        if ((key + "/").find(part) != std::string::npos)
            throw Error(ErrorCode::usage, "a key with '.' or '..' between slashes is lost on the way");
    std::string endpoint = place.endpoint;
    if (endpoint.empty()) endpoint = from_environment({"AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"});
    while (endpoint.ends_with('/')) endpoint.pop_back();
    if (endpoint.empty()) {
        const std::string amazon = "s3." + region + ".amazonaws.com" + (region.starts_with("cn-") ? ".cn" : "");
        if (place.bucket.find('.') == std::string::npos) return "https://" + place.bucket + "." + amazon + key;
        endpoint = "https://" + amazon;
    }
    const std::string scheme = detail::scheme_of(endpoint);
    if ((scheme != "http" && scheme != "https") || endpoint.find_first_of("?#@ \t\r\n") != std::string::npos)
        throw Error(ErrorCode::usage, "the endpoint is https://host[:port], or http:// where nobody listens");
    return endpoint + "/" + place.bucket + key;
}

std::optional<detail::AwsCredentials> credentials_of(const S3Place& place, const std::string& region) {
    detail::AwsCredentials found{region, place.key_id, place.secret, place.session_token};
    if (found.key_id.empty() && !found.session_token.empty())
        throw Error(ErrorCode::usage, "a session token needs its key id and secret");
    if (found.key_id.empty() && found.secret.empty())
        found = {region, from_environment({"AWS_ACCESS_KEY_ID"}), from_environment({"AWS_SECRET_ACCESS_KEY"}),
                 from_environment({"AWS_SESSION_TOKEN"})};
    if (found.key_id.empty() && found.secret.empty()) return std::nullopt;
    if (found.key_id.empty() || found.secret.empty())
        throw Error(ErrorCode::usage, "a key id needs its secret, and a secret its key id: one of them is missing");
    require_only(found.key_id, "._-+/=", "the key id");
    if (!found.session_token.empty()) require_only(found.session_token, "._-+/=:", "the session token");
    return found;
}

detail::HttpTarget target_of(const S3Place& place) {
    if (place.key.empty()) throw Error(ErrorCode::usage, "the key is empty");
    return detail::s3_target(place);
}

detail::HttpTarget target_of_sink(const S3Place& place) {
    if (place.part_bytes < shortest_part || place.part_bytes > longest_part)
        throw Error(ErrorCode::usage, "a part has 5 MiB to 1 GiB, not " + std::to_string(place.part_bytes) + " bytes");
    if (place.connections == 0 || place.connections > most_connections)
        throw Error(ErrorCode::usage, "parts are sent over 1 to " + std::to_string(most_connections) +
                                          " connections, not " + std::to_string(place.connections));
    return target_of(place);
}

}  // namespace

detail::HttpTarget detail::s3_target(const S3Place& place) {
    const std::string region = region_of(place);
    return {url_of(place, region), shown(place), place.http, credentials_of(place, region)};
}

S3Source::S3Source(const S3Place& place)
    : ranges_(named(shown(place), [&] { return std::make_unique<detail::HttpRanges>(target_of(place)); })) {}
std::uint64_t S3Source::size() const { return ranges_->size(); }
void S3Source::read_at(std::uint64_t offset, std::span<std::byte> into) const { ranges_->read(offset, into); }

S3Stream::S3Stream(const S3Place& place)
    : reader_(named(shown(place), [&] { return std::make_unique<detail::HttpReader>(target_of(place)); })) {}
std::size_t S3Stream::read(std::span<std::byte> into) { return reader_->read(into); }
std::optional<std::uint64_t> S3Stream::remaining() { return reader_->remaining(); }

S3Sink::S3Sink(const S3Place& place)
    : writer_(named(shown(place), [&] {
          return std::make_unique<detail::S3Writer>(target_of_sink(place), place.part_bytes, place.connections);
      })) {}
void S3Sink::write(std::span<const std::byte> bytes) {
    named(writer_->shown(), [&] { writer_->write(bytes); });
}
std::optional<std::uint64_t> S3Sink::position() { return writer_->position(); }
void S3Sink::commit() {
    named(writer_->shown(), [&] { writer_->commit(); });
}

#else

namespace {

[[noreturn]] void fail_not_built_in(const S3Place& place) {
#ifdef JL_HAS_CURL
    detail::fail_not_built_in(shown(place), "CRYPTO");
#else
    detail::fail_not_built_in(shown(place), "CURL");
#endif
}

}  // namespace

#ifndef JL_HAS_CURL
namespace detail {
class HttpRanges {};
class HttpReader {};
class S3Writer {};
}  // namespace detail
#endif

S3Source::S3Source(const S3Place& place) { fail_not_built_in(place); }
std::uint64_t S3Source::size() const { return 0; }
void S3Source::read_at(std::uint64_t, std::span<std::byte>) const {}

S3Stream::S3Stream(const S3Place& place) { fail_not_built_in(place); }
std::size_t S3Stream::read(std::span<std::byte>) { return 0; }
std::optional<std::uint64_t> S3Stream::remaining() { return std::nullopt; }

S3Sink::S3Sink(const S3Place& place) { fail_not_built_in(place); }
void S3Sink::write(std::span<const std::byte>) {}
std::optional<std::uint64_t> S3Sink::position() { return std::nullopt; }
void S3Sink::commit() {}

#endif

S3Source::S3Source(S3Source&&) noexcept = default;
S3Source& S3Source::operator=(S3Source&&) noexcept = default;
S3Source::~S3Source() = default;

S3Stream::S3Stream(S3Stream&&) noexcept = default;
S3Stream& S3Stream::operator=(S3Stream&&) noexcept = default;
S3Stream::~S3Stream() = default;

S3Sink::S3Sink(S3Sink&&) noexcept = default;
S3Sink& S3Sink::operator=(S3Sink&&) noexcept = default;
S3Sink::~S3Sink() = default;

}  // namespace jl
