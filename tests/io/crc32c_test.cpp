#include "io/crc32c.hpp"

#include <array>
#include <gtest/gtest.h>
#include <string_view>
#include <vector>

#include "support/random.hpp"

namespace jl {
namespace {

std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

TEST(Crc32c, AgreesWithPublishedValues) {
    EXPECT_EQ(crc32c(bytes_of("123456789")), 0xE3069283U);
    EXPECT_EQ(crc32c(std::vector<std::byte>(32)), 0x8A9136AAU);
    EXPECT_EQ(crc32c(std::vector<std::byte>(32, std::byte{0xFF})), 0x62A8AB43U);
    EXPECT_EQ(crc32c(bytes_of("a")), 0xC1D04330U);
}

TEST(Crc32c, OfNothingIsZero) { EXPECT_EQ(crc32c({}), 0U); }

TEST(Crc32c, ContinuesWhereItStopped) {
    test::Random random;
    SCOPED_TRACE(random.seed_text());
    const auto bytes = random.bytes(10'000);
    const std::span<const std::byte> all(bytes);
    for (int i = 0; i < 200; ++i) {
        const std::size_t cut = random.below(bytes.size() + 1);
        EXPECT_EQ(crc32c(all.subspan(cut), crc32c(all.first(cut))), crc32c(all)) << "cut at " << cut;
    }
}

TEST(Crc32c, IsTheSameByInstructionAndByTableAtAnyLengthAndAlignment) {
    test::Random random;
    SCOPED_TRACE(random.seed_text());
    const auto bytes = random.bytes(20'000);
    for (int i = 0; i < 3'000; ++i) {
        const std::size_t begin = random.below(100);
        const std::size_t length = random.below(i % 10 == 0 ? 19'000 : 300);
        const auto part = std::span(bytes).subspan(begin, length);
        const auto so_far = static_cast<std::uint32_t>(random.next());
        ASSERT_EQ(crc32c(part, so_far), detail::crc32c_by_table(part, so_far)) << begin << " + " << length;
    }
}

TEST(Crc32c, SeesEverySingleFlippedBit) {
    test::Random random;
    SCOPED_TRACE(random.seed_text());
    auto bytes = random.bytes(70);
    const std::uint32_t whole = crc32c(bytes);
    for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
        bytes[bit / 8] ^= std::byte{1} << (bit % 8);
        EXPECT_NE(crc32c(bytes), whole) << "bit " << bit;
        bytes[bit / 8] ^= std::byte{1} << (bit % 8);
    }
}

}  // namespace
}  // namespace jl
