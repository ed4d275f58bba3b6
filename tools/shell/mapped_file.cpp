#include "shell/mapped_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include <jl/error.hpp>

#include "shell/output.hpp"

namespace jl::shell {
namespace {

struct Opened {
    int descriptor;
    ~Opened() { ::close(descriptor); }
};

}  // namespace

MappedFile::MappedFile(const std::string& path) {
    const Opened file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    struct stat facts {};
    if (file.descriptor < 0 || ::fstat(file.descriptor, &facts) != 0) throw_system(path, "open");
    if (!S_ISREG(facts.st_mode)) throw Error(ErrorCode::io, "is not a file").in_file(path);
    const auto size = static_cast<std::size_t>(facts.st_size);
    if (size == 0) return;
    void* const memory = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.descriptor, 0);
    if (memory == MAP_FAILED) throw_system(path, "map");
    bytes_ = {static_cast<std::byte*>(memory), size};
}

MappedFile::MappedFile(MappedFile&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    return *this;
}

MappedFile::~MappedFile() {
    if (!bytes_.empty()) ::munmap(bytes_.data(), bytes_.size());
}

}  // namespace jl::shell
