#include <jl/error.hpp>
#include <jl/http.hpp>
#include <jl/url.hpp>

#include "io/remote/http_ranges.hpp"
#include "io/remote/http_reader.hpp"
#include "io/remote/not_built_in.hpp"
#include "io/remote/url_parts.hpp"

namespace jl {

#ifdef JL_HAS_CURL

namespace {

detail::HttpTarget target_of(std::string url, const HttpOptions& options) {
    std::string shown = shown_url(url);
    const std::string scheme = detail::scheme_of(url);
    if (scheme != "http" && scheme != "https")
        throw Error(ErrorCode::usage, "http:// or https:// is expected").in_file(shown);
    return {std::move(url), std::move(shown), options, std::nullopt};
}

}  // namespace

HttpSource::HttpSource(std::string url, const HttpOptions& options)
    : ranges_(std::make_unique<detail::HttpRanges>(target_of(std::move(url), options))) {}
std::uint64_t HttpSource::size() const { return ranges_->size(); }
void HttpSource::read_at(std::uint64_t offset, std::span<std::byte> into) const { ranges_->read(offset, into); }

HttpStream::HttpStream(std::string url, const HttpOptions& options)
    : reader_(std::make_unique<detail::HttpReader>(target_of(std::move(url), options))) {}
std::size_t HttpStream::read(std::span<std::byte> into) { return reader_->read(into); }
std::optional<std::uint64_t> HttpStream::remaining() { return reader_->remaining(); }

#else

namespace detail {
class HttpRanges {};
class HttpReader {};
}  // namespace detail

HttpSource::HttpSource(std::string url, const HttpOptions&) { detail::fail_not_built_in(url, "CURL"); }
std::uint64_t HttpSource::size() const { return 0; }
void HttpSource::read_at(std::uint64_t, std::span<std::byte>) const {}

HttpStream::HttpStream(std::string url, const HttpOptions&) { detail::fail_not_built_in(url, "CURL"); }
std::size_t HttpStream::read(std::span<std::byte>) { return 0; }
std::optional<std::uint64_t> HttpStream::remaining() { return std::nullopt; }

#endif

HttpSource::HttpSource(HttpSource&&) noexcept = default;
HttpSource& HttpSource::operator=(HttpSource&&) noexcept = default;
HttpSource::~HttpSource() = default;

HttpStream::HttpStream(HttpStream&&) noexcept = default;
HttpStream& HttpStream::operator=(HttpStream&&) noexcept = default;
HttpStream::~HttpStream() = default;

}  // namespace jl
