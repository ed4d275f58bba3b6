// sparse_converter IN ROWS_OUT COLUMNS_OUT: a matrix of scipy.sparse as Eigen's, by rows and by columns, and out again.
#include <cstdio>

#include <jl/jl.hpp>
#include <jl/sparse.hpp>

int main(int count, char** arguments) {
    if (count != 4) return 2;
    try {
        jl::dump(jl::load<Eigen::SparseMatrix<double, Eigen::RowMajor>>(arguments[1]), arguments[2]);
        jl::dump(jl::load<Eigen::SparseMatrix<double, Eigen::ColMajor, std::int64_t>>(arguments[1]), arguments[3]);
    } catch (const jl::Error& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
