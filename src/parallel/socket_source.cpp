#include "parallel/socket_source.hpp"

#include <algorithm>
#include <cerrno>
#include <poll.h>
#include <sys/socket.h>

#include "io/system.hpp"

namespace jl {

std::size_t SocketSource::read(std::span<std::byte> into) {
    if (ready_.empty()) {
        if (into.size() >= room) return receive(into);
        ready_ = std::span(*buffer_).first(receive(*buffer_));
    }
    const std::size_t count = std::min(into.size(), ready_.size());
    std::copy_n(ready_.begin(), count, into.begin());
    ready_ = ready_.subspan(count);
    return count;
}

bool SocketSource::wait(int milliseconds) {
    if (!ready_.empty()) return true;
    pollfd both[] = {{socket_, POLLIN, 0}, {end_of_peer_, POLLIN, 0}};  // negative ones are ignored
    int count = 0;
    do count = ::poll(both, 2, milliseconds);
    while (count < 0 && errno == EINTR);
    return count != 0;
}

std::size_t SocketSource::receive(std::span<std::byte> into) {
    while (true) {
        // What a process wrote before it ended is still there.
        if (end_of_peer_ >= 0 && !wait(-1)) continue;
        const int flags = end_of_peer_ >= 0 ? MSG_DONTWAIT : 0;
        const ssize_t count = ::recv(socket_, into.data(), into.size(), flags);
        if (count >= 0) return static_cast<std::size_t>(count);
        if (errno == EINTR) continue;
        if (errno == EAGAIN && peer_is_gone()) return 0;
        if (errno == EAGAIN) continue;
        if (errno == ECONNRESET) return 0;
        detail::fail_system("worker", "read from its socket", errno);
    }
}

bool SocketSource::peer_is_gone() {
    pollfd both[] = {{socket_, POLLIN, 0}, {end_of_peer_, POLLIN, 0}};
    return ::poll(both, 2, 0) > 0 && both[0].revents == 0 && both[1].revents != 0;
}

}  // namespace jl
