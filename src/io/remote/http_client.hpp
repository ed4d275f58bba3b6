// Requests that are tried again where that may help, over connections that are kept open.
//
//     HttpClient client({.url = url, .shown = shown});   client.run([&](HttpCall& call) { call.range = "0-99"; … });
//
// Thread-safe: each run has a connection of its own. Errors carry the shown URL as their file.
#pragma once

#ifdef JL_HAS_CURL

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "io/remote/http_connection.hpp"

namespace jl::detail {

// The pauses between attempts at one thing.
class Backoff {
  public:
    explicit Backoff(const HttpOptions& options) : options_(options) {}
    // Waits before the next attempt, at least what the server asks for (within 10 s); false when there is none left.
    bool wait(const HttpHead& head);
    // The same without waiting: how long to.
    std::optional<std::chrono::milliseconds> next(const HttpHead& head);
    void progressed() noexcept { failures_ = 0; }
    unsigned failures() const noexcept { return failures_; }

  private:
    const HttpOptions& options_;
    unsigned failures_ = 0;
};

// Whether another attempt may have another outcome.
bool worth_retrying(const HttpOutcome& outcome);
// The outcome, which is no success, as an Error: {missing} for 404 and 410, {io} for all else. `attempts` that were
// made.
[[noreturn]] void fail_http(const HttpOutcome& outcome, unsigned attempts, const std::string& shown);

// What stands between <name> and the next tag in a store's answer; "" where there is no such element.
std::string xml_element(std::string_view xml, const std::string& name);

class HttpClient {
  public:
    explicit HttpClient(HttpTarget target) : target_(std::move(target)) {}

    const HttpTarget& target() const noexcept { return target_; }
    // `prepare` fills in each attempt anew, from what is missing by then; its url is the target's. `also_fine`: a
    // status that is no failure either.
    HttpOutcome run(const std::function<void(HttpCall&)>& prepare, long also_fine = 0) const;
    // The same; an answer that `accept` does not take is a failure that may pass, and may be given an error_body.
    HttpOutcome run_until(const std::function<void(HttpCall&)>& prepare,
                          const std::function<bool(HttpOutcome&)>& accept) const;
    // fail_http() with what is secret cut out of what the server says.
    [[noreturn]] void fail(HttpOutcome outcome, unsigned attempts) const;

    std::unique_ptr<HttpConnection> connection() const;  // a kept one or a new one
    void keep(std::unique_ptr<HttpConnection> connection) const;

  private:
    enum class Verdict : std::uint8_t { fine, try_again, final };
    HttpOutcome run_judged(const std::function<void(HttpCall&)>& prepare,
                           const std::function<Verdict(HttpOutcome&)>& judge) const;

    HttpTarget target_;
    mutable std::mutex mutex_;  // guards idle_
    mutable std::vector<std::unique_ptr<HttpConnection>> idle_;
};

}  // namespace jl::detail

#endif
