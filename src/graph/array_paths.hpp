// Where the array records of a graph stand (spec: trailer, paths), in stream order.
#pragma once

#include <string>
#include <vector>

#include "pickle/document.hpp"

namespace jl {

std::vector<std::string> array_paths(const Cell& root);

}  // namespace jl
