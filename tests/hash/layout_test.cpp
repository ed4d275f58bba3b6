#if defined(JL_HAS_XXHASH)

#include <algorithm>
#include <complex>
#include <cstdint>
#include <cstring>
#include <gtest/gtest.h>
#include <numeric>
#include <vector>
#include <xtensor/xadapt.hpp>
#include <xtensor/xarray.hpp>
#include <xtensor/xmanipulation.hpp>
#include <xtensor/xview.hpp>

#include <jl/detail/byte_order.hpp>
#include <jl/eigen.hpp>
#include <jl/jl.hpp>
#include <jl/xtensor.hpp>

#include "hash/canonical_items.hpp"
#include "hash/support/key.hpp"
#include "support/error.hpp"

namespace jl::test {
namespace {

using RowArray = xt::xarray<double, xt::layout_type::row_major>;
using ColumnArray = xt::xarray<double, xt::layout_type::column_major>;

RowArray counted(std::vector<std::size_t> shape) {
    RowArray made = xt::zeros<double>(shape);
    std::iota(made.storage().begin(), made.storage().end(), 0.0);
    return made;
}

TEST(HashOfLayouts, IsThatOfTheValues) {
    for (const std::vector<std::size_t>& shape :
         {std::vector<std::size_t>{3, 4}, {2, 3, 4}, {1, 7}, {7, 1}, {300, 500}, {1000, 2, 300}}) {
        const RowArray rows = counted(shape);
        const std::string expected = key(rows);
        EXPECT_EQ(key(ColumnArray(rows)), expected);
        EXPECT_EQ(key(rows, 1), expected);
        EXPECT_EQ(key(rows + 0.0), expected);
        EXPECT_EQ(key(ColumnArray(rows) + 0.0), expected);
        EXPECT_EQ(key(xt::transpose(RowArray(xt::transpose(rows)))), expected);
        const RowArray flipped = xt::flip(rows, 0);
        EXPECT_EQ(key(xt::flip(flipped, 0)), expected);
        EXPECT_EQ(key(xt::view(flipped, xt::range(static_cast<std::ptrdiff_t>(shape[0]) - 1, xt::placeholders::_, -1))),
                  expected);
        EXPECT_NE(key(RowArray(rows * 2.0)), expected);
    }
}

TEST(HashOfLayouts, DependsOnShape) {
    RowArray array = counted({3, 4});
    const std::string first = key(array);
    array.reshape({4, 3});
    EXPECT_NE(key(array), first);
    array.reshape({12});
    EXPECT_NE(key(array), first);
    EXPECT_EQ(key(array), key(std::vector<double>(array.begin(), array.end())));
}

TEST(HashOfLayouts, TakesStridedAndBroadcastViews) {
    const RowArray big = counted({400, 900});
    const auto part = xt::view(big, xt::range(1, 400, 3), xt::range(0, 900, 2));
    EXPECT_EQ(key(part), key(RowArray(part)));
    const RowArray line = counted({1, 900});
    const auto wide = xt::broadcast(line, {400, 900});
    EXPECT_EQ(key(wide), key(RowArray(wide)));
}

TEST(HashOfLayouts, IsOneForXtensorEigenAndVectors) {
    const Eigen::MatrixXd matrix = Eigen::MatrixXd::Random(30, 50);
    const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> rows = matrix;
    const std::string expected = key(matrix);
    EXPECT_EQ(key(rows), expected);
    EXPECT_EQ(key(matrix + Eigen::MatrixXd::Zero(30, 50)), expected);
    EXPECT_EQ(key(matrix.transpose().eval().transpose()), expected);
    EXPECT_EQ(key(xt::adapt(rows.data(), 1500, xt::no_ownership(), std::vector<std::size_t>{30, 50})), expected);
    const Eigen::VectorXd column = matrix.col(3);
    EXPECT_EQ(key(matrix.col(3)), key(std::vector<double>(column.begin(), column.end())));
    EXPECT_EQ(key(matrix.row(3)), key(rows.row(3)));
}

TEST(HashOfLayouts, KnowsNoByteOrder) {
    const std::vector<std::int32_t> numbers{1, -2, 3'000'000};
    std::vector<std::int32_t> swapped = numbers;
    for (std::int32_t& number : swapped) number = detail::byteswapped(number);
    const std::uint64_t shape[] = {3};
    const auto write = [&](Emitter& out) {
        out.array({DType('i', 4).with_order(true), shape, 'C', std::as_bytes(std::span(swapped))});
    };
    EXPECT_EQ(detail::hash_events(write, {.hash_name = "xxh3_128"}), key(numbers));
}

#pragma pack(push, 1)
struct Packed {
    std::int8_t a;
    double b;
};
#pragma pack(pop)
struct Loose {
    std::int8_t a;
    double b;
};

TEST(HashOfLayouts, KnowsNoGapsInStructures) {
    std::vector<Loose> loose(2);
    std::memset(static_cast<void*>(loose.data()), 0x5a, 2 * sizeof(Loose));
    loose[0].a = 1, loose[0].b = 2, loose[1].a = 3, loose[1].b = 4;
    const std::string first = key(loose);
    std::memset(static_cast<void*>(loose.data()), 0, 2 * sizeof(Loose));
    loose[0].a = 1, loose[0].b = 2, loose[1].a = 3, loose[1].b = 4;
    EXPECT_EQ(key(loose), first);
    const std::vector<Packed> packed{{1, 2}, {3, 4}};
    const DType dtype = DType::structure({{"a", DType('i', 1), 0}, {"b", DType('f', 8), 1}}, 9, false);
    const std::uint64_t shape[] = {2};
    const auto write = [&](Emitter& out) { out.array({dtype, shape, 'C', std::as_bytes(std::span(packed))}); };
    EXPECT_EQ(detail::hash_events(write, {.hash_name = "xxh3_128"}), first);
}

TEST(HashOfLayouts, KnowsNoneOfTheBytesBesideALongDouble) {
    std::vector<long double> numbers(3);
    std::memset(static_cast<void*>(numbers.data()), 0x77, sizeof(long double) * 3);
    numbers[0] = 1, numbers[1] = 2, numbers[2] = 3;
    const std::string first = key(numbers);
    std::memset(static_cast<void*>(numbers.data()), 0, sizeof(long double) * 3);
    numbers[0] = 1, numbers[1] = 2, numbers[2] = 3;
    EXPECT_EQ(key(numbers), first);
}

TEST(HashOfLayouts, IsOneAtAnyNumberOfThreads) {
    const std::vector<std::uint32_t> numbers(5'000'000, 7);
    const std::string expected = key(numbers, 1);
    for (const unsigned threads : {2U, 3U, 8U}) EXPECT_EQ(key(numbers, threads), expected);
    std::vector<std::uint32_t> other = numbers;
    other[4'999'999] = 8;
    EXPECT_NE(key(other, 2), expected);
}

TEST(HashOfLayouts, RefusesFieldsThatOverlap) {
    const DType dtype = DType::structure({{"a", DType("<i8"), 0, {}}, {"b", DType("<i4"), 4, {}}}, 8, false);
    const Error error = error_of([&] { detail::CanonicalItems{dtype}; });
    EXPECT_EQ(error.code(), ErrorCode::unsupported);
    EXPECT_STREQ(error.what(),
                 "the fields of a structure of 8 bytes take 12: they overlap, and such a structure has no key");
}

}  // namespace
}  // namespace jl::test

#endif
