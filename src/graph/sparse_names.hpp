// What scipy's sparse matrices and arrays are called by people: `shape` and `format`, whatever the pickle calls them.
#pragma once

#include <optional>
#include <string_view>

#include <jl/value.hpp>

namespace jl {

// "csr" of scipy.sparse._csr.csr_array, … ; empty for any other class.
std::string_view sparse_format(std::string_view class_name);

// An attribute that the pickle has under another name, or in the class's: shape, format; row and col of a coo matrix of
// two dimensions. Nothing for any other object and name.
std::optional<Value> sparse_attribute(const Value& object, std::string_view name);

}  // namespace jl
