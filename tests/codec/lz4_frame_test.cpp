#if defined(JL_HAS_LZ4) && defined(JL_HAS_XXHASH)

#include "codec/lz4_frame.hpp"

#include <gtest/gtest.h>
#include <lz4frame.h>

#include "codec/support/samples.hpp"
#include "support/error.hpp"
#include "support/random.hpp"

namespace jl {
namespace {

using test::Bytes;

Bytes frame_of(const Bytes& content, const LZ4F_frameInfo_t& form) {
    LZ4F_preferences_t preferences{};
    preferences.frameInfo = form;
    Bytes frame(LZ4F_compressFrameBound(content.size(), &preferences));
    frame.resize(LZ4F_compressFrame(frame.data(), frame.size(), content.data(), content.size(), &preferences));
    return frame;
}

LZ4F_frameInfo_t usual() {
    LZ4F_frameInfo_t form{};
    form.blockSizeID = LZ4F_max64KB;
    form.blockMode = LZ4F_blockIndependent;
    form.contentChecksumFlag = LZ4F_contentChecksumEnabled;
    form.contentSize = 1;
    return form;
}

TEST(Lz4Frame, IsDecodedInEveryFormOfItsHeader) {
    const Bytes content = test::joined(test::image_like(150'000), test::Random(5).bytes(150'000));
    for (const auto size : {LZ4F_max64KB, LZ4F_max256KB, LZ4F_max1MB, LZ4F_max4MB}) {
        for (const bool content_sum : {false, true}) {
            for (const bool block_sums : {false, true}) {
                for (const bool tells_size : {false, true}) {
                    LZ4F_frameInfo_t form = usual();
                    form.blockSizeID = size;
                    form.contentChecksumFlag = content_sum ? LZ4F_contentChecksumEnabled : LZ4F_noContentChecksum;
                    form.blockChecksumFlag = block_sums ? LZ4F_blockChecksumEnabled : LZ4F_noBlockChecksum;
                    form.contentSize = tells_size ? 1 : 0;
                    Bytes found(content.size());
                    ASSERT_TRUE(detail::decode_lz4_frame(frame_of(content, form), found));
                    EXPECT_TRUE(found == content);
                }
            }
        }
    }
    Bytes nothing;
    EXPECT_TRUE(detail::decode_lz4_frame(frame_of({}, usual()), nothing));
}

TEST(Lz4Frame, WithAnotherMagicIsLeftToLiblz4) {
    const Bytes content = test::image_like(1'000);
    Bytes frame = frame_of(content, usual()), found(content.size());
    frame[2] ^= std::byte{1};
    EXPECT_FALSE(detail::decode_lz4_frame(frame, found));
}

TEST(Lz4Frame, OfBlocksThatNeedOneAnotherIsLeftToLiblz4) {
    LZ4F_frameInfo_t form = usual();
    form.blockMode = LZ4F_blockLinked;
    Bytes found(300'000);
    EXPECT_FALSE(detail::decode_lz4_frame(frame_of(test::image_like(300'000), form), found));
    EXPECT_FALSE(detail::decode_lz4_frame({}, found));
}

TEST(Lz4Frame, ThatIsDamagedOrOfAnotherLengthIsRefused) {
    const Bytes content = test::image_like(2000);
    const Bytes frame = frame_of(content, usual());
    const auto decode = [&](std::span<const std::byte> bytes, std::size_t size) {
        Bytes found(size);
        return detail::decode_lz4_frame(bytes, found) && found == content;
    };
    for (std::size_t bit = 4 * 8; bit < frame.size() * 8; ++bit) {
        Bytes damaged = frame;
        damaged[bit / 8] ^= static_cast<std::byte>(1U << bit % 8);
        try {
            // A match may be moved to a place where the same bytes stand.
            Bytes found(content.size());
            EXPECT_TRUE(!detail::decode_lz4_frame(damaged, found) || found == content) << bit;
        } catch (const Error& error) {
            EXPECT_TRUE(error.code() == ErrorCode::format || error.code() == ErrorCode::checksum);
        }
    }
    for (std::size_t size = 7; size < frame.size(); ++size)
        EXPECT_EQ(test::error_of([&] { decode(std::span(frame).first(size), content.size()); }).code(),
                  ErrorCode::format);
    EXPECT_THROW(decode(frame, content.size() - 1), Error);
    EXPECT_THROW(decode(frame, content.size() + 1), Error);
    EXPECT_THROW(decode(test::joined(frame, test::bytes_of("x")), content.size()), Error);
}

}  // namespace
}  // namespace jl

#endif
