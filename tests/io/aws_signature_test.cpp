// The examples of Amazon's own documentation ("Signature Calculations for the Authorization Header", 2013-05-24).
#ifdef JL_HAS_CRYPTO

#include "io/remote/aws_signature.hpp"

#include <gtest/gtest.h>

namespace jl::detail {
namespace {

constexpr std::time_t documented = 1369353600;  // 20130524T000000Z
const AwsCredentials example{"us-east-1", "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"};

std::string authorization(const AwsRequest& request, const AwsCredentials& credentials = example) {
    return aws_signature(request, credentials, documented).back();
}

std::string expected(const std::string& names, const std::string& signature) {
    return "Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
           "SignedHeaders=" +
           names + ",Signature=" + signature;
}

TEST(AwsSignature, OfARangeIsTheDocumentedOne) {
    EXPECT_EQ(authorization({"GET", "https://examplebucket.s3.amazonaws.com/test.txt", {"Range: bytes=0-9"}}),
              expected("host;range;x-amz-content-sha256;x-amz-date",
                       "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"));
}

TEST(AwsSignature, OfABodyIsTheDocumentedOne) {
    const std::string_view body = "Welcome to Amazon S3.";
    EXPECT_EQ(authorization({"PUT",
                             "https://examplebucket.s3.amazonaws.com/test%24file.text",
                             {"Date: Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class: REDUCED_REDUNDANCY"},
                             std::as_bytes(std::span(body))}),
              expected("date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
                       "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"));
}

TEST(AwsSignature, OfParametersIsTheDocumentedOne) {
    EXPECT_EQ(authorization({"GET", "https://examplebucket.s3.amazonaws.com/?lifecycle"}),
              expected("host;x-amz-content-sha256;x-amz-date",
                       "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"));
    for (const char* const url : {"https://examplebucket.s3.amazonaws.com/?max-keys=2&prefix=J",
                                  "https://examplebucket.s3.amazonaws.com:443/?prefix=J&max-keys=2"})
        EXPECT_EQ(authorization({"GET", url}),
                  expected("host;x-amz-content-sha256;x-amz-date",
                           "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"));
}

TEST(AwsSignature, DependsOnAllThatItIsOf) {
    const AwsRequest request{"GET", "http://host:9000/b/k?uploads="};
    const std::string one = authorization(request);
    AwsCredentials other = example;
    other.secret += "x";
    EXPECT_NE(authorization(request, other), one);
    EXPECT_NE(authorization({"PUT", request.url}), one);
    EXPECT_NE(authorization({"GET", "http://host:9001/b/k?uploads="}), one);
    EXPECT_NE(authorization({"GET", "http://host:9000/b/k"}), one);
    EXPECT_NE(aws_signature(request, example, documented + 1).back(), one);
}

TEST(AwsSignature, LeavesOutTheUsualPortInAnySpellingOfTheScheme) {
    const auto of = [](std::string url) { return aws_signature({"GET", url}, example, documented).back(); };
    EXPECT_EQ(of("HTTPS://h:443/k"), of("https://h/k"));
    EXPECT_NE(of("HTTP://h:443/k"), of("https://h/k"));
}

TEST(AwsSignature, SendsTheTokenAndSignsIt) {
    AwsCredentials session = example;
    session.session_token = "token";
    const auto lines = aws_signature({"GET", "https://host/b/k"}, session, documented);
    ASSERT_EQ(lines.size(), 4U);
    EXPECT_EQ(lines[0], "x-amz-date: 20130524T000000Z");
    EXPECT_EQ(lines[2], "x-amz-security-token: token");
    EXPECT_NE(lines[3].find("SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token,"),
              std::string::npos);
    for (const std::string& line : lines) EXPECT_EQ(line.find(example.secret), std::string::npos);
}

}  // namespace
}  // namespace jl::detail

#endif
