// A loop over independent pieces on several threads.
//
//     parallel_for(pieces, 4, [&](unsigned worker, std::size_t piece) { … });
//
// Workers are numbered from 0, below n_threads. The caller's thread is one of them; the others live for the call. When
// a piece throws, no further one begins and the first exception is rethrown once all threads have ended.
#pragma once

#include <cstddef>
#include <functional>

namespace jl::detail {

void parallel_for(std::size_t count, unsigned n_threads,
                  const std::function<void(unsigned worker, std::size_t piece)>& work);

}  // namespace jl::detail
