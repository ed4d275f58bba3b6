// One connection of libcurl: a request at a time, driven by its user.
//
//     HttpConnection connection(target);   connection.begin({.url = url, .range = "0-99", .on_body = take});
//     while (connection.advance()) connection.wait();   HttpOutcome outcome = connection.outcome();
//
// What the callbacks throw ends the request and comes out of outcome(). One thread at a time.
#pragma once

#ifdef JL_HAS_CURL

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <jl/http.hpp>

#include "io/remote/aws_signature.hpp"

namespace jl::detail {

struct HttpTarget {
    std::string url;
    std::string shown;  // for messages
    HttpOptions options = {};
    std::optional<AwsCredentials> signing = {};  // every request is signed, and none redirected
};

struct HttpHead {
    long status = 0;
    std::vector<std::pair<std::string, std::string>> fields;  // names in small letters
    std::string_view field(std::string_view name) const;      // "" where it is not there
};

struct HttpCall {
    std::string method = "GET";
    std::string url;
    std::vector<std::string> headers = {};              // besides those of the options
    std::string range = {};                             // "0-99", "100-", "-100"; empty: everything
    std::span<const std::byte> body = {};               // not for GET and HEAD; must stay until the end
    std::chrono::seconds stall_timeout{};               // where the server may need longer than the options say
    std::function<void(const HttpHead&)> on_head = {};  // of success (2xx), before its first byte
    std::function<bool(std::span<const std::byte>)> on_body = {};  // of success; false: not now, see resume()
};

struct HttpOutcome {
    bool arrived = false;   // an answer of any status, whole
    bool may_pass = false;  // else: whether it is worth trying again
    std::string problem;    // what went wrong where nothing arrived
    HttpHead head;
    std::string error_body;  // of other answers than 2xx, at most 16 KiB
};

class HttpConnection {
  public:
    explicit HttpConnection(const HttpTarget& target);  // which must stay
    ~HttpConnection();
    HttpConnection(const HttpConnection&) = delete;
    HttpConnection& operator=(const HttpConnection&) = delete;

    void begin(HttpCall call);
    bool advance();  // does what can be done at once; false: ended
    void wait();     // for something to do, up to a second
    // For something to do for one of them, not long; a pause where there are none.
    static void wait_for_any(std::span<HttpConnection* const> connections);
    void resume();  // hands out again what on_body had no room for
    HttpOutcome outcome();

  private:
    struct Implementation;
    std::unique_ptr<Implementation> implementation_;
};

}  // namespace jl::detail

#endif
