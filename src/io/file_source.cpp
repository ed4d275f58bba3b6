#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jl/error.hpp>

#include "io/file.hpp"
#include "io/range.hpp"
#include "io/system.hpp"

namespace jl {
namespace {

[[noreturn]] void refuse(const std::string& path, const char* what) { throw Error(ErrorCode::io, what).in_file(path); }

std::uint64_t size_of(int fd, const std::string& path) {
    struct stat status {};
    if (::fstat(fd, &status) < 0) detail::fail_system(path, "ask for the size", errno);
    if (S_ISDIR(status.st_mode)) refuse(path, "is a directory");
    if (S_ISREG(status.st_mode)) return static_cast<std::uint64_t>(status.st_size);
    if (!S_ISBLK(status.st_mode)) refuse(path, "is not a regular file: it can only be read in order");
    const off_t end = ::lseek(fd, 0, SEEK_END);
    if (end < 0) detail::fail_system(path, "ask for the size", errno);
    return static_cast<std::uint64_t>(end);
}

}  // namespace

FileSource::FileSource(std::string path, FileAccess access) : path_(std::move(path)), has_path_(true) {
    detail::require_file_name(path_);
    const int flags = access == FileAccess::read ? O_RDONLY : O_RDWR;
    fd_ = Descriptor(
        detail::open_retrying(path_, flags | O_NONBLOCK));  // or a named pipe would make us wait for its writer
    if (!fd_ && errno == EISDIR) refuse(path_, "is a directory");
    if (!fd_) detail::fail_system(path_, access == FileAccess::read ? "open for reading" : "open for writing", errno);
    size_ = size_of(fd_.get(), path_);
}

FileSource::FileSource(std::string name, Descriptor file)
    : path_(std::move(name)), has_path_(false), fd_(std::move(file)) {
    size_ = size_of(fd_.get(), path_);
}

void FileSource::read_at(std::uint64_t offset, std::span<std::byte> into) const {
    try {
        detail::require_range(offset, into.size(), size_);
    } catch (Error& error) {
        error.in_file(path_);
        throw;
    }
    while (!into.empty()) {
        const std::size_t count = detail::read_some_at(fd_.get(), offset, into, path_);
        if (count == 0) {
            throw Error(ErrorCode::truncated, "the file had " + std::to_string(size_) +
                                                  " bytes when it was opened and ends at byte " +
                                                  std::to_string(offset) + " now")
                .in_file(path_);
        }
        offset += count;
        into = into.subspan(count);
    }
}

void FileSource::write_at(std::uint64_t offset, std::span<const std::byte> bytes) {
    detail::write_all_at(fd_.get(), offset, bytes, path_);
    size_ = std::max(size_, offset + bytes.size());
}

void FileSource::sync() {
    if (const int reason = detail::sync_descriptor(fd_.get())) detail::fail_system(path_, "sync", reason);
}

bool FileSource::is_regular(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) < 0) return true;
    return S_ISREG(status.st_mode) || S_ISDIR(status.st_mode) || S_ISBLK(status.st_mode);
}

}  // namespace jl
