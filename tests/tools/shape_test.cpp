#include "shell/shape.hpp"

#include <gtest/gtest.h>
#include <vector>

#include "support/error.hpp"

namespace jl::shell {
namespace {

using test::error_of;
using Extents = std::vector<std::uint64_t>;

TEST(Shape, SizesThatDoNotFitAreRefusedUnlessThereIsNothing) {
    EXPECT_EQ(error_of([] { payload_size(Extents{1ULL << 40, 1ULL << 40}, 8); }).code(), ErrorCode::range);
    EXPECT_EQ(payload_size(Extents{1ULL << 40, 1ULL << 40, 0}, 8), 0U);
    EXPECT_EQ(payload_size(Extents{0, 1ULL << 40, 1ULL << 40}, 8), 0U);
    EXPECT_EQ(payload_size(Extents{}, 8), 8U);
}

}  // namespace
}  // namespace jl::shell
