// A process that works for another one, and is busy with a task when that one goes, must go, too.
#pragma once

#include <cstddef>
#include <sys/types.h>

namespace jl {

// From now on this process leaves when `parent` is gone: within two seconds. `socket`: that leads to it. A thread sees
// to it; std::system_error when it cannot be started.
void leave_with_parent(int socket, pid_t parent);
// Such threads of this process: 0 or 1.
std::size_t parent_watchers() noexcept;

}  // namespace jl
