#include <Eigen/Core>
#include <cstdint>
#include <gtest/gtest.h>
#include <map>
#include <string>

#include <jl/eigen.hpp>
#include <jl/jl.hpp>

#include "support/error.hpp"
#include "support/temp_dir.hpp"

namespace jl {
namespace {

using test::error_of;
using RowMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// Larger than several pieces of 1 MiB, with columns that no piece ends at.
Eigen::MatrixXd counted() { return Eigen::VectorXd::LinSpaced(613 * 701, 0, 613 * 701 - 1).reshaped(613, 701); }

class EigenFile : public testing::TestWithParam<const char*> {
  protected:
    std::string path() const { return dir_ / (std::string("x.pkl") + GetParam()); }

    test::TempDir dir_;
};

TEST_P(EigenFile, MatricesComeBackInEveryLayout) {
    const Eigen::MatrixXd matrix = counted();
    dump(matrix, path());
    EXPECT_EQ(load<Eigen::MatrixXd>(path()), matrix);
    EXPECT_EQ(load<RowMatrix>(path()), RowMatrix(matrix));
    EXPECT_TRUE((load<Eigen::ArrayXXf>(path()) == matrix.cast<float>().array()).all());
    EXPECT_EQ((load<Eigen::Matrix<double, 613, Eigen::Dynamic>>(path())), matrix);
}

TEST_P(EigenFile, ShapesThatDoNotFitAreRefused) {
    dump(std::map<std::string, Eigen::MatrixXd>{{"a", counted()}}, path());
    using Vectors = std::map<std::string, Eigen::VectorXd>;
    const Error error = error_of([&] { load<Vectors>(path()); });
    EXPECT_EQ(error.code(), ErrorCode::range);
    EXPECT_EQ(error.path(), "/a");
}

TEST_P(EigenFile, ExpressionsAreWrittenInPieces) {
    const Eigen::MatrixXd matrix = counted();
    dump(matrix * 2.0, path());
    EXPECT_EQ(load<Eigen::MatrixXd>(path()), matrix * 2.0);
    dump(matrix.block(1, 1, 600, 700), path());
    EXPECT_EQ(load<Eigen::MatrixXd>(path()), matrix.block(1, 1, 600, 700));
    dump(matrix.reshaped(), path());
    EXPECT_EQ(load<Eigen::VectorXd>(path()), matrix.reshaped());
}

INSTANTIATE_TEST_SUITE_P(Codecs, EigenFile, testing::Values("", ".gz"));

}  // namespace
}  // namespace jl
