// Matrices, vectors and arrays of Eigen, in either order, of fixed and any size.
#include <Eigen/Core>
#include <complex>
#include <cstdint>

#include <jl/eigen.hpp>

#include "interop/filled_eigen.hpp"
#include "interop/matrix.hpp"

namespace interop {

void add_eigen(Samples& samples) {
    using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    using Bools = Eigen::Matrix<bool, Eigen::Dynamic, Eigen::Dynamic>;
    samples.add("eigen_matrix", matrix<Eigen::MatrixXd>(3, 4), "filled('f8', (3, 4), 'F')");
    samples.add("eigen_row_major", matrix<RowMajor>(3, 4), "filled('f4', (3, 4))");
    samples.add("eigen_fixed", matrix<Eigen::Matrix<std::int32_t, 2, 3>>(2, 3), "filled('i4', (2, 3), 'F')");
    samples.add("eigen_vector", matrix<Eigen::VectorXd>(5, 1), "filled('f8', (5,))");
    samples.add("eigen_row_vector", matrix<Eigen::RowVectorXf>(1, 3), "filled('f4', (3,))");
    samples.add("eigen_complex", matrix<Eigen::MatrixXcd>(2, 3), "filled('c16', (2, 3), 'F')");
    samples.add("eigen_bool", matrix<Bools>(2, 2), "filled('b1', (2, 2), 'F')");
    samples.add("eigen_array", matrix<Eigen::ArrayXXi>(2, 2), "filled('i4', (2, 2), 'F')");
    samples.add("eigen_empty", Eigen::MatrixXd(0, 3), "np.zeros((0, 3))");
}

}  // namespace interop
