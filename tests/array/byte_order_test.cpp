#include <algorithm>
#include <gtest/gtest.h>
#include <vector>

#include "array/layout.hpp"
#include "support/error.hpp"

namespace jl {
namespace {

std::vector<std::byte> counting(std::size_t count) {
    std::vector<std::byte> bytes(count);
    for (std::size_t i = 0; i < count; ++i) bytes[i] = static_cast<std::byte>(i);
    return bytes;
}

// 0, 1, 2, ... after make_native, as numbers.
std::vector<int> swapped(std::size_t count, const DType& dtype) {
    std::vector<std::byte> bytes = counting(count);
    make_native(bytes, dtype);
    std::vector<int> numbers;
    for (const std::byte byte : bytes) numbers.push_back(std::to_integer<int>(byte));
    return numbers;
}

using Bytes = std::vector<int>;

TEST(MakeNative, ReversesEveryNumber) {
    EXPECT_EQ(swapped(4, DType(">i2")), (Bytes{1, 0, 3, 2}));
    EXPECT_EQ(swapped(8, DType(">f4")), (Bytes{3, 2, 1, 0, 7, 6, 5, 4}));
    EXPECT_EQ(swapped(8, DType(">u8")), (Bytes{7, 6, 5, 4, 3, 2, 1, 0}));
    EXPECT_EQ(swapped(8, DType(">M8[ns]")), (Bytes{7, 6, 5, 4, 3, 2, 1, 0}));
    EXPECT_EQ(swapped(16, DType(">f16")), (Bytes{15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0}));
}

TEST(MakeNative, ReversesThePartsOfComplexNumbersAndStrings) {
    EXPECT_EQ(swapped(8, DType(">c8")), (Bytes{3, 2, 1, 0, 7, 6, 5, 4}));
    EXPECT_EQ(swapped(8, DType(">U2")), (Bytes{3, 2, 1, 0, 7, 6, 5, 4}));
}

TEST(MakeNative, LeavesNativeItemsAlone) {
    for (const char* const text : {"<f8", "|S8", "|V8", ">i1", "O"}) {
        EXPECT_EQ(swapped(8, DType(text)), (Bytes{0, 1, 2, 3, 4, 5, 6, 7})) << text;
    }
    EXPECT_TRUE(swapped(0, DType(">f8")).empty());
    EXPECT_TRUE(swapped(0, DType(">U0")).empty());
}

TEST(MakeNative, GoesIntoStructuresAndSubarrays) {
    const DType inner = DType::structure({{"a", DType(">i2"), 0}, {"b", DType("i1"), 2}}, 3, false);
    EXPECT_EQ(swapped(6, inner), (Bytes{1, 0, 2, 4, 3, 5}));
    EXPECT_EQ(swapped(4, DType::subarray(DType(">i2"), {2})), (Bytes{1, 0, 3, 2}));
    const DType outer = DType::structure({{"n", DType("<i2"), 0}, {"p", DType::subarray(inner, {2, 1}), 3}}, 10, false);
    EXPECT_EQ(swapped(10, outer), (Bytes{0, 1, 2, 4, 3, 5, 7, 6, 8, 9}));
}

TEST(MakeNative, RefusesFieldsThatShareBytes) {
    const auto code = [](const DType& dtype) {
        auto bytes = counting(8);
        return test::error_of([&] { make_native(bytes, dtype); }).code();
    };
    const DType shared = DType::structure({{"a", DType(">i4"), 0}, {"b", DType(">i2"), 2}}, 8, false);
    EXPECT_EQ(code(shared), ErrorCode::unsupported);
    EXPECT_EQ(code(DType::structure({{"s", DType::subarray(shared, {1}), 0}}, 8, false)), ErrorCode::unsupported);
    const DType apart =
        DType::structure({{"b", DType(">i2"), 4}, {"a", DType(">i4"), 0}, {"c", DType("<i2"), 4}}, 8, false);
    EXPECT_EQ(swapped(8, apart), (Bytes{3, 2, 1, 0, 5, 4, 6, 7}));
}

}  // namespace
}  // namespace jl
