#include "io/remote/url_parts.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>

#include <jl/error.hpp>
#include <jl/url.hpp>

namespace jl {
namespace detail {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

int hex_value(char c) {
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::string decoded(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            plain += text[i];
            continue;
        }
        const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
        const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
        if (high < 0 || low < 0) throw Error(ErrorCode::usage, "the URL has a '%' without two hexadecimal digits");
        plain += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return plain;
}

// Where what is secret before the host ends: its '@'. A password may hold '/', '?' and '@' that nobody encoded, and
// looks like a host, a port and a path then: rather too much is hidden than too little.
std::size_t end_of_secrets(std::string_view text) {
    const std::string_view authority = text.substr(0, text.find_first_of("/?"));
    const bool may_hold = authority.find_first_of("@:") != std::string_view::npos;
    return may_hold ? text.rfind('@') : std::string_view::npos;
}

// The parameters that hold no secrets, of the schemes that take any; of others nothing is shown.
std::string shown_query(std::string_view query, std::string_view scheme) {
    if (scheme == "http" || scheme == "https") return "***";
    constexpr std::string_view known[] = {"db", "timeout", "region", "key", "table", "busy_timeout"};
    for (std::string_view rest = query; !rest.empty();) {
        const std::size_t end = std::min(rest.find('&'), rest.size());
        const std::string_view name = rest.substr(0, std::min(rest.find('='), end));
        if (std::find(std::begin(known), std::end(known), name) == std::end(known)) return "***";
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return std::string(query);
}

// Cuts `text` at the first `mark`; what follows it is returned, empty where there is none.
std::string_view cut_off(std::string_view& text, char mark) {
    const std::size_t at = text.find(mark);
    if (at == std::string_view::npos) return {};
    const std::string_view rest = text.substr(at + 1);
    text = text.substr(0, at);
    return rest;
}

void split_authority(UrlParts& url, std::string_view text) {
    if (const std::size_t at = text.rfind('@'); at != std::string_view::npos) {
        std::string_view user = text.substr(0, at);
        url.password = decoded(cut_off(user, ':'));
        url.user = decoded(user);
        text = text.substr(at + 1);
    }
    const std::size_t bracket = text.rfind(']');  // [::1]:6379
    const std::size_t colon = text.rfind(':');
    if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) {
        const std::string_view digits = text.substr(colon + 1);
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), url.port);
        if (error != std::errc() || end != digits.data() + digits.size() || url.port == 0)
            throw Error(ErrorCode::usage, "what follows the host's ':' is no port of 1 to 65535");
        text = text.substr(0, colon);
    }
    if (text.size() > 1 && text.front() == '[' && text.back() == ']') text = text.substr(1, text.size() - 2);
    url.host = decoded(text);
}

}  // namespace

std::string scheme_of(std::string_view name) {
    const std::size_t end = name.find("://");
    if (end == std::string_view::npos || end == 0 || !is_letter(name[0])) return {};
    std::string scheme(name.substr(0, end));
    for (char& c : scheme) {
        if (!is_letter(c) && !is_digit(c) && c != '+' && c != '-' && c != '.') return {};
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return scheme;
}

UrlParts split_url(std::string_view text) {
    UrlParts url;
    url.scheme = scheme_of(text);
    if (url.scheme.empty()) throw Error(ErrorCode::usage, "a URL begins with scheme://");
    text.remove_prefix(url.scheme.size() + 3);
    std::string_view query = cut_off(text, '?');
    const std::size_t slash = std::min(text.find('/'), text.size());
    split_authority(url, text.substr(0, slash));
    url.path = decoded(text.substr(slash));
    while (!query.empty()) {
        std::string_view one = query;
        query = cut_off(one, '&');
        const std::string_view value = cut_off(one, '=');
        url.query[decoded(one)] = decoded(value);
    }
    return url;
}

std::string take(UrlParts& url, const std::string& name, const std::string& otherwise) {
    const auto found = url.query.find(name);
    if (found == url.query.end()) return otherwise;
    std::string value = std::move(found->second);
    url.query.erase(found);
    return value;
}

void require_all_taken(const UrlParts& url, std::string_view known) {
    if (url.query.empty()) return;
    throw Error(ErrorCode::usage, "the URL has a parameter '" + url.query.begin()->first + "'; " + url.scheme +
                                      " knows " + std::string(known));
}

std::string name_in(std::string_view text) {
    UrlParts url = split_url(text);
    return url.scheme == "sqlite" ? take(url, "key") : url.path;
}

std::string percent_encoded(std::string_view text, std::string_view kept) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string encoded;
    for (const char c : text) {
        if (is_letter(c) || is_digit(c) || std::string_view("-._~").find(c) != std::string_view::npos ||
            kept.find(c) != std::string_view::npos) {
            encoded += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        encoded += '%';
        encoded += digits[byte >> 4U];
        encoded += digits[byte & 15U];
    }
    return encoded;
}

}  // namespace detail

bool is_url(std::string_view name) noexcept {
    const std::size_t end = name.find("://");
    if (end == std::string_view::npos || end == 0 || !detail::is_letter(name[0])) return false;
    return std::all_of(name.begin(), name.begin() + static_cast<std::ptrdiff_t>(end), [](char c) {
        return detail::is_letter(c) || detail::is_digit(c) || c == '+' || c == '-' || c == '.';
    });
}

std::string shown_url(std::string_view url) {
    const std::string scheme = detail::scheme_of(url);
    if (scheme.empty()) return std::string(url);
    std::string_view rest = url.substr(scheme.size() + 3);
    std::string shown = scheme + "://";
    if (const std::size_t at = detail::end_of_secrets(rest); at != std::string_view::npos) {
        shown += "***@";
        rest.remove_prefix(at + 1);
    }
    const std::string_view query = detail::cut_off(rest, '?');
    shown += rest;
    return query.empty() ? shown : shown + "?" + detail::shown_query(query, scheme);
}

}  // namespace jl
