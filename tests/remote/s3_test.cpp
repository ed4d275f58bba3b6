// What is S3's own: uploads in parts, commit and abort, credentials; over a real server that checks signatures.
#if defined(JL_HAS_CURL) && defined(JL_HAS_CRYPTO)

#include <gtest/gtest.h>
#include <map>
#include <numeric>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <jl/jl.hpp>
#include <jl/s3.hpp>
#include <jl/url.hpp>

#include "remote/support/on_s3.hpp"
#include "support/error.hpp"

namespace jl {
namespace {

using test::error_of;

using Arrays = std::map<std::string, Array<float>>;

class S3 : public test::OnS3 {
  protected:
    static Array<float> numbers(std::uint64_t rows = 4000) {
        Array<float> array({rows, 1000});
        std::iota(array.data(), array.data() + array.size(), 0.0F);
        return array;
    }
    static void put(const S3Place& place, const Array<float>& value) {
        S3Sink sink(place);
        dump(Arrays{{"x", value}}, sink);
        sink.commit();
    }
    static bool holds(const S3Place& place, const Array<float>& expected) {
        S3Stream stream(place);
        const auto found = load<Arrays>(stream);
        return std::equal(expected.data(), expected.data() + expected.size(), found.at("x").data());
    }
    // The requests that `work` makes.
    template <class Work>
    static std::vector<std::string> requests(Work work) {
        const std::size_t before = s3().requests().size();
        work();
        std::vector<std::string> all = s3().requests();
        all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(before));
        return all;
    }
};

TEST_F(S3, WhatIsShorterThanAPartIsOneRequest) {
    const auto made = requests([] { put(s3().place("short.pkl"), numbers(10)); });
    EXPECT_EQ(made, (std::vector<std::string>{"PUT /bucket/short.pkl 200 "}));
    EXPECT_TRUE(holds(s3().place("short.pkl"), numbers(10)));
}

TEST_F(S3, WhatIsLongerGoesPartByPart) {
    const auto made = requests([] { put(s3().place("long.pkl"), numbers()); });  // 16 MB
    EXPECT_EQ(made.size(), 6U) << testing::PrintToString(made);                  // begin, 4 parts, complete
    EXPECT_TRUE(holds(s3().place("long.pkl"), numbers()));
    const File file(std::make_shared<S3Source>(s3().place("long.pkl")));
    EXPECT_EQ(file.slice<float>("x", 3999, 4000).data()[999], 3'999'999.0F);
}

TEST_F(S3, AnObjectOfExactlyOnePartIsOneRequest) {
    const std::vector<std::byte> part(std::size_t{5} << 20, std::byte{7});
    const auto made = requests([&] {
        S3Sink sink(s3().place("exact"));
        sink.write(part);
        sink.commit();
    });
    EXPECT_EQ(made.size(), 1U) << testing::PrintToString(made);
    EXPECT_EQ(S3Source(s3().place("exact")).size(), part.size());
}

TEST_F(S3, OpeningForOneArrayTakesOneRequestAndTheArrayAnother) {
    put(s3().place("named.pkl"), numbers());
    const auto made = requests([] {
        const File file(std::make_shared<S3Source>(s3().place("named.pkl")));
        EXPECT_EQ(file.array<float>("x").data()[1234], 1234.0F);
    });
    EXPECT_EQ(made.size(), 2U) << testing::PrintToString(made);
}

TEST_F(S3, KeysHoldAnyCharacters) {
    for (const std::string key : {"a b/c+d&e=f?g#h", "\xC3\xBC/100%", "~-._!*'()", "a//b", "x:y@z$,;[]"}) {
        put(s3().place(key), numbers(1));
        EXPECT_TRUE(holds(s3().place(key), numbers(1))) << key;
    }
    for (const char* const key : {"..", "a/../b", "./a", "a/."})
        EXPECT_EQ(error_of([&] { S3Source{s3().place(key)}; }).code(), ErrorCode::usage) << key;
}

TEST_F(S3, SessionTokensAreSigned) {
    put(s3().place("token.pkl", "role"), numbers());
    EXPECT_TRUE(holds(s3().place("token.pkl", "role"), numbers()));
    S3Place other = s3().place("token.pkl", "role");
    other.session_token = "another";
    EXPECT_NE(std::string(error_of([&] { S3Source{other}; }).what()).find("(InvalidToken"), std::string::npos);
}

TEST_F(S3, AWrongSecretIsRefusedAndNotShown) {
    S3Place place = s3().place("secret.pkl");
    place.secret = "wrongwordwrongword";
    for (const Error& error : {error_of([&] { S3Source{place}; }), error_of([&] { S3Stream{place}; }),
                               error_of([&] { put(place, numbers(1)); }), error_of([&] { put(place, numbers()); })}) {
        const std::string text = error.what();
        EXPECT_EQ(error.code(), ErrorCode::io);
        EXPECT_NE(text.find("403 (SignatureDoesNotMatch"), std::string::npos) << text;
        EXPECT_EQ(text.find("wrongword"), std::string::npos) << text;
        EXPECT_EQ(text.find(place.key_id), std::string::npos) << text;
        EXPECT_TRUE(text.starts_with("s3://bucket/secret.pkl: ")) << text;
    }
    place.key_id = "AKIANOBODY";
    EXPECT_NE(std::string(error_of([&] { S3Source{place}; }).what()).find("InvalidAccessKeyId"), std::string::npos);
}

TEST_F(S3, SaysWhatIsMissing) {
    const Error key = error_of([] { S3Source{s3().place("nobody")}; });
    EXPECT_EQ(key.code(), ErrorCode::missing);
    EXPECT_NE(std::string(key.what()).find("404 (NoSuchKey"), std::string::npos) << key.what();
    S3Place place = s3().place("x");
    place.bucket = "no-such-bucket";
    for (const Error& error : {error_of([&] { S3Stream{place}; }), error_of([&] { put(place, numbers(1)); }),
                               error_of([&] { put(place, numbers()); })}) {
        EXPECT_EQ(error.code(), ErrorCode::missing);
        EXPECT_NE(std::string(error.what()).find("404 (NoSuchBucket"), std::string::npos) << error.what();
    }
}

TEST_F(S3, WithoutACommitNothingIsLeft) {
    const auto before = s3().keys();
    {
        S3Sink sink(s3().place("abandoned"));
        dump(Arrays{{"x", numbers()}}, sink);
        EXPECT_EQ(s3().keys().size(), before.size() + 1);  // the upload
    }
    EXPECT_EQ(s3().keys(), before);
}

TEST_F(S3, AProgramThatDiesLeavesNoObject) {
    const auto before = s3().keys();
    const pid_t child = ::fork();
    if (child == 0) {
        S3Sink sink(s3().place("killed"));
        dump(Arrays{{"x", numbers()}}, sink);
        ::kill(::getpid(), SIGKILL);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));
    EXPECT_EQ(error_of([] { S3Source{s3().place("killed")}; }).code(), ErrorCode::missing);
    auto expected = before;
    expected.emplace_back("upload of killed");
    EXPECT_EQ(s3().keys(), expected);  // which the bucket's rule for incomplete uploads removes
}

TEST_F(S3, WholeObjectsComeThroughAnEnvironment) {
    s3().set_environment();
    dump(numbers(), "s3://bucket/folder/environment.pkl.gz");
    EXPECT_EQ(load<Array<float>>("s3://bucket/folder/environment.pkl.gz?region=us-east-1").size(), 4'000'000U);
    EXPECT_TRUE(verify("s3://bucket/folder/environment.pkl.gz").ok());
    ::setenv("AWS_SECRET_ACCESS_KEY", "another", 1);
    EXPECT_EQ(error_of([] { (void)load("s3://bucket/folder/environment.pkl.gz"); }).code(), ErrorCode::io);
    ::unsetenv("AWS_SECRET_ACCESS_KEY");
    const Error half = error_of([] { (void)load("s3://bucket/folder/environment.pkl.gz"); });
    EXPECT_EQ(half.code(), ErrorCode::usage);
    ::unsetenv("AWS_ACCESS_KEY_ID");
    const Error unsigned_request = error_of([] { (void)load("s3://bucket/folder/environment.pkl.gz"); });
    EXPECT_NE(std::string(unsigned_request.what()).find("403 (AccessDenied"), std::string::npos)
        << unsigned_request.what();
}

TEST(S3Url, IsReadByItsGrammar) {
    const S3Place place = S3Place::from_url("s3://my-bucket/a/b%20c.pkl?region=eu-west-1");
    EXPECT_EQ(place.bucket, "my-bucket");
    EXPECT_EQ(place.key, "a/b c.pkl");
    EXPECT_EQ(place.region, "eu-west-1");
    for (const char* const bad : {"s3://bucket", "s3://bucket/", "s3:///key", "s3://id:secret@bucket/k",
                                  "s3://bucket:80/k", "s3://bucket/k?endpoint=http://host"}) {
        const Error error = error_of([&] { (void)S3Place::from_url(bad); });
        EXPECT_EQ(error.code(), ErrorCode::usage) << bad;
        EXPECT_EQ(std::string(error.what()).find("id:secret"), std::string::npos) << error.what();
    }
}

TEST(S3Url, PlacesThatCannotBeAreRefused) {
    const auto refused = [](S3Place place) {
        EXPECT_EQ(error_of([&] { S3Sink{place}; }).code(), ErrorCode::usage) << place.bucket << place.endpoint;
    };
    refused({.bucket = "b", .key = ""});
    refused({.bucket = "a b", .key = "k"});
    refused({.bucket = "b", .key = "k", .region = "eu west"});
    refused({.bucket = "b", .key = "k", .endpoint = "host:9000"});
    refused({.bucket = "b", .key = "k", .endpoint = "ftp://host"});
    refused({.bucket = "b", .key = "k", .endpoint = "http://user:password@host"});
    refused({.bucket = "..", .key = "k"});
    refused({.bucket = "b", .key = "k", .key_id = "id"});
    refused({.bucket = "b", .key = "k", .session_token = "token"});
    refused({.bucket = "b", .key = "k", .key_id = "id\r\nX: y", .secret = "s"});
    refused({.bucket = "b", .key = "k", .key_id = "id", .secret = "s", .part_bytes = 1000});
}

}  // namespace
}  // namespace jl

#endif
