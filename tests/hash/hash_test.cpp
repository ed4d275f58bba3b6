#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include <jl/jl.hpp>

#include "support/error.hpp"

namespace jl::test {
namespace {

using testing::HasSubstr;

TEST(Hash, RefusesAnUnknownNameWithJoblibsSentence) {
    const Error error = error_of([] { (void)hash(1, {.hash_name = "sha256"}); });
    EXPECT_EQ(error.code(), ErrorCode::usage);
    EXPECT_STREQ(error.what(),
                 "Valid options for 'hash_name' are ('md5', 'sha1', 'xxh3_128'). Got hash_name='sha256' instead.");
}

#if defined(JL_HAS_XXHASH)

TEST(Hash, RefusesTextThatIsNoUtf8) {
    EXPECT_EQ(error_of([] { (void)hash(std::string("\xff")); }).code(), ErrorCode::range);
}

TEST(Hash, NamesItsLengthByItsName) { EXPECT_EQ(hash(1, {.hash_name = "xxh3_128"}).size(), 32U); }

#else

TEST(Hash, SaysThatXxHashIsMissing) {
    const Error error = error_of([] { (void)hash(std::vector<int>{1}, {.hash_name = "xxh3_128"}); });
    EXPECT_EQ(error.code(), ErrorCode::unsupported);
    EXPECT_THAT(error.what(), HasSubstr("JL_WITH_XXHASH"));
}

#endif

#if defined(JL_HAS_XXHASH) && defined(JL_HAS_CRYPTO)

TEST(Hash, IsMd5Or40DigitsOfSha1) {
    EXPECT_EQ(hash(1).size(), 32U);
    EXPECT_EQ(hash(1), hash(1, {.hash_name = "md5"}));
    EXPECT_EQ(hash(1, {.hash_name = "sha1"}).size(), 40U);
    EXPECT_NE(hash(1), hash(1, {.hash_name = "xxh3_128"}));
}

#elif !defined(JL_HAS_CRYPTO)

TEST(Hash, SaysThatOpensslIsMissing) {
    const Error error = error_of([] { (void)hash(1); });
    EXPECT_EQ(error.code(), ErrorCode::unsupported);
    EXPECT_THAT(error.what(), HasSubstr("JL_WITH_CRYPTO"));
}

#endif

}  // namespace
}  // namespace jl::test
