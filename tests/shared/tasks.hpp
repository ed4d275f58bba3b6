// What a library does with jl::Parallel.
#pragma once

#include <vector>

namespace jl::test {

// The program and the library have one each, where they hide their symbols.
inline int triple(int x) { return 3 * x; }

[[gnu::visibility("default")]] std::vector<int> triples_in_library(int count);
[[gnu::visibility("default")]] std::vector<int> negatives_in_library(int count);

}  // namespace jl::test
