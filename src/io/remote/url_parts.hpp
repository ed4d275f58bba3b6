// The parts of a URL, decoded.
//
//     UrlParts url = split_url("redis://user:secret@host:6379/key%20one?db=2");   url.path == "/key one"
//
// Error{usage} for what is no URL: no scheme, a bad port, '%' without two digits.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace jl::detail {

struct UrlParts {
    std::string scheme;  // in small letters
    std::string user, password;
    std::string host;
    std::uint16_t port = 0;  // 0: not given
    std::string path;        // with its first '/'
    std::map<std::string, std::string> query;
};

UrlParts split_url(std::string_view url);

std::string scheme_of(std::string_view name);  // "" where it is no URL

// The part of a URL that a file name would be, whose ending tells the codec: its path, for sqlite its key.
std::string name_in(std::string_view url);

// Takes a parameter out of the query; `otherwise` where it is not there.
std::string take(UrlParts& url, const std::string& name, const std::string& otherwise = {});
// Error{usage} naming the first parameter that nobody took.
void require_all_taken(const UrlParts& url, std::string_view known);

// All but letters, digits, "-._~" and `kept` as %XX.
std::string percent_encoded(std::string_view text, std::string_view kept = {});

}  // namespace jl::detail
