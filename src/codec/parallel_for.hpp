// A loop over independent pieces on several threads.
//
//     parallel_for(pieces, 4, [&](std::size_t piece) { … });
//
// The caller's thread takes part; the others live for the call. When a piece throws, no further one begins and the first
// exception is rethrown once all threads have ended.
#pragma once

#include <cstddef>
#include <functional>

namespace jl::detail {

void parallel_for(std::size_t count, unsigned n_threads, const std::function<void(std::size_t)>& work);

}  // namespace jl::detail
