// URLs: what is one, its parts, and what of it is shown.
#include <gtest/gtest.h>

#include <jl/url.hpp>

#include "io/remote/url_parts.hpp"
#include "io/remote/windows.hpp"
#include "support/error.hpp"

namespace jl {
namespace {

using test::error_of;

TEST(Url, IsASchemeAndTwoSlashes) {
    for (const char* const url : {"http://x", "s3://b/k", "a+b-c.d://"}) EXPECT_TRUE(is_url(url)) << url;
    for (const char* const name : {"", "x.pkl", "http:/x", "://x", "./http://x", "1x://y", "a b://c", "a/b://c"})
        EXPECT_FALSE(is_url(name)) << name;
}

TEST(Url, IsShownWithoutItsSecrets) {
    EXPECT_EQ(shown_url("https://me:secret@host:1/a@b?X-Amz-Signature=1"), "https://***@b?***");
    EXPECT_EQ(shown_url("redis://:p@h/k?db=2"), "redis://***@h/k?db=2");
    EXPECT_EQ(shown_url("http://host/x"), "http://host/x");
    EXPECT_EQ(shown_url("a file@home?"), "a file@home?");
    EXPECT_EQ(shown_url("http://host/a@b"), "http://host/a@b");
    EXPECT_EQ(shown_url("http://host:80/ab"), "http://host:80/ab");
    EXPECT_EQ(shown_url("s3://b/k?region=eu"), "s3://b/k?region=eu");
}

TEST(Url, IsShownWithoutSecretsThatNobodyEncoded) {
    for (const std::string scheme : {"s3://", "redis://", "http://"})
        for (const std::string secret : {"wJ/x", "w@x", "w?x", "w/?x/", "/wx", "?wx", "w@x/y", "12/wx"}) {
            const std::string url = scheme + "me:" + secret + "@host/k";
            EXPECT_EQ(shown_url(url), scheme + "***@host/k") << url;
        }
    EXPECT_EQ(shown_url("s3://me:12/w@b/k"), "s3://***@b/k");
    EXPECT_EQ(shown_url("s3://b/k?aws_secret_access_key=w"), "s3://b/k?***");
    EXPECT_EQ(shown_url("redis://h/k?db=1&password=w"), "redis://h/k?***");
    const Error error = error_of([] { (void)detail::split_url("s3://me:wJalr/x@b/k"); });
    EXPECT_EQ(std::string(error.what()).find("wJalr"), std::string::npos) << error.what();
}

TEST(Url, HasParts) {
    const detail::UrlParts url = detail::split_url("HTTP://u%40:p%3a@[::1]:8080/a%20b/c?x=1%262&y");
    EXPECT_EQ(url.scheme, "http");
    EXPECT_EQ(url.user, "u@");
    EXPECT_EQ(url.password, "p:");
    EXPECT_EQ(url.host, "::1");
    EXPECT_EQ(url.port, 8080);
    EXPECT_EQ(url.path, "/a b/c");
    EXPECT_EQ(url.query.at("x"), "1&2");
    EXPECT_EQ(url.query.at("y"), "");
    for (const char* const bad : {"x", "http://h:99999/", "http://h:/", "http://h/%", "http://h/%1", "http://h/%gg"})
        EXPECT_EQ(error_of([&] { (void)detail::split_url(bad); }).code(), ErrorCode::usage) << bad;
}

TEST(Url, NamesWhatAFileNameWouldBe) {
    EXPECT_EQ(detail::name_in("http://host/a.pkl.gz?token=x.bz2"), "/a.pkl.gz");
    EXPECT_EQ(detail::name_in("sqlite:///x.db?key=a.gz"), "a.gz");
    EXPECT_EQ(detail::percent_encoded("a b/ü", "/"), "a%20b/%C3%BC");
}

TEST(Url, OfAnUnknownSchemeIsRefusedByName) {
    const Error error = error_of([] { (void)open_url("gopher://me:word@host/x"); });
    EXPECT_EQ(error.code(), ErrorCode::unsupported);
    EXPECT_NE(std::string(error.what()).find("'gopher'"), std::string::npos) << error.what();
    EXPECT_EQ(std::string(error.what()).find("word"), std::string::npos) << error.what();
}

// Each scheme has its module, which a build may leave out.
TEST(Url, OfAModuleThatIsNotBuiltInNamesTheOption) {
    [[maybe_unused]] const auto expect_refused = [](const std::string& url, const std::string& option) {
        const Error error = error_of([&] { (void)open_url(url); });
        EXPECT_EQ(error.code(), ErrorCode::unsupported) << url;
        EXPECT_NE(std::string(error.what()).find(option), std::string::npos) << error.what();
    };
#ifndef JL_HAS_CURL
    expect_refused("http://host/x", "JL_WITH_CURL=ON");
#endif
#ifndef JL_HAS_HIREDIS
    expect_refused("redis://host/x", "JL_WITH_HIREDIS=ON");
#endif
#ifndef JL_HAS_SQLITE
    expect_refused("sqlite:///x.db?key=a", "JL_WITH_SQLITE=ON");
#endif
}

class WindowsOverBytes : public testing::Test {
  protected:
    WindowsOverBytes() : content_(8 << 20), windows_(content_.size()) {
        for (std::size_t i = 0; i < content_.size(); ++i) content_[i] = static_cast<std::byte>(i * 2654435761U >> 24U);
    }
    void expect_read(std::uint64_t offset, std::size_t count) {
        std::vector<std::byte> into(count);
        windows_.read(offset, into, [this](std::uint64_t at, std::span<std::byte> part) {
            ++fetches_;
            fetched_ += part.size();
            ASSERT_LE(at + part.size(), content_.size());
            std::copy_n(content_.begin() + static_cast<std::ptrdiff_t>(at), part.size(), part.begin());
        });
        EXPECT_TRUE(std::equal(into.begin(), into.end(), content_.begin() + static_cast<std::ptrdiff_t>(offset)));
    }

    std::vector<std::byte> content_;
    detail::Windows windows_;
    int fetches_ = 0;
    std::uint64_t fetched_ = 0;
};

TEST_F(WindowsOverBytes, ShortReadsNearbyShareAFetch) {
    for (int i = 0; i < 100; ++i) expect_read(1000 + 7 * static_cast<unsigned>(i), 7);
    EXPECT_EQ(fetches_, 1);
}

TEST_F(WindowsOverBytes, ReadsInOrderGrow) {
    for (std::uint64_t at = 0; at + 1000 <= content_.size(); at += 1000) expect_read(at, 1000);
    EXPECT_LE(fetches_, 7);
    EXPECT_EQ(fetched_, content_.size());
}

TEST_F(WindowsOverBytes, LongReadsGoStraightToTheirPlace) {
    expect_read(100, 5 << 20);
    EXPECT_EQ(fetches_, 1);
    EXPECT_EQ(fetched_, 5U << 20U);
}

TEST_F(WindowsOverBytes, TheTailIsThereAlready) {
    windows_.start(content_.size(), {content_.end() - 1000, content_.end()});
    expect_read(content_.size() - 1000, 1000);
    EXPECT_EQ(fetches_, 0);
    expect_read(content_.size() - (2 << 20), 2 << 20);
    EXPECT_EQ(fetches_, 1);
    EXPECT_EQ(fetched_, (2U << 20U) - 1000);
}

TEST_F(WindowsOverBytes, NothingLiesBehindTheEnd) {
    EXPECT_EQ(error_of([&] { expect_read(content_.size() - 1, 2); }).code(), ErrorCode::truncated);
}

}  // namespace
}  // namespace jl
