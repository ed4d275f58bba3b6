// numpy dtypes as pickles spell them, both ways (spec: array record).
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <jl/dtype.hpp>

#include "pickle/document.hpp"
#include "pickle/writer.hpp"

namespace jl {

// The dtype that a loaded `numpy.dtype(…)` object describes, parsed once and kept by the document. Error{format}.
const DType& dtype_from(Document& doc, const Cell& cell);
// The same, parsed anew: for many threads on one document.
DType parsed_dtype(const Cell& cell);
// The dtype that a directory entry describes: "<f8", or numpy's descr list of tuples. Error{format}.
DType dtype_from_descr(const Cell& cell);

// Writes dtypes, each distinct one once.
class DTypeWriter {
  public:
    // As one item: the dtype, or a reference to it.
    void write(PickleWriter& out, const DType& dtype);

  private:
    void write_new(PickleWriter& out, const DType& dtype);
    void write_state(PickleWriter& out, const DType& dtype);
    void write_fields(PickleWriter& out, const DType& dtype);
    std::vector<std::pair<DType, std::uint32_t>> known_;
};

// As a tuple of ints.
void write_shape(PickleWriter& out, std::span<const std::uint64_t> shape);
// The same with shape[0] as an open number of `out`. Precondition: !shape.empty().
void write_open_shape(PickleWriter& out, std::span<const std::uint64_t> shape);

// As a directory entry: str, or list of tuples.
void write_descr(PickleWriter& out, const DType& dtype);

}  // namespace jl
