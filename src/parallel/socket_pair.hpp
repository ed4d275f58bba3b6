// Two sockets that lead to one another, for this process and a child.
#pragma once

#include "io/file.hpp"

namespace jl {

struct SocketPair {
    Descriptor here;
    Descriptor there;
};

// Both are closed by exec, and stand above the standard streams, which a program may have closed. Error{io}; `name`:
// who wants them, for people.
SocketPair socket_pair(const char* name);

}  // namespace jl
