#include "parallel/end_of_peer.hpp"

#include <cerrno>
#include <poll.h>

namespace jl {
namespace {

constexpr int slice_milliseconds = 250;

}  // namespace

EndOfPeer::Seen EndOfPeer::wait(int socket, short events, int milliseconds) const {
    const bool asks = descriptor_ < 0 && has_ended_;
    while (true) {
        const bool is_long = milliseconds < 0 || milliseconds > slice_milliseconds;
        const int slice = asks && is_long ? slice_milliseconds : milliseconds;
        pollfd both[] = {{socket, events, 0}, {descriptor_, POLLIN, 0}};  // negative ones are ignored
        const int count = ::poll(both, 2, slice);
        if (count < 0 && errno == EINTR) continue;
        if (count != 0) return {.socket = both[0].revents != 0, .end = both[1].revents != 0};
        if (asks && has_ended_()) return {.end = true};
        if (slice == milliseconds) return {};
        if (milliseconds > 0) milliseconds -= slice;
    }
}

}  // namespace jl
