#include <algorithm>
#include <cstdint>
#include <cstring>
#include <gtest/gtest.h>
#include <new>
#include <utility>
#include <vector>

#include <jl/buffer.hpp>

namespace jl {
namespace {

constexpr std::size_t mega = std::size_t{1} << 20;

std::byte pattern(std::size_t i) { return static_cast<std::byte>(i * 131 >> 3); }

void fill(std::span<std::byte> bytes, std::size_t from) {
    for (std::size_t i = from; i < bytes.size(); ++i) bytes[i] = pattern(i);
}

bool is_filled(std::span<const std::byte> bytes, std::size_t until) {
    for (std::size_t i = 0; i < until; ++i) {
        if (bytes[i] != pattern(i)) return false;
    }
    return true;
}

TEST(Buffer, OfAnySizeIsWritableAndAligned) {
    for (const std::size_t size :
         {std::size_t{1}, std::size_t{63}, std::size_t{4096}, 2 * mega - 1, 2 * mega, 2 * mega + 1, 5 * mega}) {
        Buffer buffer(size);
        ASSERT_EQ(buffer.size(), size);
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(buffer.data()) % Buffer::alignment, 0U) << size;
        fill(buffer.bytes(), 0);
        EXPECT_TRUE(is_filled(buffer.bytes(), size));
    }
}

TEST(Buffer, OfNothingHasNoBytes) {
    const Buffer none;
    EXPECT_EQ(none.size(), 0U);
    EXPECT_TRUE(none.bytes().empty());
    EXPECT_TRUE(Buffer(0).bytes().empty());
}

TEST(Buffer, BiggerThanMemoryIsBadAlloc) {
    EXPECT_THROW(Buffer(SIZE_MAX), std::bad_alloc);
    EXPECT_THROW(Buffer(SIZE_MAX / 2), std::bad_alloc);
    EXPECT_THROW(Buffer(std::size_t{1} << 60), std::bad_alloc);
}

TEST(Buffer, KeepsItsContentsWhileItGrowsFromHeapToMapAndOn) {
    Buffer buffer;
    std::size_t filled = 0;
    for (std::size_t size = 1; size < 40 * mega; size = size * 3 / 2 + 1) {
        buffer.resize(size);
        ASSERT_EQ(buffer.size(), size);
        ASSERT_TRUE(is_filled(buffer.bytes(), filled)) << size;
        fill(buffer.bytes(), filled);
        filled = size;
    }
}

TEST(Buffer, KeepsItsContentsUpToTheSmallerSize) {
    for (const std::size_t size : {std::size_t{1000}, 6 * mega}) {
        Buffer buffer(size);
        fill(buffer.bytes(), 0);
        buffer.resize(size / 3);
        EXPECT_EQ(buffer.size(), size / 3);
        EXPECT_TRUE(is_filled(buffer.bytes(), size / 3));
        buffer.resize(size);
        EXPECT_TRUE(is_filled(buffer.bytes(), size / 3));
    }
}

TEST(Buffer, ThatCannotGrowStaysAsItWas) {
    for (const std::size_t size : {std::size_t{1000}, 3 * mega}) {
        Buffer buffer(size);
        fill(buffer.bytes(), 0);
        EXPECT_THROW(buffer.resize(std::size_t{1} << 60), std::bad_alloc);
        EXPECT_EQ(buffer.size(), size);
        EXPECT_TRUE(is_filled(buffer.bytes(), size));
    }
}

TEST(Buffer, MovesWithoutACopy) {
    Buffer first(3 * mega);
    fill(first.bytes(), 0);
    const std::byte* const data = first.data();
    Buffer second(std::move(first));
    EXPECT_EQ(second.data(), data);
    Buffer third(10);
    third = std::move(second);
    EXPECT_EQ(third.data(), data);
    EXPECT_TRUE(is_filled(third.bytes(), 3 * mega));
}

TEST(AdviseHuge, TakesAnySpan) {
    advise_huge({});
    std::vector<std::byte> memory(5 * mega, std::byte{7});
    advise_huge(memory);
    advise_huge(std::span(memory).subspan(1, 100));
    EXPECT_EQ(std::ranges::count(memory, std::byte{7}), static_cast<std::ptrdiff_t>(memory.size()));
}

}  // namespace
}  // namespace jl
