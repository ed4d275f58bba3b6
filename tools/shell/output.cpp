#include "shell/output.hpp"

#include <cerrno>
#include <poll.h>
#include <system_error>
#include <unistd.h>

#include <jl/error.hpp>

namespace jl::shell {

void throw_system(const std::string& name, std::string_view what) {
    const int reason = errno;
    throw Error(ErrorCode::io, "cannot " + std::string(what) + ": " + std::generic_category().message(reason))
        .in_file(name);
}

void DescriptorSink::write(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::write(descriptor_, bytes.data(), bytes.size());
        if (count >= 0) {
            bytes = bytes.subspan(static_cast<std::size_t>(count));
        } else if (errno == EAGAIN) {
            pollfd ready{descriptor_, POLLOUT, 0};
            ::poll(&ready, 1, -1);
        } else if (errno != EINTR) {
            throw_system(name_, "write");
        }
    }
}

void Output::flush() {
    sink_.write(std::as_bytes(std::span(buffer_)));
    buffer_.clear();
}

bool is_terminal(int descriptor) noexcept { return ::isatty(descriptor) == 1; }

void require_binary_output() {
    if (is_terminal(STDOUT_FILENO))
        throw Error(ErrorCode::usage, "standard output is a terminal: redirect it to a file or a pipe");
}

}  // namespace jl::shell
