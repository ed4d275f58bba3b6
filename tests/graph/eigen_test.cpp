#include <Eigen/Core>
#include <Eigen/LU>
#include <complex>
#include <cstdint>
#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <jl/eigen.hpp>
#include <jl/mapping_struct.hpp>
#include <jl/mapping_variant.hpp>
#include <jl/value.hpp>

#include "graph/support/pieces.hpp"
#include "support/error.hpp"

namespace jl {
namespace {

using test::error_of;
using Shape = std::vector<std::uint64_t>;
using RowMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

template <class M = Eigen::MatrixXd>
M counted(Eigen::Index rows, Eigen::Index columns) {
    M made(rows, columns);
    for (Eigen::Index i = 0; i < rows; ++i)
        for (Eigen::Index j = 0; j < columns; ++j)
            made(i, j) = static_cast<typename M::Scalar>(static_cast<std::int16_t>(i * columns + j));
    return made;
}

template <class Scalar>
void come_back() {
    using Columns = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;
    using Rows = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    using Array = Eigen::Array<Scalar, Eigen::Dynamic, Eigen::Dynamic>;
    const auto matrix = counted<Columns>(3, 4);
    SCOPED_TRACE(DType::of<Scalar>().str());
    for (const Value& value : {Value(matrix), Value(Rows(matrix)), Value(Array(matrix.array()))}) {
        EXPECT_EQ(value.dtype(), DType::of<Scalar>());
        EXPECT_EQ(value.shape(), (Shape{3, 4}));
        EXPECT_EQ(value.as<Columns>(), matrix);
        EXPECT_EQ(value.as<Rows>(), Rows(matrix));
        EXPECT_TRUE((value.as<Array>() == matrix.array()).all());
        EXPECT_EQ((value.as<Eigen::Matrix<Scalar, 3, 4>>()), matrix);
        EXPECT_EQ((value.as<Eigen::Matrix<Scalar, 3, Eigen::Dynamic>>()), matrix);
    }
}

TEST(Eigen, MatricesOfEveryScalarComeBackInEveryLayout) {
    come_back<std::int8_t>(), come_back<std::int32_t>(), come_back<std::int64_t>();
    come_back<std::uint8_t>(), come_back<std::uint16_t>(), come_back<std::uint64_t>();
    come_back<float>(), come_back<double>(), come_back<long double>();
    come_back<std::complex<float>>(), come_back<std::complex<double>>();
}

TEST(Eigen, OrderIsThatOfTheItems) {
    EXPECT_EQ(Value(counted(3, 4)).order(), 'F');
    EXPECT_EQ(Value(counted<RowMatrix>(3, 4)).order(), 'C');
    EXPECT_EQ(Value(counted(3, 4).array() > 2.0).dtype().str(), "|b1");
}

TEST(Eigen, EmptyMatricesKeepTheirShape) {
    EXPECT_EQ(Value(Eigen::MatrixXd(0, 3)).shape(), (Shape{0, 3}));
    EXPECT_EQ(Value(Eigen::MatrixXd(0, 3)).as<Eigen::MatrixXd>().cols(), 3);
    EXPECT_EQ(Value(Eigen::VectorXd()).shape(), Shape{0});
    EXPECT_EQ(Value(Eigen::VectorXd()).as<Eigen::VectorXd>().size(), 0);
}

TEST(Eigen, VectorsAreArraysOfOneDimension) {
    const Eigen::Vector3d fixed(1, 2, 3);
    const Eigen::VectorXd column = fixed;
    const Eigen::RowVectorXd row = fixed.transpose();
    for (const Value& value :
         {Value(fixed), Value(column), Value(row), Value(std::vector<double>{1, 2, 3}), Value::list({1, 2, 3})}) {
        EXPECT_EQ(value.size(), 3U);
        EXPECT_EQ(value.as<Eigen::Vector3d>(), fixed);
        EXPECT_EQ(value.as<Eigen::VectorXd>(), column);
        EXPECT_EQ(value.as<Eigen::RowVectorXd>(), row);
        EXPECT_TRUE((value.as<Eigen::ArrayXd>() == column.array()).all());
    }
}

TEST(Eigen, VectorsTakeMatricesOfOneColumnAndRowVectorsOfOneRow) {
    const Value one_column(counted(3, 1));
    const Value one_row(counted(1, 3));
    EXPECT_EQ(one_column.as<Eigen::VectorXd>(), Eigen::Vector3d(0, 1, 2));
    EXPECT_EQ(one_row.as<Eigen::RowVectorXd>(), Eigen::RowVector3d(0, 1, 2));
    EXPECT_EQ(error_of([&] { one_row.as<Eigen::VectorXd>(); }).detail(),
              "a matrix of shape (n, 1) is needed, one of shape (1, 3) is there");
    EXPECT_EQ(error_of([&] { one_column.as<Eigen::RowVectorXd>(); }).code(), ErrorCode::range);
}

TEST(Eigen, OtherShapesAreRefused) {
    const Value value(counted(3, 4));
    const Error square = error_of([&] { value.as<Eigen::Matrix3d>(); });
    EXPECT_EQ(square.code(), ErrorCode::range);
    EXPECT_EQ(square.detail(), "a matrix of shape (3, 3) is needed, one of shape (3, 4) is there");
    using Bounded = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::ColMajor, 2, 8>;
    EXPECT_EQ(error_of([&] { value.as<Bounded>(); }).detail(),
              "a matrix of shape (<= 2, <= 8) is needed, one of shape (3, 4) is there");
    EXPECT_EQ(Value(counted(2, 4)).as<Bounded>(), counted(2, 4));
    const Error flat = error_of([&] { Value(std::vector<double>{1, 2}).as<Eigen::MatrixXd>(); });
    EXPECT_EQ(flat.code(), ErrorCode::type);
    EXPECT_EQ(flat.detail(), "an array of 2 dimensions is needed, one of shape (2,) is there");
    EXPECT_EQ(error_of([&] { Value::list({1, 2}).as<Eigen::MatrixXd>(); }).code(), ErrorCode::type);
    EXPECT_EQ(error_of([&] { Value::list({1, 2}).as<Eigen::Vector3d>(); }).code(), ErrorCode::range);
    EXPECT_EQ(error_of([&] { Value("text").as<Eigen::VectorXd>(); }).code(), ErrorCode::type);
}

TEST(Eigen, ConversionsAreExactOrRefused) {
    EXPECT_EQ(Value(counted<Eigen::MatrixXi>(2, 3)).as<Eigen::MatrixXd>(), counted(2, 3));
    EXPECT_EQ(error_of([&] { Value(Eigen::Vector2d(1, 0.5)).as<Eigen::VectorXi>(); }).code(), ErrorCode::range);
}

// ---- maps, blocks, expressions --------------------------------------------------------------------------------------

// Dumps as the matrix that the expression evaluates to.
template <class E>
void expect_same(const E& expression) {
    const typename E::PlainObject expected = expression;
    const Value value(expression);
    EXPECT_TRUE((value.as<typename E::PlainObject>().array() == expected.array()).all()) << value;
}

TEST(EigenView, IsTheMatrixThatItShows) {
    const auto columns = counted(5, 4);
    const auto rows = counted<RowMatrix>(5, 4);
    expect_same(columns.block(1, 1, 3, 2)), expect_same(rows.block(1, 1, 3, 2));
    expect_same(columns.col(2)), expect_same(rows.col(2));
    expect_same(columns.row(2)), expect_same(rows.row(2));
    expect_same(columns.diagonal()), expect_same(columns.col(1).segment(1, 3));
    expect_same(columns.transpose()), expect_same(columns.topRows<2>());
    expect_same(columns.rowwise().reverse()), expect_same(columns.reshaped(2, 10));
    expect_same(columns(Eigen::seq(0, 4, 2), Eigen::all));
    expect_same(counted<Eigen::MatrixXcd>(2, 3).real());
    EXPECT_EQ(Value(columns.transpose()).order(), 'C');
    EXPECT_EQ(Value(columns.col(2)).shape(), Shape{5});
}

TEST(EigenView, MapsAndReferencesAreMatrices) {
    const std::vector<double> memory{0, 1, 2, 3, 4, 5, 6, 7};
    expect_same(Eigen::Map<const Eigen::MatrixXd>(memory.data(), 2, 4));
    expect_same(Eigen::Map<const Eigen::VectorXd>(memory.data(), 8));
    using Strided = Eigen::Map<const Eigen::MatrixXd, 0, Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>>;
    expect_same(Strided(memory.data(), 2, 2, Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>(4, 2)));
    const auto matrix = counted(4, 4);
    const Eigen::Ref<const Eigen::MatrixXd> reference = matrix.leftCols(2);
    expect_same(reference);
}

struct Point : Eigen::Vector3d {
    using Eigen::Vector3d::Vector3d;
};

TEST(EigenView, ObjectsDerivedFromAMatrixAreThatMatrix) {
    EXPECT_EQ(Value(Point(1, 2, 3)).shape(), Shape{3});
    EXPECT_EQ(Value(Point(1, 2, 3)).as<Point>(), Eigen::Vector3d(1, 2, 3));
}

TEST(EigenExpression, IsTheMatrixThatItEvaluatesTo) {
    const auto a = counted(3, 4);
    expect_same(a * 2.0), expect_same(a + a.cwiseProduct(a)), expect_same(a.array().sin());
    expect_same(a * a.transpose()), expect_same(a * a.transpose() + Eigen::Matrix3d::Identity());
    expect_same(a * Eigen::Vector4d::Ones()), expect_same(a.colwise().sum()), expect_same(a.rowwise().mean());
    expect_same(counted<RowMatrix>(3, 4) * 2.0), expect_same(Eigen::MatrixXd::Zero(2, 3));
    expect_same(Eigen::VectorXd::LinSpaced(5, 0, 1)), expect_same(a.cast<float>());
    expect_same((Eigen::Matrix3d::Identity() * 2.0).inverse());
    expect_same(a.transpose() * 2.0), expect_same(counted(0, 3) * 2.0);
}

template <class E>
void expect_pieces(const E& expression) {
    using T = typename E::Scalar;
    const typename E::PlainObject whole = expression;
    const std::vector<T> expected(whole.data(), whole.data() + whole.size());
    for (const std::size_t step : {1U, 3U, 5U, 34U, 35U, 100U}) {
        EXPECT_EQ(test::items_in_pieces<T>(expression, step), expected) << step << " items a piece";
    }
}

TEST(EigenExpression, IsEvaluatedPieceByPiece) {
    const auto a = counted(7, 5);
    expect_pieces(a * 2.0);
    expect_pieces(counted<RowMatrix>(7, 5) * 2.0);
    expect_pieces(a.transpose() + counted(5, 7));
    expect_pieces(a.block(1, 1, 5, 3));
    expect_pieces(a.col(1).reverse());
    expect_pieces(a * a.transpose());
}

// ---- as parts of larger values, and places --------------------------------------------------------------------------

struct Model {
    Eigen::MatrixXd weights;
    Eigen::Vector3f bias;
    Eigen::Array<int, Eigen::Dynamic, 1> labels;
};

TEST(Eigen, MatricesAreFieldsOfStructures) {
    const Model model{counted(3, 4), {1, 2, 3}, Eigen::ArrayXi::LinSpaced(4, 0, 3)};
    const auto back = Value(model).as<Model>();
    EXPECT_EQ(back.weights, model.weights);
    EXPECT_EQ(back.bias, model.bias);
    EXPECT_TRUE((back.labels == model.labels).all());
    EXPECT_EQ(error_of([&] { Value(std::map<std::string, int>{{"weights", 1}}).as<Model>(); }).path(), "/weights");
}

struct ByFirst {
    bool operator()(const Eigen::Vector2i& a, const Eigen::Vector2i& b) const { return a[0] < b[0]; }
};

TEST(Eigen, VectorsCanBeDictKeys) {
    using Keyed = std::map<Eigen::Vector2i, int, ByFirst>;
    const Keyed map{{{1, 2}, 3}, {{4, 5}, 6}};
    EXPECT_EQ(Value(map).str(), "{(1, 2): 3, (4, 5): 6}");
    EXPECT_EQ(Value(map).as<Keyed>(), map);
}

TEST(EigenPlaces, AreMadeInTheMatrixesOwnMemory) {
    ArrayPlaces places;
    collect_places<Model>(places);
    const ArrayPlace* place = places.find(DType::of<double>(), 2, 'F');
    ASSERT_NE(place, nullptr);
    const ArrayPlace::Made made = place->make(Shape{300, 400}, 'F');
    auto& matrix = *static_cast<Eigen::MatrixXd*>(made.container.get());
    EXPECT_EQ(static_cast<void*>(matrix.data()), made.memory.data());
    EXPECT_EQ(made.memory.size(), 300U * 400 * sizeof(double));
    EXPECT_EQ(matrix.rows(), 300);
    ASSERT_NE(places.find(DType::of<int>(), 1, 'C'), nullptr);
    EXPECT_EQ(places.find(DType::of<int>(), 1, 'C')->make(Shape{7}, 'C').memory.size(), 7 * sizeof(int));
}

TEST(EigenPlaces, AreOfTheirOrderAndNotOfFixedSizes) {
    ArrayPlaces places;
    collect_places<Model>(places);
    collect_places<Eigen::Matrix<float, 3, Eigen::Dynamic>>(places);
    EXPECT_EQ(places.find(DType::of<double>(), 2, 'C'), nullptr);
    EXPECT_EQ(places.find(DType::of<float>(), 1, 'C'), nullptr);
    EXPECT_EQ(places.find(DType::of<float>(), 2, 'F'), nullptr);
}

}  // namespace
}  // namespace jl
