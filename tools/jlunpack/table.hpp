// DataFrames and Series of pandas as people see them, by column.
//
//     if (const auto table = table_of(value)) table->names();
#pragma once

#include <optional>

#include <jl/dataframe.hpp>

namespace jl::unpack {

// Nothing for a value that is no table, and for a table whose parts contradict one another: it is shown as it lies
// there.
std::optional<DataFrame> table_of(const Value& value);

}  // namespace jl::unpack
