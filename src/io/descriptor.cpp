#include <cerrno>
#include <unistd.h>
#include <utility>

#include "io/file.hpp"

namespace jl {

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
}

Descriptor::~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
}

int Descriptor::close() noexcept {
    if (fd_ < 0) return 0;
    // The descriptor is gone even when close reports EINTR.
    const int result = ::close(std::exchange(fd_, -1));
    return result < 0 && errno != EINTR ? errno : 0;
}

}  // namespace jl
