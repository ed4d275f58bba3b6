#include "io/file.hpp"
#include "io/system.hpp"

namespace jl {

std::size_t PipeSource::read(std::span<std::byte> into) {
    return into.empty() ? 0 : detail::read_some(fd_, into, name_);
}

void PipeSink::write(std::span<const std::byte> bytes) { detail::write_all(fd_, bytes, name_); }

}  // namespace jl
