// The tree of a value for people: kinds, dtypes, shapes, sizes, first values; long containers, long texts and deep
// nesting folded.
//
//     std::string text = listing(root);      dict (2)\n├── 'name': str 'ridge'\n└── 'w': array <f8 (2, 3) 48 B [0.0,
//     0.5, …]\n
#pragma once

#include <string>

#include <jl/value.hpp>

namespace jl::unpack {

// statistics: min, max and mean of each array, for which all of it is read.
enum class Details { none, statistics };

std::string listing(const Value& root, Details details = Details::none);

}  // namespace jl::unpack
