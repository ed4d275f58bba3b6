#include <algorithm>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jl/error.hpp>
#include <jl/file_descriptor.hpp>

#include "io/system.hpp"

namespace jl {
namespace {

std::string name_of(const FileDescriptor& descriptor) {
    return descriptor.name.empty() ? "descriptor " + std::to_string(descriptor.fd) : descriptor.name;
}

bool is_socket(int fd) {
    struct stat status {};
    return ::fstat(fd, &status) == 0 && S_ISSOCK(status.st_mode);
}

// Within it a write to a pipe without a reader is EPIPE and no signal: SIGPIPE is blocked in this thread, and taken
// away where the write caused it.
class WithoutSigpipe {
  public:
    WithoutSigpipe() {
        sigset_t pending;
        ::sigemptyset(&sigpipe_);
        ::sigaddset(&sigpipe_, SIGPIPE);
        was_pending_ = ::sigpending(&pending) == 0 && ::sigismember(&pending, SIGPIPE) == 1;
        ::pthread_sigmask(SIG_BLOCK, &sigpipe_, &before_);
    }
    WithoutSigpipe(const WithoutSigpipe&) = delete;
    WithoutSigpipe& operator=(const WithoutSigpipe&) = delete;
    ~WithoutSigpipe() {
        const timespec at_once{};
        if (!was_pending_)
            while (::sigtimedwait(&sigpipe_, nullptr, &at_once) < 0 && errno == EINTR) {
            }
        ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    }

  private:
    sigset_t sigpipe_{};
    sigset_t before_{};
    bool was_pending_ = false;
};

// Waits where the descriptor would not; true when the call is to be made again.
bool wait_again(int fd, short event) {
    if (errno == EINTR) return true;
    if (errno != EAGAIN && errno != EWOULDBLOCK) return false;
    pollfd waiting{fd, event, 0};
    return ::poll(&waiting, 1, -1) >= 0 || errno == EINTR;
}

void send_all(int fd, std::span<const std::byte> bytes, const std::string& name) {
    while (!bytes.empty()) {
        const ssize_t count = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count >= 0)
            bytes = bytes.subspan(static_cast<std::size_t>(count));
        else if (!wait_again(fd, POLLOUT))
            detail::fail_system(name, "write", errno);
    }
}

}  // namespace

DescriptorSink::DescriptorSink(const FileDescriptor& target)
    : fd_(target.fd), name_(name_of(target)), is_socket_(is_socket(target.fd)) {}

void DescriptorSink::write(std::span<const std::byte> bytes) {
    if (is_socket_) return send_all(fd_, bytes, name_);
    const WithoutSigpipe guard;
    detail::write_all(fd_, bytes, name_);
}

std::optional<std::uint64_t> DescriptorSink::position() {
    const int flags = ::fcntl(fd_, F_GETFL);
    const int whence = flags >= 0 && (flags & O_APPEND) != 0 ? SEEK_END : SEEK_CUR;
    const off_t at = ::lseek(fd_, 0, whence);
    return at >= 0 ? std::optional(static_cast<std::uint64_t>(at)) : std::nullopt;
}

DescriptorSource::DescriptorSource(const FileDescriptor& origin)
    : fd_(origin.fd), name_(name_of(origin)), kind_(Kind::other) {
    struct stat status {};
    if (::fstat(fd_, &status) < 0) return;  // the first read tells
    if (S_ISSOCK(status.st_mode))
        kind_ = Kind::socket;
    else if (S_ISFIFO(status.st_mode))
        kind_ = Kind::pipe;
    else if (S_ISREG(status.st_mode) && ::lseek(fd_, 0, SEEK_CUR) >= 0)
        kind_ = Kind::file;
}

DescriptorSource::~DescriptorSource() {
    for (const int end : copies_)
        if (end >= 0) ::close(end);
}

std::size_t DescriptorSource::read(std::span<std::byte> into) {
    if (into.empty()) return 0;
    if (!peeks_) return detail::read_some(fd_, into, name_);
    consume_peeked();
    peeked_ = peek(into);
    return static_cast<std::size_t>(peeked_);
}

std::size_t DescriptorSource::peek(std::span<std::byte> into) {
    for (;;) {
        const ssize_t count = kind_ == Kind::socket
                                  ? ::recv(fd_, into.data(), into.size(), MSG_PEEK)
                                  : ::tee(fd_, copies_[1], std::min<std::size_t>(into.size(), 65'536), 0);
        if (count < 0 && wait_again(fd_, POLLIN)) continue;
        if (count < 0) detail::fail_system(name_, "read", errno);
        const auto size = static_cast<std::size_t>(count);
        if (kind_ == Kind::pipe)
            for (std::size_t done = 0; done < size;)
                done += detail::read_some(copies_[0], into.subspan(done, size - done), name_);
        return size;
    }
}

void DescriptorSource::consume_peeked() {
    std::byte passed[16'384];
    while (peeked_ > 0) {
        const auto piece = static_cast<std::size_t>(std::min<std::uint64_t>(peeked_, sizeof passed));
        const std::size_t count = detail::read_some(fd_, {passed, piece}, name_);
        if (count == 0)
            throw Error(ErrorCode::io, "bytes that stood there are gone: it has another reader").in_file(name_);
        peeked_ -= count;
    }
}

bool DescriptorSource::prepare_unread() {
    if (kind_ == Kind::pipe && copies_[0] < 0 && ::pipe2(copies_, O_CLOEXEC) < 0) return false;
    peeks_ = kind_ == Kind::socket || kind_ == Kind::pipe;
    return kind_ != Kind::other;
}

void DescriptorSource::unread(std::uint64_t count) {
    if (peeks_) {
        peeked_ -= std::min(count, peeked_);
        consume_peeked();
        peeks_ = false;
    } else if (count > 0 && ::lseek(fd_, -static_cast<off_t>(count), SEEK_CUR) < 0) {
        detail::fail_system(name_, "seek", errno);
    }
}

}  // namespace jl
