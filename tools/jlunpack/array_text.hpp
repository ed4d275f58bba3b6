// An array as text, the way numpy prints one: nested brackets, columns aligned, long axes cut to their ends.
//
//     std::string text = array_text(array);     [[1.0 2.0]\n [3.0 4.0]]
//
// Of more than 1000 items three at each end of an axis are shown, never more than 10 000 in all. Reads the whole
// payload unless it is mapped.
#pragma once

#include <string>

#include <jl/value.hpp>

namespace jl::unpack {

std::string array_text(const Value& array);

}  // namespace jl::unpack
