#include "array/layout.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <string>

#include "support/error.hpp"
#include "support/random.hpp"

namespace jl {
namespace {

using test::error_of;
using Strides = std::vector<std::ptrdiff_t>;

TEST(CheckedNbytes, MultipliesAShape) {
    EXPECT_EQ(checked_nbytes(Shape{}, 8), 8U);
    EXPECT_EQ(checked_nbytes(Shape{3, 4}, 8), 96U);
    EXPECT_EQ(checked_nbytes(Shape{3, 0, 4}, 8), 0U);
    EXPECT_EQ(checked_nbytes(Shape{3, 4}, 0), 0U);
    EXPECT_EQ(checked_nbytes(Shape{1ULL << 31, 1ULL << 32}, 1), 1ULL << 63);
}

TEST(CheckedNbytes, RefusesWhatDoesNotFit) {
    const auto code = [](const Shape& shape, std::uint64_t itemsize) {
        return error_of([&] { checked_nbytes(shape, itemsize); }).code();
    };
    EXPECT_EQ(code({1ULL << 32, 1ULL << 32}, 1), ErrorCode::range);
    EXPECT_EQ(code({1ULL << 61}, 8), ErrorCode::range);
    EXPECT_EQ(code({1ULL << 32, 1ULL << 32}, 0), ErrorCode::range);
    EXPECT_EQ(code({0, 1ULL << 32, 1ULL << 32}, 1), ErrorCode::range) << "strides of such a shape would not fit either";
    EXPECT_EQ(error_of([] { checked_nbytes(Shape{1ULL << 61}, 8); }).detail(),
              "the size of an array of shape (2305843009213693952,) with items of 8 bytes does not fit in 64 bits");
}

TEST(ShapeText, IsPythonsTuple) {
    EXPECT_EQ(to_string(Shape{}), "()");
    EXPECT_EQ(to_string(Shape{3}), "(3,)");
    EXPECT_EQ(to_string(Shape{3, 4, 5}), "(3, 4, 5)");
}

// An array in memory with strides of any order and sign and with gaps, as a user's view may be.
struct Strided {
    Shape shape = {};
    Strides strides = {};
    std::size_t itemsize = 1;
    std::vector<std::byte> memory = {};
    std::size_t origin = 0;  // of element (0, ..., 0)
    std::byte* first() { return memory.data() + origin; }
};

Strided random_array(test::Random& random, std::size_t rank, std::size_t itemsize, std::uint64_t longest) {
    Strided array{.itemsize = itemsize};
    std::vector<std::size_t> axes(rank);
    for (std::size_t axis = 0; axis < rank; ++axis) {
        axes[axis] = axis;
        array.shape.push_back(random.below(8) == 0 ? 1 : 1 + random.below(longest));
    }
    for (std::size_t i = rank; i > 1; --i) std::swap(axes[i - 1], axes[random.below(i)]);
    array.strides.resize(rank);
    std::ptrdiff_t span = 1;
    std::ptrdiff_t origin = 0;
    for (const std::size_t axis : axes) {
        const auto extent = static_cast<std::ptrdiff_t>(array.shape[axis]);
        if (random.below(4) == 0) span += random.between(1, 3);
        const bool backwards = random.below(3) == 0;
        array.strides[axis] = backwards ? -span : span;
        if (backwards) origin += span * (extent - 1);
        span *= extent;
    }
    array.memory = random.bytes(static_cast<std::size_t>(span) * itemsize);
    array.origin = static_cast<std::size_t>(origin) * itemsize;
    return array;
}

std::uint64_t count_of(const Shape& shape) { return checked_nbytes(shape, 1); }

// The twin: where the item at `position` lies, the slow way.
std::byte* item_at(Strided& array, std::uint64_t position, char order) {
    std::ptrdiff_t offset = 0;
    for (std::size_t i = 0; i < array.shape.size(); ++i) {
        const std::size_t axis = order == 'C' ? array.shape.size() - 1 - i : i;
        offset += static_cast<std::ptrdiff_t>(position % array.shape[axis]) * array.strides[axis];
        position /= array.shape[axis];
    }
    return array.first() + offset * static_cast<std::ptrdiff_t>(array.itemsize);
}

std::vector<std::byte> naive_gather(Strided& array, std::uint64_t first, std::uint64_t count, char order) {
    std::vector<std::byte> items(count * array.itemsize);
    for (std::uint64_t i = 0; i < count; ++i) {
        std::copy_n(item_at(array, first + i, order), array.itemsize, items.data() + i * array.itemsize);
    }
    return items;
}

void naive_scatter(std::span<const std::byte> items, Strided& array, std::uint64_t first, char order) {
    for (std::uint64_t i = 0; i < items.size() / array.itemsize; ++i) {
        std::copy_n(items.data() + i * array.itemsize, array.itemsize, item_at(array, first + i, order));
    }
}

void compare_with_twin(test::Random& random, Strided array, std::uint64_t first, std::uint64_t count, char order) {
    SCOPED_TRACE(to_string(array.shape) + " order " + order + " itemsize " + std::to_string(array.itemsize) + " [" +
                 std::to_string(first) + ", +" + std::to_string(count) + ")");
    std::vector<std::byte> items(count * array.itemsize);
    gather(items, first, order, array.shape, array.first(), array.strides, array.itemsize);
    ASSERT_TRUE(items == naive_gather(array, first, count, order));
    Strided expected = array;
    const auto fresh = random.bytes(items.size());
    naive_scatter(fresh, expected, first, order);
    scatter(fresh, first, order, array.shape, array.first(), array.strides, array.itemsize);
    ASSERT_TRUE(array.memory == expected.memory) << "scattered elsewhere too";
}

TEST(ScatterAndGather, AgreeWithTheirTwinOnRandomShapesStridesAndRanges) {
    test::Random random;
    SCOPED_TRACE(random.seed_text());
    constexpr std::size_t itemsizes[] = {1, 2, 3, 4, 8, 12, 16, 24};
    for (int round = 0; round < 1500 && !testing::Test::HasFatalFailure(); ++round) {
        const std::size_t rank = random.below(5);
        const std::size_t itemsize = itemsizes[random.below(std::size(itemsizes))];
        const Strided array = random_array(random, rank, itemsize, rank < 3 ? 40 : 9);
        const std::uint64_t total = count_of(array.shape);
        const std::uint64_t first = random.below(total + 1);
        const bool whole = random.below(3) == 0;
        const char order = random.below(2) == 0 ? 'C' : 'F';
        compare_with_twin(random, array, whole ? 0 : first, whole ? total : random.below(total - first + 1), order);
    }
}

TEST(ScatterAndGather, DoEveryRangeOfASmallArray) {
    test::Random random;
    SCOPED_TRACE(random.seed_text());
    const Strided array = random_array(random, 3, 4, 5);
    const std::uint64_t total = count_of(array.shape);
    for (std::uint64_t first = 0; first <= total; ++first) {
        for (std::uint64_t count = 0; first + count <= total; ++count) {
            for (const char order : {'C', 'F'}) compare_with_twin(random, array, first, count, order);
        }
    }
}

TEST(ScatterAndGather, TakeFortyAxes) {
    test::Random random;
    SCOPED_TRACE(random.seed_text());
    Strided array = random_array(random, 40, 2, 1);
    std::ptrdiff_t span = 1;
    for (const std::size_t axis : {39U, 3U, 17U, 0U, 25U, 8U}) {
        array.shape[axis] = 3;
        array.strides[axis] = span;
        span *= 3;
    }
    array.memory = random.bytes(static_cast<std::size_t>(span) * 2);
    array.origin = 0;
    for (const char order : {'C', 'F'}) {
        compare_with_twin(random, array, 0, 729, order);
        compare_with_twin(random, array, 100, 500, order);
    }
}

TEST(ScatterAndGather, LeaveEmptyArraysAlone) {
    const Strides strides{5, 1};
    gather({}, 0, 'C', Shape{0, 5}, nullptr, strides, 8);
    scatter({}, 0, 'F', Shape{0, 5}, nullptr, strides, 8);
}

TEST(Gather, RepeatsAnAxisOfStrideZero) {
    const std::string row = "abc";
    std::string items(6, ' ');
    gather(std::as_writable_bytes(std::span(items)), 0, 'C', Shape{2, 3}, std::as_bytes(std::span(row)).data(),
           Strides{0, 1}, 1);
    EXPECT_EQ(items, "abcabc");
}

TEST(Gather, TransposesMatricesOfAnySide) {
    test::Random random;
    SCOPED_TRACE(random.seed_text());
    for (const std::size_t itemsize : {1U, 2U, 4U, 8U, 16U}) {
        for (const std::uint64_t side : {15U, 16U, 17U, 31U, 32U, 33U, 64U, 100U}) {
            Strided array{
                .shape = {side, side + 3}, .strides = {static_cast<std::ptrdiff_t>(side + 3), 1}, .itemsize = itemsize};
            array.memory = random.bytes(side * (side + 3) * itemsize);
            compare_with_twin(random, array, 0, side * (side + 3), 'F');
        }
    }
}

}  // namespace
}  // namespace jl
