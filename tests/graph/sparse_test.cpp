#include <complex>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <jl/sparse.hpp>
#include <jl/value.hpp>

#include "graph/support/trip.hpp"
#include "support/error.hpp"

namespace jl {
namespace {

using test::error_of;
using testing::HasSubstr;
using ByRows = Eigen::SparseMatrix<double, Eigen::RowMajor>;
using ByColumns = Eigen::SparseMatrix<double>;

template <class Matrix>
Matrix sample() {
    Matrix made(3, 4);
    made.insert(0, 1) = 1;
    made.insert(2, 0) = 2;
    made.insert(2, 3) = -3;
    return made;
}

template <class Matrix>
Eigen::MatrixXd dense(const Matrix& matrix) {
    return Eigen::MatrixXd(matrix.template cast<double>());
}

Value sparse_dict(const char* format, std::vector<std::int32_t> outer, std::vector<std::int32_t> inner,
                  std::vector<double> data, std::vector<std::int64_t> shape = {3, 4}) {
    const bool coo = std::string_view(format) == "coo";
    return Value::dict({{"format", format},
                        {"shape", shape},
                        {"data", data},
                        {coo ? "row" : "indptr", outer},
                        {coo ? "col" : "indices", inner}});
}

TEST(Sparse, MatricesComeBackInEitherOrder) {
    const Eigen::MatrixXd wanted = dense(sample<ByRows>());
    EXPECT_EQ(dense(test::through_file<ByRows>(sample<ByRows>())), wanted);
    EXPECT_EQ(dense(test::through_file<ByColumns>(sample<ByColumns>())), wanted);
    EXPECT_EQ(dense(test::through_file<ByRows>(sample<ByColumns>())), wanted);
    EXPECT_EQ(dense(test::through_file<ByColumns>(sample<ByRows>())), wanted);
    using Long = Eigen::SparseMatrix<float, Eigen::RowMajor, std::int64_t>;
    EXPECT_EQ(dense(test::through_stream<Long>(sample<Long>(), "gzip")), wanted);
    EXPECT_EQ(test::through_file<ByRows>(ByRows(2, 5)).cols(), 5);
    EXPECT_EQ(test::through_file<ByRows>(ByRows(0, 0)).rows(), 0);
    using Complex = Eigen::SparseMatrix<std::complex<double>>;
    Complex complex(1, 1);
    complex.insert(0, 0) = {1, 2};
    EXPECT_EQ(test::through_file<Complex>(complex).coeff(0, 0), std::complex<double>(1, 2));
}

TEST(Sparse, AValueHasShapeAndFormatByName) {
    const auto matrix = test::through_file<Value>(sample<ByColumns>());
    EXPECT_EQ(matrix["format"].as<std::string>(), "csc");
    EXPECT_EQ(matrix["shape"].as<std::vector<int>>(), (std::vector<int>{3, 4}));
    EXPECT_EQ(matrix.at("/format").as<std::string>(), "csc");
    EXPECT_EQ(Value::dict({{"m", matrix}}).at("/m/shape/1").as<int>(), 4);
    EXPECT_TRUE(matrix.contains("format"));
    EXPECT_FALSE(matrix.contains("row"));
    const auto names = [](const Value& object) {
        std::vector<std::string> found;
        for (const auto& [key, value] : object.items()) found.push_back(key.as<std::string>());
        return found;
    };
    EXPECT_THAT(names(matrix), testing::Not(testing::Contains("format"))) << "what is written again stays as it was";
    EXPECT_EQ(test::through_file<Value>(matrix).str(), matrix.str());
    EXPECT_FALSE(Value::object({{"_shape", 1}}).contains("shape"));
    EXPECT_EQ(error_of([&] { (void)Value::object({{"_shape", 1}})["format"]; }).code(), ErrorCode::missing);
}

TEST(Sparse, PythonSeesTheClassOfScipy) {
    EXPECT_EQ(Value(sample<ByRows>()).class_name(), "scipy.sparse.csr_matrix");
    const Value value(sample<ByColumns>());
    EXPECT_EQ(value.class_name(), "scipy.sparse.csc_matrix");
    EXPECT_EQ(value["indices"].dtype(), DType("<i4"));
    EXPECT_EQ(value["_shape"][1].as<int>(), 4);
}

TEST(Sparse, EachFormIsReadFromWhatItSays) {
    const Eigen::MatrixXd wanted = dense(sample<ByRows>());
    EXPECT_EQ(dense(sparse_dict("csr", {0, 1, 1, 3}, {1, 0, 3}, {1, 2, -3}).as<ByRows>()), wanted);
    EXPECT_EQ(dense(sparse_dict("csc", {0, 1, 2, 2, 3}, {2, 0, 2}, {2, 1, -3}).as<ByRows>()), wanted);
    EXPECT_EQ(dense(sparse_dict("coo", {2, 0, 2}, {3, 1, 0}, {-3, 1, 2}).as<ByColumns>()), wanted);
    // Out of order, twice, and room that is not used.
    EXPECT_EQ(dense(sparse_dict("csr", {0, 1, 1, 4}, {1, 3, 0, 3, 9}, {1, -1, 2, -2, 7}).as<ByRows>()), wanted);
}

TEST(Sparse, IndicesAreClaims) {
    const auto refused = [](const Value& value) { return error_of([&] { value.as<ByRows>(); }); };
    for (const Value& value :
         {sparse_dict("csr", {0, 1, 1, 3}, {1, 0, 4}, {1, 2, 3}),
          sparse_dict("csr", {0, 1, 1, 3}, {1, 0, -1}, {1, 2, 3}),
          sparse_dict("csr", {0, 2, 1, 3}, {1, 0, 3}, {1, 2, 3}),
          sparse_dict("csr", {0, 1, 1, 4}, {1, 0, 3}, {1, 2, 3}),
          sparse_dict("csr", {1, 1, 1, 3}, {1, 0, 3}, {1, 2, 3}), sparse_dict("csr", {0, 1, 3}, {1, 0, 3}, {1, 2, 3}),
          sparse_dict("csr", {}, {}, {}), sparse_dict("csr", {0, 1, 1, 3}, {1, 0, 3}, {1, 2}),
          sparse_dict("coo", {3, 0, 2}, {1, 1, 1}, {1, 2, 3}), sparse_dict("coo", {0, 2}, {1, 1, 1}, {1, 2, 3}),
          sparse_dict("coo", {0}, {1}, {1}, {3})})
        EXPECT_EQ(refused(value).code(), ErrorCode::format) << value;
    EXPECT_THAT(refused(sparse_dict("bsr", {}, {}, {})).what(), HasSubstr("'bsr' is there"));
    EXPECT_EQ(refused(Value::dict({{"format", "csr"}, {"shape", std::vector<int>{1, 1}}})).code(), ErrorCode::missing);
    EXPECT_EQ(refused(sparse_dict("coo", {}, {}, {}, {std::int64_t{1} << 40, 1})).code(), ErrorCode::range);
}

TEST(Sparse, ShapesAreClaims) {
    const auto refused = [](const Value& value, auto matrix) {
        return error_of([&] { value.as<decltype(matrix)>(); });
    };
    using Long = Eigen::SparseMatrix<double, Eigen::RowMajor, std::int64_t>;
    const auto endless = [](const char* form, std::vector<std::uint64_t> shape) {
        return Value::dict({{"format", form},
                            {"shape", shape},
                            {"data", std::vector<double>()},
                            {std::string_view(form) == "coo" ? "row" : "indptr", std::vector<int>()},
                            {std::string_view(form) == "coo" ? "col" : "indices", std::vector<int>()}});
    };
    for (const char* form : {"csr", "csc", "coo"}) {
        for (const std::uint64_t size : {~std::uint64_t{0}, std::uint64_t{1} << 61, std::uint64_t{1} << 40}) {
            EXPECT_THROW(endless(form, {size, 1}).as<Long>(), Error) << form << size;
            EXPECT_THROW(endless(form, {size, 1}).as<ByRows>(), Error) << form << size;
            EXPECT_THROW(endless(form, {1, size}).as<ByColumns>(), Error) << form << size;
        }
    }
    EXPECT_EQ(refused(endless("coo", {1 << 29, 1}), ByRows()).code(), ErrorCode::limit);
    EXPECT_EQ(endless("coo", {1, 1 << 30}).as<ByRows>().cols(), 1 << 30);  // takes no room
}

TEST(Sparse, EmptyLinesMeetTheLimitToo) {
    const Value value = sparse_dict("coo", {0}, {0}, {1}, {1 << 30, 1});
    const std::vector<std::byte> bytes = test::dumped(value);
    EXPECT_EQ(
        error_of([&] { load<ByRows>(std::span<const std::byte>(bytes), {.limits = Limits::untrusted()}); }).code(),
        ErrorCode::limit);
}

}  // namespace
}  // namespace jl
