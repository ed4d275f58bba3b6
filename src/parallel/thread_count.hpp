// Threads of this process, as the system counts them.
#pragma once

#include <cstddef>

namespace jl {

// The calling one included. Those of jl that only wait for the end of a parent are not: they hold nothing that a child
// of fork() could want. One that has just been joined may still be there for a moment: where there is more than one,
// this waits up to 0.1 s for it to go. Error{io} where the system does not tell.
std::size_t thread_count();

}  // namespace jl
