// Parts of an upload on their way, several at once, on the caller's thread.
//
//     S3Parts parts(client, 4);   part = parts.send("?partNumber=1&uploadId=…", std::move(part));   … parts.finish();
//     parts.tags()[0]             // of part 1
//
// Memory: a part for each connection, besides the one that its user fills. Each part is tried again as HttpClient::run
// does. What goes wrong with one of them comes out of the next call; then no other is of use. One thread at a time.
#pragma once

#ifdef JL_HAS_CURL

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "io/remote/http_client.hpp"

namespace jl::detail {

class S3Parts {
  public:
    // The client stays as long as the parts do.
    S3Parts(const HttpClient& client, unsigned connections);
    S3Parts(const S3Parts&) = delete;
    S3Parts& operator=(const S3Parts&) = delete;
    ~S3Parts();

    // Begins to send the next part, once a connection is free; gives back an empty buffer for the one after it.
    std::vector<std::byte> send(const std::string& query, std::vector<std::byte> part);
    void advance();  // does what can be done at once
    void finish();   // waits for all
    void drop() noexcept;

    std::size_t count() const noexcept { return tags_.size(); }  // of parts that were begun
    const std::vector<std::string>& tags() const noexcept { return tags_; }

  private:
    using Clock = std::chrono::steady_clock;
    struct Slot {
        explicit Slot(const HttpOptions& options) : backoff(options) {}
        std::unique_ptr<HttpConnection> connection;
        std::vector<std::byte> part;
        std::string query;
        std::size_t number = 0;  // of the part, from 0 on
        Backoff backoff;
        Clock::time_point again = {};  // when to begin the next attempt
        bool busy = false, waiting = false;
    };

    Slot& free_slot();
    void begin(Slot& slot);
    void advance(Slot& slot);
    void take(Slot& slot, HttpOutcome outcome);
    bool any_busy() const noexcept;
    void wait();

    const HttpClient& client_;
    std::vector<Slot> slots_;
    std::vector<std::string> tags_;
    Clock::time_point driven_ = Clock::now();
};

}  // namespace jl::detail

#endif
