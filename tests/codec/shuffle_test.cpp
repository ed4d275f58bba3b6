#include "codec/shuffle.hpp"

#include <gtest/gtest.h>
#include <vector>

#include "support/random.hpp"

namespace jl::detail {
namespace {

using Bytes = std::vector<std::byte>;

class Shuffle : public testing::TestWithParam<std::size_t> {};  // bytes of an item

TEST_P(Shuffle, PutsTheFirstBytesOfAllItemsFirst) {
    const std::size_t item = GetParam();
    constexpr std::size_t count = 37;
    Bytes items(item * count);
    for (std::size_t i = 0; i < items.size(); ++i) items[i] = static_cast<std::byte>(i * 7);
    Bytes planes(items.size());
    shuffle(items, item, planes, count);
    for (std::size_t i = 0; i < count; ++i)
        for (std::size_t j = 0; j < item; ++j) ASSERT_EQ(planes[j * count + i], items[i * item + j]) << i << " " << j;
}

TEST_P(Shuffle, AndItsScalarTwinAgreeBothWays) {
    const std::size_t item = GetParam();
    test::Random random;
    SCOPED_TRACE(random.seed_text());
    for (std::size_t count = 0; count < 100; ++count) {
        const std::size_t stride = count + random.below(20);
        const Bytes items = random.bytes(item * count);
        Bytes planes(item * stride, std::byte{0xAA}), twin(item * stride, std::byte{0x55});
        shuffle(items, item, planes, stride);
        scalar::shuffle(items, item, twin, stride);
        ASSERT_EQ(planes, twin) << count << " in " << stride;
        Bytes back(items.size()), twin_back(items.size());
        unshuffle(planes, stride, item, back);
        scalar::unshuffle(planes, stride, item, twin_back);
        ASSERT_EQ(back, items) << count << " in " << stride;
        ASSERT_EQ(twin_back, items) << count << " in " << stride;
    }
}

TEST_P(Shuffle, SetsPlacesWithoutAnItemToZero) {
    const std::size_t item = GetParam();
    const Bytes items(item * 5, std::byte{0xFF});
    Bytes planes(item * 9, std::byte{0xAA});
    shuffle(items, item, planes, 9);
    for (std::size_t i = 0; i < planes.size(); ++i)
        ASSERT_EQ(planes[i], i % 9 < 5 ? std::byte{0xFF} : std::byte{0}) << i;
}

INSTANTIATE_TEST_SUITE_P(Items, Shuffle, testing::Values(1, 2, 3, 4, 6, 8, 12, 16, 24, 255));

}  // namespace
}  // namespace jl::detail
