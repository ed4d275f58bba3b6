// What pandas keeps inside a table, as plain values: the columns of blocks and the labels of indexes.
//
//     Value column = pandas::column_of(block, 2);       Value labels = pandas::labels_of(index, 1'000'000);
//
// Floor-private: what jl/dataframe.hpp stands on. Errors are Error{format} that begin "a DataFrame: ".
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <jl/value.hpp>

namespace jl::pandas {

[[noreturn]] void fail(const std::string& what);
void require(bool holds, const std::string& what);
bool has_class(const Value& value, std::string_view name);  // of any module
bool is_tuple(const Value& value, std::size_t size);        // of that many items or more

// Line `line` of a block's values as a column: an array of one dimension, a list, or an object that is not known.
Value column_of(const Value& values, std::size_t line);
// The array inside a block that may have several lines; the values themselves where there is none.
Value lines_of(const Value& values);
// The labels of an index: an array or a list. At most `most` of those that take no room in the file, else Error{limit}.
Value labels_of(const Value& index, std::size_t most);

}  // namespace jl::pandas
