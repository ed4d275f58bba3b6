#include "codec/stream_check.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include "support/random.hpp"

namespace jl::detail {
namespace {

using Kind = StreamCheck::Kind;

StreamCheck checked(Kind kind, std::span<const std::byte> bytes) {
    StreamCheck check(kind);
    check.update(bytes);
    return check;
}

TEST(StreamCheck, AgreesWithZlib) {
    test::Random random;
    SCOPED_TRACE(random.seed_text());
    for (const std::size_t size : {0U, 1U, 15U, 5552U, 5553U, 70000U}) {
        auto bytes = random.bytes(size);
        if (size == 70000U) std::ranges::fill(bytes, std::byte{0xFF});
        const auto* const data = reinterpret_cast<const Bytef*>(bytes.data());
        EXPECT_EQ(checked(Kind::crc32, bytes).value(), crc32_z(0, data, size));
        EXPECT_EQ(checked(Kind::adler32, bytes).value(), size == 0 ? 1 : adler32_z(1, data, size));
    }
}

TEST(StreamCheck, OfPartsJoinedIsThatOfTheWhole) {
    test::Random random;
    SCOPED_TRACE(random.seed_text());
    const auto bytes = random.bytes(200'000);
    for (const Kind kind : {Kind::crc32, Kind::adler32}) {
        StreamCheck joined(kind);
        for (std::size_t begin = 0; begin < bytes.size();) {
            const std::size_t size = std::min<std::size_t>(random.below(70'000), bytes.size() - begin);
            joined.join(checked(kind, std::span(bytes).subspan(begin, size)));
            begin += size;
        }
        EXPECT_EQ(joined.value(), checked(kind, bytes).value());
        EXPECT_EQ(joined.bytes(), bytes.size());
    }
}

}  // namespace
}  // namespace jl::detail
