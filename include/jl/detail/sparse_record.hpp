// Matrices of scipy.sparse without a library for them: what jl/sparse.hpp stands on.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <jl/emitter.hpp>
#include <jl/record.hpp>

namespace jl::detail {

// What an object of scipy.sparse says, or a dict with the same members and "format", as scipy.sparse.save_npz writes.
struct SparseRecord {
    enum class Format : std::uint8_t { csr, csc, coo };
    // Error{missing} for a value without the members, {unsupported} for other formats, by name. The record outlives it.
    explicit SparseRecord(const Record& in);
    SparseRecord(const SparseRecord&) = delete;
    SparseRecord& operator=(const SparseRecord&) = delete;

    Format format = Format::csr;
    std::uint64_t rows = 0, columns = 0;
    std::optional<Record> data;
    std::optional<Record> outer;  // csr, csc: indptr; coo: row
    std::optional<Record> inner;  // csr, csc: indices; coo: col

  private:
    std::optional<Record> coordinates_;  // newer coo: both in a tuple
};

// Row and column of each number, all inside of the shape. Error{format} where the indices tell something else.
struct SparseEntries {
    SparseEntries(const Record& in, const SparseRecord& sparse, std::uint64_t numbers);
    std::vector<std::int64_t> rows;
    std::vector<std::int64_t> columns;
};

// Numbers of the entries in the order of their lines, and of their places in a line; equal ones as they stand.
std::vector<std::size_t> by_line_and_place(const std::vector<std::int64_t>& lines,
                                           const std::vector<std::int64_t>& places);

// A matrix in memory takes room for each row (column), empty or not: Error{limit} for more than Limits::items of them,
// or, without that limit, than 2^28.
void require_lines(const Record& in, std::uint64_t lines);

// The object up to its arrays, which follow as attributes: indptr, indices, data, then end_object().
void begin_sparse(Emitter& out, std::string_view class_path, std::int64_t rows, std::int64_t columns);

}  // namespace jl::detail
