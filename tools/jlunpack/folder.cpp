#include "jlunpack/folder.hpp"

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <random>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "shell/output.hpp"

namespace jl::unpack {

Folder::Folder(const std::string& path)
    : descriptor_(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)), path_(path) {
    if (descriptor_ < 0) shell::throw_system(path, "open the folder");
}

Folder Folder::create(const std::string& path) {
    std::error_code error;
    std::filesystem::create_directories(path, error);
    return Folder(path);
}

Folder::Folder(Folder&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), path_(std::move(other.path_)) {}

Folder& Folder::operator=(Folder&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    std::swap(path_, other.path_);
    return *this;
}

Folder::~Folder() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

Folder Folder::inside(const std::string& name) const {
    const std::string below = path_ + "/" + name;
    if (::mkdirat(descriptor_, name.c_str(), 0777) != 0 && errno != EEXIST)
        shell::throw_system(below, "make the folder");
    const int descriptor = ::openat(descriptor_, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (descriptor < 0) shell::throw_system(below, "use the folder");
    return {descriptor, below};
}

NewFile::NewFile(const Folder& folder, std::string name, std::string shown)
    : folder_(folder), name_(std::move(name)), shown_(std::move(shown)) {
    std::random_device random;
    for (int attempt = 0; descriptor_ < 0 && attempt < 100; ++attempt) {
        temporary_ = ".jlunpack." + std::to_string(::getpid()) + "-" + std::to_string(random()) + ".tmp";
        descriptor_ = ::openat(folder.descriptor(), temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (descriptor_ < 0 && errno != EEXIST) break;
    }
    if (descriptor_ < 0) shell::throw_system(shown_, "create");
}

NewFile::~NewFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (!temporary_.empty()) ::unlinkat(folder_.descriptor(), temporary_.c_str(), 0);
}

void NewFile::write(std::span<const std::byte> bytes) { shell::DescriptorSink(descriptor_, shown_).write(bytes); }

void NewFile::commit() {
    if (::close(std::exchange(descriptor_, -1)) != 0) shell::throw_system(shown_, "write");
    if (::renameat(folder_.descriptor(), temporary_.c_str(), folder_.descriptor(), name_.c_str()) != 0)
        shell::throw_system(shown_, "create");
    temporary_.clear();
}

}  // namespace jl::unpack
