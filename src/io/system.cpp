#include "io/system.hpp"

#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <system_error>
#include <unistd.h>

#include <jl/error.hpp>

namespace jl::detail {
namespace {

// True when the call is to be made again: it was interrupted, or the descriptor is non-blocking and had to be waited
// for.
bool try_again(int fd, short event) {
    if (errno == EINTR) return true;
    if (errno != EAGAIN && errno != EWOULDBLOCK) return false;
    pollfd waiting{fd, event, 0};
    return ::poll(&waiting, 1, -1) >= 0 || errno == EINTR;
}

template <class Transfer>
std::size_t transfer(int fd, short event, std::string_view name, std::string_view doing, Transfer transfer_some) {
    for (;;) {
        const ssize_t count = transfer_some();
        if (count >= 0) return static_cast<std::size_t>(count);
        if (!try_again(fd, event)) fail_system(name, doing, errno);
    }
}

// Takes off `bytes` what went through; a system that accepts nothing without saying why has no room.
std::span<const std::byte> rest(std::span<const std::byte> bytes, std::size_t written, std::string_view name) {
    if (written == 0) fail_system(name, "write", ENOSPC);
    return bytes.subspan(written);
}

std::string name_of_descriptor(int fd) { return "/proc/self/fd/" + std::to_string(fd); }

}  // namespace

void fail_system(std::string_view name, std::string_view doing, int reason) {
    const std::string why = std::generic_category().message(reason);
    throw Error(ErrorCode::io, "cannot " + std::string(doing) + ": " + why).in_file(name);
}

void require_file_name(const std::string& name) {
    if (name.empty()) throw Error(ErrorCode::usage, "a file name is empty");
    if (name.find('\0') != std::string::npos) throw Error(ErrorCode::usage, "a file name contains a NUL byte");
}

int open_retrying(const std::string& name, int flags, unsigned mode) {
    int fd = -1;
    do fd = ::open(name.c_str(), flags | O_CLOEXEC, mode);
    while (fd < 0 && errno == EINTR);
    return fd;
}

int open_unnamed(const std::string& folder, unsigned mode) {
    const int fd = open_retrying(folder, O_TMPFILE | O_RDWR, mode);
    if (fd < 0 || ::access(name_of_descriptor(fd).c_str(), F_OK) == 0) return fd;
    ::close(fd);
    return -1;
}

bool link_descriptor(int fd, const std::string& name) {
    return ::linkat(AT_FDCWD, name_of_descriptor(fd).c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) == 0;
}

void write_all(int fd, std::span<const std::byte> bytes, std::string_view name) {
    while (!bytes.empty()) {
        const std::size_t written =
            transfer(fd, POLLOUT, name, "write", [&] { return ::write(fd, bytes.data(), bytes.size()); });
        bytes = rest(bytes, written, name);
    }
}

void write_all_at(int fd, std::uint64_t offset, std::span<const std::byte> bytes, std::string_view name) {
    while (!bytes.empty()) {
        const std::size_t written = transfer(fd, POLLOUT, name, "write", [&] {
            return ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        });
        bytes = rest(bytes, written, name);
        offset += written;
    }
}

std::size_t read_some(int fd, std::span<std::byte> into, std::string_view name) {
    return transfer(fd, POLLIN, name, "read", [&] { return ::read(fd, into.data(), into.size()); });
}

std::size_t read_some_at(int fd, std::uint64_t offset, std::span<std::byte> into, std::string_view name) {
    return transfer(fd, POLLIN, name, "read",
                    [&] { return ::pread(fd, into.data(), into.size(), static_cast<off_t>(offset)); });
}

int sync_descriptor(int fd) {
    int result = 0;
    do result = ::fsync(fd);
    while (result < 0 && errno == EINTR);
    return result < 0 ? errno : 0;
}

}  // namespace jl::detail
