#include "parallel/socket_pair.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include "io/system.hpp"

namespace jl {
namespace {

Descriptor moved_up(Descriptor low, const char* name) {
    if (low.get() > STDERR_FILENO) return low;
    Descriptor high(::fcntl(low.get(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
    if (!high) detail::fail_system(name, "make its socket", errno);
    return high;
}

}  // namespace

SocketPair socket_pair(const char* name) {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        detail::fail_system(name, "make its socket", errno);
    Descriptor here(ends[0]), there(ends[1]);
    return {.here = moved_up(std::move(here), name), .there = moved_up(std::move(there), name)};
}

}  // namespace jl
