#ifdef JL_HAS_CURL

#include "io/remote/http_connection.hpp"

#include <algorithm>
#include <cstdlib>
#include <curl/curl.h>
#include <exception>
#include <new>

#include <jl/error.hpp>

#include "io/remote/no_sigpipe.hpp"
#include "io/remote/url_parts.hpp"

namespace jl::detail {
namespace {

constexpr std::size_t most_head_bytes = std::size_t{64} << 10;
constexpr std::size_t most_unread_bytes = std::size_t{64} << 10;
constexpr std::size_t most_error_bytes = std::size_t{16} << 10;
constexpr long receive_buffer = 256L << 10;

void start_curl() {
    static const CURLcode started = ::curl_global_init(CURL_GLOBAL_DEFAULT);  // thread-safe: a local static
    if (started != CURLE_OK) throw Error(ErrorCode::io, "libcurl does not start");
}

template <class T>
T* require(T* handle) {
    if (handle == nullptr) throw std::bad_alloc();
    return handle;
}

struct Release {
    void operator()(CURL* easy) const noexcept { ::curl_easy_cleanup(easy); }
    void operator()(curl_slist* list) const noexcept { ::curl_slist_free_all(list); }
};
using Headers = std::unique_ptr<curl_slist, Release>;

void add(Headers& list, const std::string& line) {
    curl_slist* const longer = require(::curl_slist_append(list.get(), line.c_str()));
    if (!list) list.reset(longer);
}

bool may_pass(CURLcode code) {
    switch (code) {
        case CURLE_COULDNT_RESOLVE_HOST:
        case CURLE_COULDNT_CONNECT:
        case CURLE_PARTIAL_FILE:
        case CURLE_OPERATION_TIMEDOUT:
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_GOT_NOTHING:
        case CURLE_SEND_ERROR:
        case CURLE_RECV_ERROR:
            return true;
        default:
            return false;
    }
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blank = " \t\r\n";
    const std::size_t begin = text.find_first_not_of(blank);
    return begin == std::string_view::npos ? std::string_view()
                                           : text.substr(begin, text.find_last_not_of(blank) - begin + 1);
}

}  // namespace

std::string_view HttpHead::field(std::string_view name) const {
    for (const auto& [key, value] : fields)
        if (key == name) return value;
    return {};
}

struct HttpConnection::Implementation {
    explicit Implementation(const HttpTarget& where) : target(where) {
        start_curl();
        multi = require(::curl_multi_init());
        try {
            easy.reset(require(::curl_easy_init()));
        } catch (...) {
            ::curl_multi_cleanup(multi);
            throw;
        }
    }
    Implementation(const Implementation&) = delete;
    Implementation& operator=(const Implementation&) = delete;
    ~Implementation() {
        const NoSigpipe guard;
        detach();
        easy.reset();
        ::curl_multi_cleanup(multi);
    }

    template <class Value>
    void set(CURLoption option, Value value) {
        const CURLcode done = ::curl_easy_setopt(easy.get(), option, value);
        if (done == CURLE_OUT_OF_MEMORY) throw std::bad_alloc();
        if (done != CURLE_OK)
            throw Error(ErrorCode::unsupported,
                        std::string("libcurl does not know how: ") + ::curl_easy_strerror(done));
    }
    void set_up();
    void set_up_trust();
    void set_up_method();
    void sign(std::vector<std::string>& lines) const;
    void detach() noexcept {
        if (attached) ::curl_multi_remove_handle(multi, easy.get());
        attached = false;
    }
    std::size_t take_head(std::string_view line);
    std::size_t take_body(std::span<const std::byte> bytes);

    static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self) {
        return static_cast<Implementation*>(self)->take_head({data, size * count});
    }
    static std::size_t on_write(char* data, std::size_t size, std::size_t count, void* self) {
        return static_cast<Implementation*>(self)->take_body({reinterpret_cast<std::byte*>(data), size * count});
    }

    // Runs a callback; what it throws waits for outcome().
    template <class Work>
    std::size_t guarded(Work work) noexcept {
        try {
            return work();
        } catch (...) {
            thrown = std::current_exception();
            return 0;
        }
    }

    const HttpTarget& target;
    CURLM* multi = nullptr;
    std::unique_ptr<CURL, Release> easy;
    Headers headers;
    HttpCall call;
    HttpOutcome result;
    std::exception_ptr thrown;
    std::size_t head_bytes = 0;
    std::size_t unread_bytes = 0;
    bool enough = false;  // of an error's body: what follows is not waited for
    CURLcode code = CURLE_OK;
    char problem[CURL_ERROR_SIZE] = {};
    bool attached = false;
};

std::size_t HttpConnection::Implementation::take_head(std::string_view line) {
    return guarded([&] {
        const std::string_view content = trimmed(line);
        HttpHead& head = result.head;
        head_bytes += line.size();
        if (head_bytes > most_head_bytes) throw Error(ErrorCode::io, "the server's header has no end");
        if (content.starts_with("HTTP/")) {
            head.fields.clear();
            head_bytes = 0;
            ::curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &head.status);
        } else if (content.empty()) {
            ::curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &head.status);
            if (head.status / 100 == 2 && call.on_head) call.on_head(head);
        } else if (const std::size_t colon = content.find(':'); colon != std::string_view::npos) {
            std::string name(content.substr(0, colon));
            std::transform(name.begin(), name.end(), name.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
            head.fields.emplace_back(std::move(name), trimmed(content.substr(colon + 1)));
        }
        return line.size();
    });
}

std::size_t HttpConnection::Implementation::take_body(std::span<const std::byte> bytes) {
    return guarded([&]() -> std::size_t {
        if (result.head.status / 100 == 2) {
            if (call.on_body) return call.on_body(bytes) ? bytes.size() : CURL_WRITEFUNC_PAUSE;
            unread_bytes += bytes.size();
            if (unread_bytes > most_unread_bytes) throw Error(ErrorCode::io, "the server's answer has no end");
            return bytes.size();
        }
        const std::size_t room = most_error_bytes - result.error_body.size();
        result.error_body.append(reinterpret_cast<const char*>(bytes.data()), std::min(room, bytes.size()));
        enough = bytes.size() > room;
        return enough ? 0 : bytes.size();  // 0 ends the transfer
    });
}

void HttpConnection::Implementation::set_up_trust() {
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    std::string file = target.options.ca_file;
    if (const char* const usual = std::getenv("SSL_CERT_FILE"); file.empty() && usual != nullptr) file = usual;
    if (!file.empty()) set(CURLOPT_CAINFO, file.c_str());
    const bool secure = scheme_of(call.url) == "https";
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_REDIR_PROTOCOLS_STR, secure ? "https" : "http,https");
    const bool follows = target.options.redirects > 0 && !target.signing;
    set(CURLOPT_FOLLOWLOCATION, follows ? 1L : 0L);
    set(CURLOPT_MAXREDIRS, static_cast<long>(target.options.redirects));
}

void HttpConnection::Implementation::set_up_method() {
    std::vector<std::string> lines = target.options.headers;
    lines.insert(lines.end(), call.headers.begin(), call.headers.end());
    if (call.method == "HEAD") {
        set(CURLOPT_NOBODY, 1L);
    } else if (call.method != "GET") {
        set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(call.body.size()));
        set(CURLOPT_POSTFIELDS, call.body.empty() ? "" : reinterpret_cast<const char*>(call.body.data()));
        set(CURLOPT_CUSTOMREQUEST, call.method.c_str());
        lines.emplace_back("Content-Type: application/octet-stream");
    }
    if (!call.range.empty()) lines.push_back("Range: bytes=" + call.range);
    sign(lines);
    lines.emplace_back("Expect:");
    headers.reset();
    for (const std::string& line : lines) add(headers, line);
    set(CURLOPT_HTTPHEADER, headers.get());
}

void HttpConnection::Implementation::sign(std::vector<std::string>& lines) const {
#ifdef JL_HAS_CRYPTO
    if (!target.signing) return;
    const AwsRequest request{call.method, call.url, lines, call.body};
    const std::vector<std::string> added = aws_signature(request, *target.signing, std::time(nullptr));
    lines.insert(lines.end(), added.begin(), added.end());
#else
    (void)lines;
#endif
}

void HttpConnection::Implementation::set_up() {
    ::curl_easy_reset(easy.get());
    const HttpOptions& options = target.options;
    set(CURLOPT_URL, call.url.c_str());
    set(CURLOPT_ERRORBUFFER, problem);
    set(CURLOPT_NOSIGNAL, 1L);
    if (target.signing) set(CURLOPT_PATH_AS_IS, 1L);  // what is signed is what is sent
    set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
    // Refused where there is a buffer still, of an attempt that had no connection; it has this size then.
    (void)::curl_easy_setopt(easy.get(), CURLOPT_BUFFERSIZE, receive_buffer);
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_timeout.count()));
    set(CURLOPT_LOW_SPEED_LIMIT, 100L);
    set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(std::max(options.stall_timeout, call.stall_timeout).count()));
    set(CURLOPT_HEADERFUNCTION, &on_header);
    set(CURLOPT_HEADERDATA, this);
    set(CURLOPT_WRITEFUNCTION, &on_write);
    set(CURLOPT_WRITEDATA, this);
    set_up_trust();
    set_up_method();
}

HttpConnection::HttpConnection(const HttpTarget& target) : implementation_(std::make_unique<Implementation>(target)) {}
HttpConnection::~HttpConnection() = default;

void HttpConnection::begin(HttpCall call) {
    Implementation& self = *implementation_;
    self.detach();
    self.call = std::move(call);
    self.result = {};
    self.thrown = nullptr;
    self.head_bytes = 0;
    self.unread_bytes = 0;
    self.enough = false;
    self.problem[0] = '\0';
    self.set_up();
    if (::curl_multi_add_handle(self.multi, self.easy.get()) != CURLM_OK) throw std::bad_alloc();
    self.attached = true;
}

bool HttpConnection::advance() {
    Implementation& self = *implementation_;
    const NoSigpipe guard;
    int running = 0;
    if (const CURLMcode code = ::curl_multi_perform(self.multi, &running); code != CURLM_OK)
        throw Error(ErrorCode::io, std::string("libcurl fails: ") + ::curl_multi_strerror(code));
    int left = 0;
    while (const CURLMsg* const message = ::curl_multi_info_read(self.multi, &left)) {
        if (message->msg != CURLMSG_DONE) continue;
        self.code = message->data.result;
        self.detach();
        return false;
    }
    return true;
}

void HttpConnection::wait() { ::curl_multi_poll(implementation_->multi, nullptr, 0, 1000, nullptr); }

// Each has a multi handle of its own: the first one waits for the sockets of the others too. What cannot be waited for
// (descriptors that select() does not know, timers) is looked at again after a moment.
void HttpConnection::wait_for_any(std::span<HttpConnection* const> connections) {
    constexpr int moment = 20;  // milliseconds
    std::vector<curl_waitfd> others;
    for (std::size_t i = 1; i < connections.size(); ++i) {
        fd_set reading, writing, failing;
        FD_ZERO(&reading);
        FD_ZERO(&writing);
        FD_ZERO(&failing);
        int highest = -1;
        ::curl_multi_fdset(connections[i]->implementation_->multi, &reading, &writing, &failing, &highest);
        for (int fd = 0; fd <= highest; ++fd) {
            const int events =
                (FD_ISSET(fd, &reading) ? CURL_WAIT_POLLIN : 0) | (FD_ISSET(fd, &writing) ? CURL_WAIT_POLLOUT : 0);
            if (events != 0) others.push_back({fd, static_cast<short>(events), 0});
        }
    }
    if (connections.empty()) {
        const timespec time{0, moment * 1'000'000L};
        ::nanosleep(&time, nullptr);
    } else {
        ::curl_multi_poll(connections[0]->implementation_->multi, others.data(), static_cast<unsigned>(others.size()),
                          moment, nullptr);
    }
}

void HttpConnection::resume() { ::curl_easy_pause(implementation_->easy.get(), CURLPAUSE_CONT); }

HttpOutcome HttpConnection::outcome() {
    Implementation& self = *implementation_;
    if (self.thrown) std::rethrow_exception(std::exchange(self.thrown, nullptr));
    HttpOutcome result = std::move(self.result);
    if (self.code == CURLE_OUT_OF_MEMORY) throw std::bad_alloc();
    result.arrived = self.code == CURLE_OK || self.enough;
    result.may_pass = may_pass(self.code);
    if (!result.arrived) result.problem = self.problem[0] != '\0' ? self.problem : ::curl_easy_strerror(self.code);
    return result;
}

}  // namespace jl::detail

#endif
