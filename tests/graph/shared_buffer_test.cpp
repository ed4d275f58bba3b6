#include <cstddef>
#include <gtest/gtest.h>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>
#include <xtensor/xmath.hpp>
#include <xtensor/xnoalias.hpp>
#include <xtensor/xview.hpp>

#include <jl/value.hpp>
#include <jl/xtensor.hpp>

namespace jl {
namespace {

static_assert(std::is_nothrow_move_constructible_v<detail::SharedBuffer<double>>);
static_assert(std::is_default_constructible_v<xarray<double>> && std::is_copy_assignable_v<xarray<double>>);

Array<double> counted(std::vector<std::uint64_t> shape, char order = 'C') {
    Array<double> array(std::move(shape), order);
    double next = 0;
    for (double& item : array) item = next++;
    return array;
}

TEST(SharedXarray, AdoptsItemsWithoutACopy) {
    const Array<double> array = counted({2, 3});
    xarray<double> adopted = as_xarray(array);
    EXPECT_EQ(adopted.data(), array.data());
    EXPECT_EQ(adopted, (xt::xarray<double>{{0, 1, 2}, {3, 4, 5}}));
    adopted(1, 2) = 50;
    EXPECT_EQ(array(1, 2), 50);
}

TEST(SharedXarray, AdoptsColumnMajorItemsAsTheyLie) {
    const xarray<double> adopted = as_xarray(counted({2, 3}, 'F'));
    EXPECT_EQ(adopted.layout(), xt::layout_type::column_major);
    EXPECT_EQ(adopted, (xt::xarray<double>{{0, 2, 4}, {1, 3, 5}}));
}

TEST(SharedXarray, KeepsTheOwnerAlive) {
    auto owner = std::make_shared<std::vector<double>>(4, 1.5);
    const std::weak_ptr<void> watch = owner;
    double* const items = owner->data();
    xarray<double> adopted = as_xarray(Array<double>(items, {2, 2}, 'C', std::move(owner)));
    EXPECT_FALSE(watch.expired());
    EXPECT_EQ(adopted(1, 1), 1.5);
    xarray<double> moved = std::move(adopted);
    EXPECT_FALSE(watch.expired());
    EXPECT_EQ(moved.data(), items);
    moved = xarray<double>();
    EXPECT_TRUE(watch.expired());
}

TEST(SharedXarray, CopiesHaveItemsOfTheirOwn) {
    const Array<double> array = counted({2, 2});
    const xarray<double> adopted = as_xarray(array);
    xarray<double> copy = adopted;
    EXPECT_EQ(copy, adopted);
    EXPECT_NE(copy.data(), adopted.data());
    copy(0, 0) = 9;
    EXPECT_EQ(array(0, 0), 0);
    xarray<double> assigned;
    assigned = adopted;
    assigned(0, 0) = 9;
    EXPECT_EQ(array(0, 0), 0);
}

TEST(SharedXarray, AssignedExpressionsReplaceItemsAndPartsWriteThem) {
    const Array<double> array = counted({2, 2});
    xarray<double> adopted = as_xarray(array);
    xt::view(adopted, 0, xt::all()) = 7;
    adopted += 1;
    EXPECT_EQ(array(0, 1), 8);
    xt::noalias(adopted) = xt::ones<double>({2, 2});
    EXPECT_EQ(array(1, 1), 1);
    adopted = adopted * 5.0;
    EXPECT_EQ(adopted(1, 1), 5);
    EXPECT_EQ(array(1, 1), 1) << "the array has items of its own now";
}

TEST(SharedXarray, WorksAsAnyArrayOfXtensor) {
    xarray<double> a{{1, 2}, {3, 4}};
    const xt::xtensor<double, 1> row{10, 20};
    EXPECT_EQ(xarray<double>(a + row), (xt::xarray<double>{{11, 22}, {13, 24}}));
    EXPECT_EQ(xt::sum(a)(), 10);
    EXPECT_EQ(xt::xarray<double>(xt::transpose(a)), (xt::xarray<double>{{1, 3}, {2, 4}}));
    a.resize({3});
    a.fill(2);
    EXPECT_EQ(a, (xt::xarray<double>{2, 2, 2}));
    const xarray<double> of_expression = xt::arange<double>(3) * 2.0;
    EXPECT_EQ(of_expression, (xt::xarray<double>{0, 2, 4}));
    jl::xtensor<int, 2> tensor{{1, 2}};
    tensor = tensor + 1;
    EXPECT_EQ(tensor, (xt::xarray<int>{{2, 3}}));
    EXPECT_EQ(xarray<double>().dimension(), 0U);
}

TEST(SharedXarray, SharesTheItemsOfTheDocumentItWasReadFrom) {
    const Value value(xt::xarray<double>{{1, 2}, {3, 4}});
    const auto adopted = value.as<xarray<double>>();
    EXPECT_EQ(static_cast<const void*>(adopted.data()), value.array_bytes().data());
    const auto converted = value.as<xarray<float>>();
    EXPECT_EQ(converted(1, 0), 3.0F);
    const auto copied = value.as<xt::xarray<double>>();
    EXPECT_NE(static_cast<const void*>(copied.data()), value.array_bytes().data());
}

}  // namespace
}  // namespace jl
