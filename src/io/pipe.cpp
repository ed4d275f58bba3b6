#include <cerrno>
#include <fcntl.h>

#include "io/file.hpp"
#include "io/system.hpp"

namespace jl {

std::size_t PipeSource::read(std::span<std::byte> into) {
    return into.empty() ? 0 : detail::read_some(fd_, into, name_);
}

Descriptor PipeSource::open(const std::string& path) {
    detail::require_file_name(path);
    Descriptor fd(detail::open_retrying(path, O_RDONLY | O_CLOEXEC));
    if (!fd) detail::fail_system(path, "open", errno);
    return fd;
}

void PipeSink::write(std::span<const std::byte> bytes) { detail::write_all(fd_, bytes, name_); }

}  // namespace jl
