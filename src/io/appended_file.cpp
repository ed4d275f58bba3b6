#include "io/appended_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jl/error.hpp>

#include "io/system.hpp"

namespace jl {

AppendedFile::AppendedFile(std::string path) : path_(std::move(path)) {
    detail::require_file_name(path_);
    // Who replaces a file puts another one in its place: the lock is worth something on the one that has the name.
    do open_locked();
    while (!is_still_named());
    struct stat status {};
    if (::fstat(fd_.get(), &status) < 0) detail::fail_system(path_, "open", errno);
    if (!S_ISREG(status.st_mode))
        throw Error(ErrorCode::unsupported, "cannot be appended to: it is not a regular file").in_file(path_);
    size_ = position_ = begin_ = static_cast<std::uint64_t>(status.st_size);
}

void AppendedFile::open_locked() {
    fd_ = Descriptor(detail::open_retrying(path_, O_RDWR));
    if (!fd_ && errno == ENOENT) {
        fd_ = Descriptor(detail::open_retrying(path_, O_RDWR | O_CREAT, 0666));
        created_ = true;
    }
    if (!fd_) detail::fail_system(path_, "open", errno);
    int result = 0;
    do result = ::flock(fd_.get(), LOCK_EX);
    while (result < 0 && errno == EINTR);
    // File systems without locks: one writer at a time is then the callers' business.
    if (result < 0 && errno != ENOLCK && errno != EOPNOTSUPP && errno != EINVAL)
        detail::fail_system(path_, "lock", errno);
}

bool AppendedFile::is_still_named() const {
    struct stat named {
    }, opened{};
    return ::fstat(fd_.get(), &opened) == 0 && ::stat(path_.c_str(), &named) == 0 && named.st_ino == opened.st_ino &&
           named.st_dev == opened.st_dev;
}

AppendedFile::~AppendedFile() {
    if (!writing_ && !(created_ && size_ == 0 && position_ == 0)) return;
    if (created_ && begin_ == 0)
        ::unlink(path_.c_str());
    else if (::ftruncate(fd_.get(), static_cast<off_t>(begin_)) != 0) {
        // Nothing more can be done: readers find the end torn.
    }
}

void AppendedFile::begin_at(std::uint64_t offset) {
    if (offset < size_ && ::ftruncate(fd_.get(), static_cast<off_t>(offset)) != 0)
        detail::fail_system(path_, "cut", errno);
    begin_ = position_ = offset;
    writing_ = true;
}

void AppendedFile::write(std::span<const std::byte> bytes) {
    detail::write_all_at(fd_.get(), position_, bytes, path_);
    position_ += bytes.size();
}

void AppendedFile::commit(Sync sync) {
    if (sync == Sync::yes)
        if (const int reason = detail::sync_descriptor(fd_.get())) detail::fail_system(path_, "sync", reason);
    writing_ = false;
    if (const int reason = fd_.close()) detail::fail_system(path_, "close", reason);
}

}  // namespace jl
