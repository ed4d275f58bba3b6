#include <gtest/gtest.h>
#include <string>

#include <jl/detail/byte_order.hpp>
#include <jl/detail/checked.hpp>
#include <jl/error.hpp>

namespace {

TEST(Error, reads_file_byte_path_and_detail_in_this_order) {
    const jl::Error error = jl::Error(jl::ErrorCode::truncated, "1200 bytes are claimed, 900 remain")
                                .at_path("/weights")
                                .at_byte(4182)
                                .in_file("model.pkl");
    EXPECT_STREQ(error.what(), "model.pkl: at byte 4182: /weights: 1200 bytes are claimed, 900 remain");
    EXPECT_EQ(error.code(), jl::ErrorCode::truncated);
    EXPECT_EQ(error.offset(), 4182U);
}

TEST(Error, keeps_what_an_inner_layer_said) {
    const jl::Error error = jl::Error(jl::ErrorCode::io, "x")
                                .in_file("inner")
                                .in_file("outer")
                                .at_byte(1)
                                .at_byte(2)
                                .at_path("/a")
                                .at_path("/b");
    EXPECT_EQ(error.file(), "inner");
    EXPECT_EQ(error.offset(), 1U);
    EXPECT_EQ(error.path(), "/a");
}

TEST(Error, every_code_has_a_name_of_its_own) {
    for (int a = 0; a <= static_cast<int>(jl::ErrorCode::usage); ++a) {
        EXPECT_NE(jl::name_of(static_cast<jl::ErrorCode>(a)), "unknown");
        for (int b = 0; b < a; ++b)
            EXPECT_NE(jl::name_of(static_cast<jl::ErrorCode>(a)), jl::name_of(static_cast<jl::ErrorCode>(b)));
    }
}

TEST(Result, holds_a_value_or_throws_its_error) {
    const jl::Result<int> good = 3;
    EXPECT_TRUE(good.has_value());
    EXPECT_EQ(*good, 3);
    const jl::Result<int> bad = jl::Error(jl::ErrorCode::missing, "gone");
    EXPECT_FALSE(bad);
    EXPECT_EQ(bad.error().code(), jl::ErrorCode::missing);
    EXPECT_THROW(bad.value(), jl::Error);
}

TEST(Checked, arithmetic_refuses_to_wrap) {
    EXPECT_EQ(jl::detail::checked_mul(1ULL << 32, (1ULL << 32) - 1, "size"), 0xffffffff00000000ULL);
    EXPECT_THROW(jl::detail::checked_mul(1ULL << 32, 1ULL << 32, "size"), jl::Error);
    EXPECT_EQ(jl::detail::checked_add(~0ULL - 1, 1, "size"), ~0ULL);
    EXPECT_THROW(jl::detail::checked_add(~0ULL, 1, "size"), jl::Error);
}

TEST(ByteOrder, little_and_big_are_each_others_mirror) {
    std::byte bytes[8];
    jl::detail::store_little(bytes, std::uint32_t{0x01020304});
    EXPECT_EQ(bytes[0], std::byte{4});
    EXPECT_EQ(jl::detail::load_big<std::uint32_t>(bytes), 0x04030201U);
    jl::detail::store_big(bytes, 1.5);
    EXPECT_EQ(bytes[0], std::byte{0x3f});
    EXPECT_EQ(jl::detail::load_big<double>(bytes), 1.5);
    EXPECT_EQ(jl::detail::byteswapped(std::uint16_t{0x0102}), 0x0201);
}

}  // namespace
