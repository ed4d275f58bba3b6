// The tree of a value for people: kinds, dtypes, shapes, sizes; long containers, long texts and deep nesting folded.
//
//     std::string text = listing(root);      dict (2)\n├── 'name': str 'ridge'\n└── 'w': array <f8 (3, 4) 96 B\n
#pragma once

#include <string>

#include <jl/value.hpp>

namespace jl::unpack {

std::string listing(const Value& root);

}  // namespace jl::unpack
