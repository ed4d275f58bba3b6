#ifdef JL_HAS_CRYPTO

#include "io/remote/aws_signature.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <jl/error.hpp>

#include "io/remote/url_parts.hpp"

namespace jl::detail {
namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";

using Digest = std::array<unsigned char, 32>;

std::string hexadecimal(const Digest& digest) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const unsigned char byte : digest) {
        text += digits[byte >> 4U];
        text += digits[byte & 15U];
    }
    return text;
}

[[noreturn]] void refuse() { throw Error(ErrorCode::io, "OpenSSL has no SHA-256"); }

Digest sha256(std::span<const std::byte> bytes) {
    Digest digest{};
    if (::EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, ::EVP_sha256(), nullptr) != 1) refuse();
    return digest;
}

Digest sha256(std::string_view text) { return sha256(std::as_bytes(std::span(text))); }

template <class Key>
Digest hmac(const Key& key, std::string_view text) {
    Digest digest{};
    const auto* const bytes = reinterpret_cast<const unsigned char*>(text.data());
    if (::HMAC(::EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes, text.size(), digest.data(), nullptr) ==
        nullptr)
        refuse();
    return digest;
}

std::string trimmed(std::string_view text) {
    const std::size_t begin = std::min(text.find_first_not_of(" \t"), text.size());
    const std::size_t end = text.find_last_not_of(" \t");
    return std::string(end == std::string_view::npos ? std::string_view() : text.substr(begin, end - begin + 1));
}

std::string time_text(std::time_t now) {
    std::tm parts{};
    ::gmtime_r(&now, &parts);
    std::array<char, 20> text{};
    return {text.data(), std::strftime(text.data(), text.size(), "%Y%m%dT%H%M%SZ", &parts)};
}

// host[:port] as it stands in the header: without the port that its scheme has anyway.
std::string host_of(std::string_view url) {
    const bool secure = scheme_of(url) == "https";
    url.remove_prefix(url.find("://") + 3);
    std::string_view host = url.substr(0, url.find_first_of("/?"));
    const std::string_view usual = secure ? ":443" : ":80";
    if (host.ends_with(usual)) host.remove_suffix(usual.size());
    return std::string(host);
}

std::string_view path_of(std::string_view url) {
    url.remove_prefix(url.find("://") + 3);
    url = url.substr(0, url.find('?'));
    return url.substr(std::min(url.find('/'), url.size()));
}

// The parameters in order of their names, then values, each with its '='.
std::string query_of(std::string_view url) {
    std::vector<std::pair<std::string, std::string>> parameters;
    std::string_view rest = url.substr(std::min(url.find('?'), url.size()));
    while (!rest.empty()) {
        rest.remove_prefix(1);
        const std::size_t end = std::min(rest.find('&'), rest.size());
        const std::string_view one = rest.substr(0, end);
        rest.remove_prefix(end);
        const std::size_t equals = std::min(one.find('='), one.size());
        parameters.emplace_back(one.substr(0, equals), one.substr(std::min(equals + 1, one.size())));
    }
    std::sort(parameters.begin(), parameters.end());
    std::string text;
    for (const auto& [name, value] : parameters)
        text.append(text.empty() ? "" : "&").append(name).append("=").append(value);
    return text;
}

void take(std::map<std::string, std::string>& fields, std::string_view line) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return;
    std::string name(line.substr(0, colon));
    for (char& c : name)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (std::string value = trimmed(line.substr(colon + 1)); !value.empty()) fields[name] = std::move(value);
}

std::string signature(const AwsCredentials& credentials, std::string_view date, std::string_view text) {
    const Digest of_date = hmac("AWS4" + credentials.secret, date);
    const Digest of_region = hmac(of_date, credentials.region);
    return hexadecimal(hmac(hmac(hmac(of_region, "s3"), "aws4_request"), text));
}

}  // namespace

std::vector<std::string> aws_signature(const AwsRequest& request, const AwsCredentials& credentials, std::time_t now) {
    const std::string time = time_text(now), date = time.substr(0, 8), content = hexadecimal(sha256(request.body));
    std::vector<std::string> lines{"x-amz-date: " + time, "x-amz-content-sha256: " + content};
    if (!credentials.session_token.empty()) lines.push_back("x-amz-security-token: " + credentials.session_token);

    std::map<std::string, std::string> fields{{"host", host_of(request.url)}};
    for (const std::string& line : request.headers) take(fields, line);
    for (const std::string& line : lines) take(fields, line);
    std::string named, names;
    for (const auto& [name, value] : fields) {
        named.append(name).append(":").append(value).append("\n");
        names.append(names.empty() ? "" : ";").append(name);
    }

    std::string canonical(request.method);
    canonical.append("\n").append(path_of(request.url)).append("\n").append(query_of(request.url)).append("\n");
    canonical.append(named).append("\n").append(names).append("\n").append(content);
    const std::string scope = date + "/" + credentials.region + "/s3/aws4_request";
    const std::string text =
        std::string(algorithm) + "\n" + time + "\n" + scope + "\n" + hexadecimal(sha256(canonical));
    lines.push_back("Authorization: " + std::string(algorithm) + " Credential=" + credentials.key_id + "/" + scope +
                    ",SignedHeaders=" + names + ",Signature=" + signature(credentials, date, text));
    return lines;
}

}  // namespace jl::detail

#endif
