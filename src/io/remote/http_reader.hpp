// What a URL stands for, read in order with one request: what jl::HttpStream and S3 streams are made of.
//
// The bytes that arrived and were not asked for yet are at most `most_waiting` and what libcurl hands over at a time.
#pragma once

#ifdef JL_HAS_CURL

#include <cstdint>
#include <optional>
#include <span>

#include "io/remote/http_client.hpp"
#include "io/remote/http_version.hpp"

namespace jl::detail {

class HttpReader {
  public:
    explicit HttpReader(HttpTarget target);  // returns when the answer has begun
    std::size_t read(std::span<std::byte> into);
    std::optional<std::uint64_t> remaining() const;

  private:
    static constexpr std::size_t most_waiting = std::size_t{1} << 20;
    static constexpr std::uint64_t worth_progress = 64 << 10;

    void begin();
    void see(const HttpHead& head);
    bool take(std::span<const std::byte> bytes);
    template <class Arrived>
    void advance_until(Arrived arrived);  // or until the end
    void settle();
    template <class Work>
    auto named(Work work) -> decltype(work());

    HttpClient client_;
    Backoff backoff_;
    HttpVersion version_;
    std::optional<std::uint64_t> length_;
    std::uint64_t arrived_ = 0;     // bytes of the file so far
    std::uint64_t settled_at_ = 0;  // arrived_ when the last failure was forgiven
    std::uint64_t taken_ = 0;       // handed to the caller
    std::span<std::byte> place_;    // of the caller, during read()
    std::vector<std::byte> waiting_;
    std::size_t waiting_taken_ = 0;
    bool seen_ = false;    // the head of the current answer
    bool paused_ = false;  // take() had no room
    bool ended_ = false;
    std::unique_ptr<HttpConnection> connection_;  // last: its callbacks use the rest
};

}  // namespace jl::detail

#endif
