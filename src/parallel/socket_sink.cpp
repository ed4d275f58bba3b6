#include "parallel/socket_sink.hpp"

#include <cerrno>
#include <cstring>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "io/system.hpp"

namespace jl {

void SocketSink::write_with(std::span<const std::byte> bytes, int file) {
    alignas(cmsghdr) std::byte control[CMSG_SPACE(sizeof(int))] = {};
    msghdr message{};
    if (file >= 0) {
        message.msg_control = control, message.msg_controllen = sizeof control;
        cmsghdr* const with = CMSG_FIRSTHDR(&message);
        with->cmsg_level = SOL_SOCKET, with->cmsg_type = SCM_RIGHTS, with->cmsg_len = CMSG_LEN(sizeof(int));
        std::memcpy(CMSG_DATA(with), &file, sizeof file);
    }
    while (!bytes.empty()) {
        iovec part{const_cast<std::byte*>(bytes.data()), bytes.size()};
        message.msg_iov = &part, message.msg_iovlen = 1;
        const ssize_t count = ::sendmsg(socket_, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count < 0 && errno == EAGAIN) wait_for_room();
        if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (count < 0) detail::fail_system(name_, "write", errno);
        bytes = bytes.subspan(static_cast<std::size_t>(count));
        message.msg_control = nullptr, message.msg_controllen = 0;
    }
}

void SocketSink::wait_for_room() {
    if (end_of_peer_.wait(socket_, POLLOUT, -1).end) detail::fail_system(name_, "write", EPIPE);
    errno = EAGAIN;
}

}  // namespace jl
