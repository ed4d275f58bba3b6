// One value of a graph by its path, as listings and the JSON spell it.
//
//     Value w = find(root, "/model/weights");      "model/weights" is the same
//
// Error{missing} names the step that is not there, and what is.
#pragma once

#include <string>
#include <string_view>

#include <jl/value.hpp>

namespace jl::unpack {

Value find(const Value& root, std::string_view path);

}  // namespace jl::unpack
