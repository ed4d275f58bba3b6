#include "codec/xxh32.hpp"

#include <gtest/gtest.h>

#include "codec/support/samples.hpp"

namespace jl {
namespace {

TEST(Xxh32, IsThePublishedFunction) {
    EXPECT_EQ(detail::xxh32({}), 0x02CC5D05U);
    EXPECT_EQ(detail::xxh32(test::bytes_of("a")), 0x550D7456U);
    EXPECT_EQ(detail::xxh32(test::bytes_of("abc")), 0x32D153FFU);
    EXPECT_EQ(detail::xxh32(test::bytes_of("Nobody inspects the spammish repetition")), 0xE2293B2FU);
}

}  // namespace
}  // namespace jl
