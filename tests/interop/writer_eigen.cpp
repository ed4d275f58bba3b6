// Eigen matrices, blocks and expressions.
#include <Eigen/Core>
#include <complex>
#include <cstdint>

#include <jl/eigen.hpp>

#include "interop/filled_eigen.hpp"
#include "interop/writer.hpp"

namespace interop {

void put_eigen(const CaseWriter& writer) {
    using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    const auto four = matrix<Eigen::MatrixXd>(4, 4);
    writer.put("eigen_matrix", matrix<Eigen::MatrixXd>(3, 4));
    writer.put("eigen_row_major", matrix<RowMajor>(3, 4));
    writer.put("eigen_fixed", matrix<Eigen::Matrix<std::int32_t, 2, 2>>(2, 2));
    writer.put("eigen_vector", matrix<Eigen::VectorXd>(5, 1));
    writer.put("eigen_complex", matrix<Eigen::MatrixXcd>(2, 3));
    writer.put("eigen_block", four.block(1, 1, 2, 3));
    writer.put("eigen_expression", matrix<Eigen::MatrixXd>(3, 4) * 2.0);
}

}  // namespace interop
