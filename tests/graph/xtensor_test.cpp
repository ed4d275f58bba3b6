#include <complex>
#include <cstdint>
#include <gtest/gtest.h>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>
#include <xtensor/xadapt.hpp>
#include <xtensor/xcomplex.hpp>
#include <xtensor/xindex_view.hpp>
#include <xtensor/xmath.hpp>
#include <xtensor/xrandom.hpp>
#include <xtensor/xstrided_view.hpp>
#include <xtensor/xview.hpp>

#include <jl/mapping_pointers.hpp>
#include <jl/mapping_struct.hpp>
#include <jl/mapping_variant.hpp>
#include <jl/value.hpp>
#include <jl/xtensor.hpp>

#include "graph/support/counted.hpp"
#include "graph/support/pieces.hpp"
#include "support/error.hpp"

namespace jl {
namespace {

using test::error_of;
using Shape = std::vector<std::uint64_t>;
using test::column_major, test::counted, test::dynamic_layout, test::row_major;

template <class T>
void come_back() {
    for (const std::vector<std::size_t>& shape : std::vector<std::vector<std::size_t>>{{}, {5}, {3, 4}, {2, 3, 4}}) {
        const auto rows = counted<T>(shape);
        const auto columns = counted<T, column_major>(shape);
        SCOPED_TRACE(DType::of<T>().str() + " of " + std::to_string(shape.size()) + " dimensions");
        const Value from_rows(rows);
        const Value from_columns(columns);
        EXPECT_EQ(from_rows.dtype(), DType::of<T>());
        EXPECT_EQ(from_rows.shape(), Shape(shape.begin(), shape.end()));
        EXPECT_EQ(from_rows.order(), 'C');
        EXPECT_EQ(from_columns.order(), shape.size() > 1 ? 'F' : 'C');
        for (const Value& value : {from_rows, from_columns}) {
            EXPECT_EQ(value.as<xt::xarray<T>>(), rows);
            EXPECT_EQ((value.as<xt::xarray<T, column_major>>()), columns);
            EXPECT_EQ((value.as<xt::xarray<T, dynamic_layout>>()), rows);
            EXPECT_EQ(value.as<xarray<T>>(), rows);
        }
    }
}

TEST(Xtensor, ArraysOfEveryElementTypeComeBackInEveryLayout) {
    come_back<std::int8_t>(), come_back<std::int16_t>(), come_back<std::int32_t>(), come_back<std::int64_t>();
    come_back<std::uint8_t>(), come_back<std::uint16_t>(), come_back<std::uint32_t>(), come_back<std::uint64_t>();
    come_back<float>(), come_back<double>(), come_back<long double>();
    come_back<std::complex<float>>(), come_back<std::complex<double>>();
}

TEST(Xtensor, EmptyArraysKeepTheirShape) {
    const xt::xarray<double> empty = xt::xarray<double>::from_shape({2, 0, 3});
    const xt::xarray<double, column_major> columns = xt::xarray<double, column_major>::from_shape({2, 0, 3});
    for (const Value& value :
         {Value(empty), Value(columns), Value(empty + 1.0), Value(xt::transpose(empty, {0, 1, 2}))}) {
        EXPECT_EQ(value.shape(), (Shape{2, 0, 3}));
        EXPECT_EQ(value.as<xt::xarray<double>>().shape(), empty.shape());
        EXPECT_EQ((value.as<xt::xtensor<double, 3, column_major>>().size()), 0U);
        EXPECT_EQ(value.as<xarray<double>>().shape(), empty.shape());
        EXPECT_EQ(value.as<xarray<float>>().size(), 0U);
    }
    EXPECT_EQ(Value(std::vector<double>{}).as<xt::xarray<double>>().size(), 0U);
}

TEST(Xtensor, BoolIsAnElementType) {
    const xt::xarray<bool> mask{{true, false}, {false, true}};
    const Value value(mask);
    EXPECT_EQ(value.dtype().str(), "|b1");
    EXPECT_EQ(value.as<xt::xarray<bool>>(), mask);
    EXPECT_EQ(value.as<xarray<bool>>(), mask);
    EXPECT_EQ(value.as<xt::xarray<int>>(), (xt::xarray<int>{{1, 0}, {0, 1}}));
    const Value number(xt::xarray<int>{1, 2});
    EXPECT_EQ(error_of([&] { number.as<xt::xarray<bool>>(); }).code(), ErrorCode::range);
}

TEST(Xtensor, LayoutOfALoadedDynamicArrayIsThatOfTheItems) {
    EXPECT_EQ((Value(counted({3, 4})).as<xt::xarray<double, dynamic_layout>>().layout()), row_major);
    EXPECT_EQ((Value(counted<double, column_major>({3, 4})).as<xt::xarray<double, dynamic_layout>>().layout()),
              column_major);
    EXPECT_EQ((Value(counted<double, column_major>({3, 4})).as<xarray<double>>().layout()), column_major);
}

TEST(Xtensor, TensorsTakeArraysOfTheirNumberOfDimensions) {
    const Value value(counted({3, 4}));
    EXPECT_EQ((value.as<xt::xtensor<double, 2>>()), counted({3, 4}));
    EXPECT_EQ((value.as<xtensor<double, 2>>()), counted({3, 4}));
    EXPECT_EQ((Value(xt::xtensor<float, 3>(xt::ones<float>({2, 1, 3}))).shape()), (Shape{2, 1, 3}));
}

TEST(Xtensor, TensorsRefuseArraysOfAnotherNumberOfDimensions) {
    const Value value(counted({3, 4}));
    const Error error = error_of([&] { value.as<xt::xtensor<double, 1>>(); });
    EXPECT_EQ(error.code(), ErrorCode::type);
    EXPECT_EQ(error.detail(), "an array of 1 dimension is needed, one of shape (3, 4) is there");
    EXPECT_EQ(error_of([&] { value.as<xtensor<double, 3>>(); }).detail(),
              "an array of 3 dimensions is needed, one of shape (3, 4) is there");
}

TEST(Xtensor, FixedTensorsTakeTheirShapeOnly) {
    using Fixed = xt::xtensor_fixed<double, xt::xshape<3, 4>>;
    const Fixed fixed = counted({3, 4});
    EXPECT_EQ(Value(fixed).as<xt::xarray<double>>(), counted({3, 4}));
    EXPECT_EQ((Value(counted<double, column_major>({3, 4})).as<Fixed>()), counted({3, 4}));
    const Error error = error_of([&] { Value(counted({4, 3})).as<Fixed>(); });
    EXPECT_EQ(error.code(), ErrorCode::range);
    EXPECT_EQ(error.detail(), "an array of shape (3, 4) is needed, one of shape (4, 3) is there");
    EXPECT_EQ(error_of([&] { Value(counted({3})).as<Fixed>(); }).code(), ErrorCode::type);
}

TEST(Xtensor, ConversionsAreExactOrRefused) {
    EXPECT_EQ(Value(counted<int>({2, 3})).as<xt::xarray<double>>(), counted({2, 3}));
    EXPECT_EQ(Value(counted<int>({2, 3})).as<xarray<double>>(), counted({2, 3}));
    EXPECT_EQ(Value(counted({2, 3})).as<xt::xarray<std::uint8_t>>(), counted<std::uint8_t>({2, 3}));
    const Value value(xt::xarray<double>{1.0, 0.5});
    for (const Error& error :
         {error_of([&] { value.as<xt::xarray<int>>(); }), error_of([&] { value.as<xarray<int>>(); })}) {
        EXPECT_EQ(error.code(), ErrorCode::range);
        EXPECT_EQ(error.detail(), "item 1 is 0.5, which is not exactly a <i4");
    }
}

TEST(Xtensor, ListsOfNumbersAreArraysOfOneDimension) {
    const Value list = Value::list({1, 2.5, 3});
    const xt::xarray<double> expected{1, 2.5, 3};
    EXPECT_EQ(list.as<xt::xarray<double>>(), expected);
    EXPECT_EQ(list.as<xarray<double>>(), expected);
    EXPECT_EQ((list.as<xt::xtensor<double, 1>>()), expected);
    EXPECT_EQ((list.as<xt::xtensor_fixed<double, xt::xshape<3>>>()), expected);
    EXPECT_EQ(error_of([&] { list.as<xt::xtensor<double, 2>>(); }).code(), ErrorCode::type);
    EXPECT_EQ(error_of([&] { (list.as<xt::xtensor_fixed<double, xt::xshape<4>>>()); }).code(), ErrorCode::range);
    EXPECT_EQ(error_of([&] { Value("text").as<xt::xarray<double>>(); }).code(), ErrorCode::type);
    EXPECT_EQ(error_of([&] { Value::list({1, "x"}).as<xt::xarray<double>>(); }).path(), "/1");
}

// ---- views and expressions ------------------------------------------------------------------------------------------

// Dumps as the array that the expression evaluates to.
template <class E>
void expect_same(const E& expression) {
    const xt::xarray<typename E::value_type> expected = expression;
    const Value value(expression);
    EXPECT_EQ(value.as<xt::xarray<typename E::value_type>>(), expected);
    EXPECT_EQ(value.shape(), Shape(expected.shape().begin(), expected.shape().end()));
}

TEST(XtensorView, IsTheArrayThatItShows) {
    const auto six = counted({6, 4});
    const auto cube = counted<int, column_major>({3, 4, 5});
    expect_same(xt::view(six, xt::range(1, 6, 2), xt::all()));
    expect_same(xt::view(six, xt::all(), 2));
    expect_same(xt::view(six, 3));
    expect_same(xt::view(six, xt::keep(4, 0, 4), xt::drop(1)));
    expect_same(xt::view(six, xt::newaxis(), xt::all(), xt::range(1, 2)));
    EXPECT_EQ(Value(xt::view(six, xt::range(3, 3), xt::all())).shape(), (Shape{0, 4}));
    expect_same(xt::view(cube, xt::all(), xt::range(1, 3), xt::range(0, 5, 3)));
    expect_same(xt::strided_view(cube, {xt::ellipsis(), 2}));
    expect_same(xt::flip(six, 1));
    expect_same(xt::flip(cube, 0));
    expect_same(xt::transpose(cube, {2, 0, 1}));
    expect_same(xt::broadcast(six, {2, 6, 4}));
    expect_same(xt::view(xt::view(six, xt::range(2, 6), xt::all()), xt::all(), xt::range(1, 4)));
    expect_same(xt::view(six + 1.0, xt::range(1, 3), xt::all()));
    expect_same(xt::strided_view(six + 1.0, {xt::range(1, 3), 2}));
    expect_same(xt::index_view(six, std::vector<std::vector<std::size_t>>{{0, 0}, {5, 3}, {2, 1}}));
    expect_same(xt::real(counted<std::complex<double>>({3, 2})));
}

TEST(XtensorView, TransposedIsTheSameMemoryInTheOtherOrder) {
    const Value value(xt::transpose(counted({3, 4})));
    EXPECT_EQ(value.order(), 'F');
    EXPECT_EQ(value.shape(), (Shape{4, 3}));
}

template <class View>
struct Showing {
    View view;
};

// Views have an operator & of their own.
TEST(XtensorView, IsAFieldOfAStructureAndMayBeShared) {
    const xt::xarray<double> array{{1, 2}, {3, 4}};
    const auto column = xt::view(array, xt::all(), 1);
    const Value held = Value(Showing<decltype(column)>{column});
    EXPECT_EQ(held["view"].as<std::vector<double>>(), (std::vector<double>{2, 4}));
    const auto pointer = std::make_shared<std::remove_const_t<decltype(column)>>(column);
    const Value shared = Value(std::vector{pointer, pointer});
    EXPECT_EQ(shared[1].as<std::vector<double>>(), (std::vector<double>{2, 4}));
    EXPECT_TRUE(shared[0].same_as(shared[1]));
}

TEST(XtensorView, AdaptedMemoryIsAnArray) {
    std::vector<double> memory{0, 1, 2, 3, 4, 5};
    const auto as_matrix = xt::adapt(memory, std::vector<std::size_t>{2, 3});
    const auto as_tensor =
        xt::adapt<column_major>(memory.data(), memory.size(), xt::no_ownership(), std::array<std::size_t, 2>{2, 3});
    EXPECT_EQ(Value(as_matrix).as<xt::xarray<double>>(), counted({2, 3}));
    EXPECT_EQ(Value(as_tensor).order(), 'F');
    expect_same(as_tensor);
    expect_same(xt::adapt(std::vector<bool>{true, false, true}, std::vector<std::size_t>{3}));
}

TEST(XtensorExpression, IsTheArrayThatItEvaluatesTo) {
    const auto a = counted({3, 4});
    const auto b = counted<double, column_major>({3, 4});
    const auto row = counted({4});
    expect_same(a * 2.0 + 1.0);
    expect_same(b * 2.0 + 1.0);
    expect_same(a + b);
    expect_same(a + row);
    expect_same(xt::sin(a) > 0.5);
    expect_same(xt::cast<int>(a));
    expect_same(xt::sum(a, {0}));
    expect_same(xt::mean(a, {1}));
    expect_same(xt::sum(a));
    expect_same(xt::where(a > 3.0, a, -a));
    expect_same(xt::ones<float>({2, 3}));
    expect_same(xt::arange<int>(7));
    expect_same(xt::linspace<double>(0, 1, 11));
    expect_same(xt::concatenate(xt::xtuple(a, a), 1));
    expect_same(xarray<double>(a) * 2.0);
    expect_same(xarray<double>(b) * xarray<double>(b));
}

TEST(XtensorExpression, OfColumnMajorOperandsStaysColumnMajor) {
    const auto b = counted<double, column_major>({3, 4});
    EXPECT_EQ(Value(b * 2.0).order(), 'F');
    EXPECT_EQ(Value(Value(b).as<xarray<double>>() * 2.0).order(), 'F');
    EXPECT_EQ(Value(counted({3, 4}) * 2.0).order(), 'C');
}

// The items piece by piece, and those of the array that the expression evaluates to.
template <class E>
void expect_pieces(const E& expression) {
    using T = typename E::value_type;
    const xt::xarray<T> whole = expression;
    const std::vector<T> expected(whole.begin(), whole.end());
    for (const std::size_t step : {1U, 3U, 5U, 34U, 35U, 100U}) {
        EXPECT_EQ(test::items_in_pieces<T>(expression, step), expected) << step << " items a piece";
    }
}

TEST(XtensorExpression, IsEvaluatedPieceByPiece) {
    const auto a = counted({7, 5});
    expect_pieces(a * 2.0 + 1.0);
    expect_pieces(a + xt::view(a, 2));
    expect_pieces(xt::flip(a, 0));
    expect_pieces(xt::view(a, xt::all(), xt::range(0, 5, 2)));
    expect_pieces(xt::arange<int>(35));
}

TEST(XtensorExpression, DrawsRandomNumbersOnce) {
    xt::random::seed(7);
    const xt::xarray<double> drawn = xt::random::rand<double>({4, 5});
    xt::random::seed(7);
    EXPECT_EQ(Value(xt::random::rand<double>({4, 5})).as<xt::xarray<double>>(), drawn);
}

// ---- as parts of larger values --------------------------------------------------------------------------------------

struct Layer {
    xt::xtensor<float, 2> kernel;
    int stride = 1;
};
struct Model {
    std::string name;
    xt::xarray<float> weights;
    xarray<double> adopted;
    xt::xtensor_fixed<int, xt::xshape<2, 2>> fixed;
    std::optional<xt::xarray<double>> extra;
    std::vector<std::shared_ptr<Layer>> layers;
};

TEST(Xtensor, ArraysAreFieldsOfStructures) {
    const auto layer = std::make_shared<Layer>(Layer{xt::ones<float>({2, 2}), 3});
    Model model{"m", counted<float>({2, 3}), counted({3, 2}), counted<int>({2, 2}), std::nullopt, {layer, layer}};
    const auto back = Value(model).as<Model>();
    EXPECT_EQ(back.weights, model.weights);
    EXPECT_EQ(back.adopted, model.adopted);
    EXPECT_EQ(back.fixed, model.fixed);
    EXPECT_FALSE(back.extra);
    EXPECT_EQ(back.layers[0]->kernel, layer->kernel);
    EXPECT_EQ(back.layers[0], back.layers[1]);
    EXPECT_EQ(Value(model)["weights"].kind(), Kind::array);
    EXPECT_EQ(error_of([&] {
                  Value(std::map<std::string, int>{{"kernel", 1}, {"stride", 2}}).as<Layer>();
              }).path(),
              "/kernel");
}

TEST(Xtensor, ArraysAreValuesOfContainersAndVariants) {
    using Map = std::map<std::string, xt::xarray<double>>;
    const Map map{{"a", counted({2, 2})}, {"b", counted({})}};
    EXPECT_EQ(Value(map).as<Map>(), map);
    using Either = std::variant<std::string, xt::xarray<int>>;
    const std::vector<Either> list{"text", xt::xarray<int>{1, 2}};
    EXPECT_EQ(Value(list).as<std::vector<Either>>(), list);
}

struct ByFirst {
    template <class A>
    bool operator()(const A& a, const A& b) const {
        return *a.begin() < *b.begin();
    }
};

TEST(Xtensor, ArraysOfOneDimensionCanBeDictKeys) {
    using Keyed = std::map<xt::xarray<int>, int, ByFirst>;
    const Keyed map{{{1, 2}, 3}, {{4, 5}, 6}};
    const Value value(map);
    EXPECT_EQ(value.str(), "{(1, 2): 3, (4, 5): 6}");
    EXPECT_EQ(value.as<Keyed>(), map);
    const Keyed matrix{{counted<int>({2, 2}), 3}};
    EXPECT_EQ(error_of([&] { Value::list({matrix}); }).code(), ErrorCode::type);
}

}  // namespace
}  // namespace jl
