// An array in half a line: its first values, and what they range over.
//
//     few_items(array)      "[0.0, 0.5, 1.0, 1.5, …]"
//     statistics(array)     "min 0.0, max 9.5, mean 4.75, 2 nan"
#pragma once

#include <string>

#include <jl/value.hpp>

namespace jl::unpack {

// In C order, as many as have room. Reads no more than them where the file is mapped. Empty for arrays of objects and
// without items.
std::string few_items(const Value& array);
// Of bool, integers and floats, over the whole payload; nan counts apart. Empty for other items and for none.
std::string statistics(const Value& array);

}  // namespace jl::unpack
