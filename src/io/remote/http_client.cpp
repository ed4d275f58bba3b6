#ifdef JL_HAS_CURL

#include "io/remote/http_client.hpp"

#include <algorithm>
#include <charconv>
#include <ctime>
#include <random>

#include <jl/error.hpp>

namespace jl::detail {
namespace {

using std::chrono::milliseconds;
constexpr milliseconds longest_pause{10'000};

void pause(milliseconds time) {
    timespec left{static_cast<time_t>(time.count() / 1000), static_cast<long>(time.count() % 1000) * 1'000'000};
    while (::nanosleep(&left, &left) != 0) {
    }
}

milliseconds asked_for(const HttpHead& head) {
    const std::string_view text = head.field("retry-after");
    unsigned seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc() || end != text.data() + text.size()) return milliseconds{0};  // a date: not worth it
    return seconds >= 10 ? longest_pause : milliseconds{seconds * 1000};
}

// As far as it can be shown.
std::string shown_element(std::string_view xml, const std::string& name) {
    std::string text = xml_element(xml, name).substr(0, 200);
    std::erase_if(text, [](char c) { return c < ' ' || c > '~'; });
    return text;
}

std::string explanation(const HttpOutcome& outcome) {
    if (!outcome.arrived) return outcome.problem;
    std::string text = "the server answers " + std::to_string(outcome.head.status);
    const std::string code = shown_element(outcome.error_body, "Code");
    const std::string message = shown_element(outcome.error_body, "Message");
    if (!code.empty()) text += " (" + code + (message.empty() ? "" : ": " + message) + ")";
    return text;
}

}  // namespace

std::string xml_element(std::string_view xml, const std::string& name) {
    const std::size_t begin = xml.find("<" + name + ">");
    if (begin == std::string_view::npos) return {};
    xml.remove_prefix(begin + name.size() + 2);
    return std::string(xml.substr(0, xml.find('<')));
}

bool Backoff::wait(const HttpHead& head) {
    const auto time = next(head);
    if (time) pause(*time);
    return time.has_value();
}

std::optional<milliseconds> Backoff::next(const HttpHead& head) {
    if (failures_ >= options_.retries) return ++failures_, std::nullopt;
    milliseconds time = std::min(options_.backoff * (1U << std::min(failures_, 10U)), longest_pause);
    static thread_local std::minstd_rand random(std::random_device{}());
    time = time / 2 + time * static_cast<int>(random() % 1024) / 2048;  // so that many do not come back at once
    ++failures_;
    return std::max(time, asked_for(head));
}

bool worth_retrying(const HttpOutcome& outcome) {
    if (!outcome.arrived) return outcome.may_pass;
    switch (outcome.head.status) {
        case 400:
            return xml_element(outcome.error_body, "Code") == "RequestTimeout";  // a store that waited for the body
        case 408:
        case 429:
        case 500:
        case 502:
        case 503:
        case 504:
            return true;
        default:
            return false;
    }
}

void fail_http(const HttpOutcome& outcome, unsigned attempts, const std::string& shown) {
    const bool gone = outcome.arrived && (outcome.head.status == 404 || outcome.head.status == 410);
    std::string text = explanation(outcome);
    if (attempts > 1) text += ", after " + std::to_string(attempts) + " attempts";
    throw Error(gone ? ErrorCode::missing : ErrorCode::io, text).in_file(shown);
}

void HttpClient::fail(HttpOutcome outcome, unsigned attempts) const {
    if (target_.signing)
        for (const std::string& secret :
             {target_.signing->session_token, target_.signing->secret, target_.signing->key_id})
            for (std::size_t at = 0; !secret.empty() && (at = outcome.error_body.find(secret)) != std::string::npos;)
                outcome.error_body.replace(at, secret.size(), "***");
    fail_http(outcome, attempts, target_.shown);
}

HttpOutcome HttpClient::run(const std::function<void(HttpCall&)>& prepare, long also_fine) const {
    return run_judged(prepare, [&](const HttpOutcome& outcome) {
        const bool fine = outcome.arrived && (outcome.head.status / 100 == 2 || outcome.head.status == also_fine);
        return fine ? Verdict::fine : worth_retrying(outcome) ? Verdict::try_again : Verdict::final;
    });
}

HttpOutcome HttpClient::run_until(const std::function<void(HttpCall&)>& prepare,
                                  const std::function<bool(HttpOutcome&)>& accept) const {
    return run_judged(prepare, [&](HttpOutcome& outcome) {
        if (outcome.arrived && outcome.head.status / 100 == 2)
            return accept(outcome) ? Verdict::fine : Verdict::try_again;
        return worth_retrying(outcome) ? Verdict::try_again : Verdict::final;
    });
}

HttpOutcome HttpClient::run_judged(const std::function<void(HttpCall&)>& prepare,
                                   const std::function<Verdict(HttpOutcome&)>& judge) const {
    Backoff backoff(target_.options);
    std::unique_ptr<HttpConnection> used = connection();
    for (;;) {
        HttpCall call;
        call.url = target_.url;
        prepare(call);
        try {
            used->begin(std::move(call));
            while (used->advance()) used->wait();
            HttpOutcome outcome = used->outcome();
            const Verdict verdict = judge(outcome);
            if (verdict == Verdict::fine) return keep(std::move(used)), outcome;
            if (verdict == Verdict::final || !backoff.wait(outcome.head))
                fail(std::move(outcome), std::max(backoff.failures(), 1U));
        } catch (Error& error) {
            error.in_file(target_.shown);
            throw;
        }
    }
}

std::unique_ptr<HttpConnection> HttpClient::connection() const {
    {
        const std::lock_guard lock(mutex_);
        if (!idle_.empty()) {
            std::unique_ptr<HttpConnection> one = std::move(idle_.back());
            idle_.pop_back();
            return one;
        }
    }
    return std::make_unique<HttpConnection>(target_);
}

void HttpClient::keep(std::unique_ptr<HttpConnection> connection) const {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(connection));
}

}  // namespace jl::detail

#endif
