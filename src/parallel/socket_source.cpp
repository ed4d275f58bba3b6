#include "parallel/socket_source.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <utility>

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
    const EndOfPeer::Seen seen = end_of_peer_.wait(socket_, POLLIN, milliseconds);
    return seen.socket || seen.end;
}

std::size_t SocketSource::receive(std::span<std::byte> into) {
    while (true) {
        // What a process wrote before it ended is still there.
        if (end_of_peer_.is_known() && !wait(-1)) continue;
        const int flags = end_of_peer_.is_known() ? MSG_DONTWAIT : 0;
        const ssize_t count = receive_some(into, flags);
        if (count >= 0) return static_cast<std::size_t>(count);
        if (errno == EINTR) continue;
        if (errno == EAGAIN && peer_is_gone()) return 0;
        if (errno == EAGAIN) continue;
        if (errno == ECONNRESET) return 0;
        detail::fail_system("worker", "read from its socket", errno);
    }
}

ssize_t SocketSource::receive_some(std::span<std::byte> into, int flags) {
    iovec part{into.data(), into.size()};
    alignas(cmsghdr) std::byte control[CMSG_SPACE(sizeof(int))];
    msghdr message{};
    message.msg_iov = &part, message.msg_iovlen = 1;
    message.msg_control = control, message.msg_controllen = sizeof control;
    const ssize_t count = ::recvmsg(socket_, &message, flags | MSG_CMSG_CLOEXEC);
    if (count < 0) return count;
    const cmsghdr* const with = CMSG_FIRSTHDR(&message);
    const bool was_dropped = (message.msg_flags & MSG_CTRUNC) != 0;  // too many are open here
    if (was_dropped && !with) files_.emplace_back();                 // else the next one would be taken for it
    if (!with || with->cmsg_level != SOL_SOCKET || with->cmsg_type != SCM_RIGHTS) return count;
    int file = -1;
    std::memcpy(&file, CMSG_DATA(with), sizeof file);
    files_.emplace_back(file);
    return count;
}

Descriptor SocketSource::take_file() noexcept {
    if (files_.empty()) return Descriptor();
    Descriptor file = std::move(files_.front());
    files_.pop_front();
    return file;
}

bool SocketSource::peer_is_gone() {
    const EndOfPeer::Seen seen = end_of_peer_.wait(socket_, POLLIN, 0);
    return seen.end && !seen.socket;
}

}  // namespace jl
