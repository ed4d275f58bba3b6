// Matrices of Eigen filled by the rule of filled.hpp.
#pragma once

#include <Eigen/Core>
#include <cstddef>

#include "interop/filled.hpp"

namespace interop {

template <class Matrix>
Matrix matrix(Eigen::Index rows, Eigen::Index columns) {
    Matrix made(rows, columns);
    for (Eigen::Index i = 0; i < rows; ++i)
        for (Eigen::Index j = 0; j < columns; ++j)
            made(i, j) = item<typename Matrix::Scalar>(static_cast<std::size_t>(i * columns + j));
    return made;
}

}  // namespace interop
