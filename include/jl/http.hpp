// Files on web servers, by range or in order, through libcurl.
//
//     auto source = std::make_shared<jl::HttpSource>("https://host/x.pkl", jl::HttpOptions{.retries = 8});
//     jl::File file(source);   auto rows = file.slice<float>("x", 100, 200);
//
//     jl::HttpStream stream("https://host/x.pkl.gz");   auto x = jl::load<X>(stream);
//
// Certificates are verified. What may pass (connections refused or lost, 408, 429, 500, 502, 503, 504) is tried again
// with growing pauses; a range that lies, a file that changes while it is read and what is left after the last retry
// are Error{io}, 404 is Error{missing}. HttpSource is thread-safe, HttpStream is for one thread. Both need
// JL_WITH_CURL: without it, Error{unsupported}.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include <jl/source.hpp>

namespace jl {

struct HttpOptions {
    std::chrono::milliseconds connect_timeout{10'000};
    std::chrono::seconds stall_timeout{30};           // fewer than 100 bytes a second for so long are a lost connection
    unsigned retries = 4;                             // one after the other without progress
    std::chrono::milliseconds backoff{250};           // before the first retry; doubled each time, up to 10 s
    unsigned redirects = 5;                           // followed, never from https to http
    std::string ca_file = {};                         // PEM; empty: $SSL_CERT_FILE, else the system's
    std::vector<std::string> headers = {};            // "Authorization: Bearer …"; others also go where it redirects
    std::size_t tail_bytes = std::size_t{128} << 10;  // HttpSource: what the first request brings, the end of the file
};

namespace detail {
class HttpRanges;
class HttpReader;
}  // namespace detail

// The server must know ranges, else Error{unsupported}. Small reads bring what lies around them, too.
class HttpSource final : public RandomSource {
  public:
    explicit HttpSource(std::string url, const HttpOptions& options = {});
    HttpSource(HttpSource&&) noexcept;
    HttpSource& operator=(HttpSource&&) noexcept;
    ~HttpSource() override;
    std::uint64_t size() const override;
    void read_at(std::uint64_t offset, std::span<std::byte> into) const override;
    bool prefers_long_reads() const override { return true; }

  private:
    std::unique_ptr<detail::HttpRanges> ranges_;
};

// One request, in order; ranges are needed only to go on after a lost connection.
class HttpStream final : public Source {
  public:
    explicit HttpStream(std::string url, const HttpOptions& options = {});
    HttpStream(HttpStream&&) noexcept;
    HttpStream& operator=(HttpStream&&) noexcept;
    ~HttpStream() override;
    std::size_t read(std::span<std::byte> into) override;
    std::optional<std::uint64_t> remaining() override;  // where the server tells the length

  private:
    std::unique_ptr<detail::HttpReader> reader_;
};

}  // namespace jl
