// AWS Signature Version 4 of one request to service s3, in its headers.
//
//     for (const std::string& line : aws_signature(request, credentials, std::time(nullptr))) add(line);
//
// The URL has to be spelled as it is sent: everything but letters, digits and "-._~/" as %XX. Needs JL_HAS_CRYPTO.
#pragma once

#include <cstddef>
#include <ctime>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace jl::detail {

struct AwsCredentials {
    std::string region, key_id, secret;
    std::string session_token = {};  // empty: none
};

struct AwsRequest {
    std::string_view method, url;
    std::vector<std::string> headers = {};  // "name: value", all of which are signed
    std::span<const std::byte> body = {};
};

// x-amz-date, x-amz-content-sha256, x-amz-security-token where there is one, and Authorization.
std::vector<std::string> aws_signature(const AwsRequest& request, const AwsCredentials& credentials, std::time_t now);

}  // namespace jl::detail
