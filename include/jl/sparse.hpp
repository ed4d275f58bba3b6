// Sparse matrices: Eigen::SparseMatrix there and back, as the matrices of scipy.sparse.
//
//     jl::dump(matrix, "m.pkl");                                  // Python: scipy.sparse.csc_matrix, or csr_matrix
//     auto m = jl::load<Eigen::SparseMatrix<double>>("m.pkl");    // csr, csc, coo, of any scipy
//     auto z = jl::load<Eigen::SparseMatrix<double>>("m.npz");    // scipy.sparse.save_npz
//
// Entries that stand twice are added, as scipy does. Indices are claims: one outside of the matrix, or rows that do not
// follow one another, are Error{format}; numbers convert exactly, else Error{range}. Nothing but this header needs
// Eigen's sparse module. Thread-safe.
#pragma once

#include <Eigen/SparseCore>
#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <jl/detail/sparse_record.hpp>
#include <jl/eigen.hpp>
#include <jl/mapping_containers.hpp>

namespace jl {

template <class Scalar, int Options, class Index>
struct Mapping<Eigen::SparseMatrix<Scalar, Options, Index>> {
    using Matrix = Eigen::SparseMatrix<Scalar, Options, Index>;
    static constexpr bool by_rows = Matrix::IsRowMajor;
    static_assert(sizeof(Index) == 4 || sizeof(Index) == 8,
                  "scipy has sparse indices of 32 or 64 bits: use int or int64_t");

    static void emit(Emitter& out, const Matrix& value) {
        if (!value.isCompressed()) {
            Matrix compressed = value;
            compressed.makeCompressed();
            return emit(out, compressed);
        }
        const std::string_view name = by_rows ? "scipy.sparse.csr_matrix" : "scipy.sparse.csc_matrix";
        detail::begin_sparse(out, name, value.rows(), value.cols());
        array(out, "indptr", value.outerIndexPtr(), value.outerSize() + 1);
        array(out, "indices", value.innerIndexPtr(), value.nonZeros());
        array(out, "data", value.valuePtr(), value.nonZeros());
        out.end_object();
    }

    static void read(const Record& in, Matrix& value) {
        const detail::SparseRecord sparse(in);
        Eigen::Matrix<Scalar, Eigen::Dynamic, 1> data;
        jl::read(*sparse.data, data);
        require_indices(in, sparse, static_cast<std::uint64_t>(data.size()));
        const detail::SparseEntries entries(in, sparse, static_cast<std::uint64_t>(data.size()));
        value.resize(static_cast<Eigen::Index>(sparse.rows), static_cast<Eigen::Index>(sparse.columns));
        fill(value, by_rows ? entries.rows : entries.columns, by_rows ? entries.columns : entries.rows, data);
    }

  private:
    template <class Item>
    static void array(Emitter& out, std::string_view name, const Item* items, Eigen::Index count) {
        const std::uint64_t shape[] = {static_cast<std::uint64_t>(count)};
        out.attribute(name);
        out.array({DType::of<Item>(), shape, 'C', std::as_bytes(std::span(items, static_cast<std::size_t>(count)))});
    }

    static void require_indices(const Record& in, const detail::SparseRecord& sparse, std::uint64_t numbers) {
        constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<Index>::max());
        if (sparse.rows > most || sparse.columns > most || numbers > most)
            in.fail(ErrorCode::range, "a sparse matrix of shape (" + std::to_string(sparse.rows) + ", " +
                                          std::to_string(sparse.columns) + ") with " + std::to_string(numbers) +
                                          " numbers needs longer indices than the type has");
        detail::require_lines(in, by_rows ? sparse.rows : sparse.columns);
    }

    // Eigen's own way through triplets takes memory for each row and each column.
    static void fill(Matrix& value, const std::vector<std::int64_t>& lines, const std::vector<std::int64_t>& places,
                     const Eigen::Matrix<Scalar, Eigen::Dynamic, 1>& data) {
        const std::vector<std::size_t> order = detail::by_line_and_place(lines, places);
        value.resizeNonZeros(static_cast<Eigen::Index>(order.size()));
        Index* const ends = value.outerIndexPtr() + 1;
        Index count = 0;
        for (std::size_t i = 0; i < order.size(); ++i) {
            const std::size_t at = order[i];
            const Scalar number = data[static_cast<Eigen::Index>(at)];
            const bool again = i > 0 && lines[at] == lines[order[i - 1]] && places[at] == places[order[i - 1]];
            if (again) {
                value.valuePtr()[count - 1] += number;
                continue;
            }
            value.innerIndexPtr()[count] = static_cast<Index>(places[at]);
            value.valuePtr()[count++] = number;
            ends[lines[at]] = count;
        }
        // A line without numbers ends where the one before it does.
        for (Eigen::Index line = 1; line < value.outerSize(); ++line) ends[line] = std::max(ends[line], ends[line - 1]);
        value.resizeNonZeros(count);
    }
};

}  // namespace jl
