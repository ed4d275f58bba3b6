#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jl/detail/checked.hpp>
#include <jl/error.hpp>

#include "io/file.hpp"
#include "io/system.hpp"
#include "io/target.hpp"

namespace jl {
namespace {

constexpr std::uint64_t worth_allocating = std::uint64_t{1} << 20;

// File systems without permissions say EPERM to their own files' owner.
void give_permissions(int fd, mode_t mode, const std::string& path) {
    if (::fchmod(fd, mode) == 0 || errno == EPERM || errno == EOPNOTSUPP) return;
    detail::fail_system(path, "set the permissions", errno);
}

// A new file's permissions are the system's choice (umask, the folder's default ACL): asked for, then narrowed until
// commit.
mode_t mode_of_new(int fd, const std::string& path) {
    struct stat status {};
    if (::fstat(fd, &status) < 0) detail::fail_system(path, "create the file", errno);
    give_permissions(fd, 0600, path);
    return status.st_mode & 07777U;
}

// As far as this process may; who may not give files away becomes their owner.
void keep_owner(int fd, const detail::Target& target) {
    if (::fchown(fd, target.owner, target.group) == 0) return;
    if (::fchown(fd, static_cast<uid_t>(-1), target.group) == 0) return;
}

void sync_folder(const std::string& folder, const std::string& path) {
    const Descriptor fd(detail::open_retrying(folder, O_RDONLY | O_DIRECTORY));
    const int reason = fd ? detail::sync_descriptor(fd.get()) : errno;
    if (reason != 0 && reason != EINVAL) detail::fail_system(path, "sync the folder", reason);
}

}  // namespace

AtomicFile::AtomicFile(std::string path, Temporary temporary) : path_(std::move(path)) {
    const detail::Target target = detail::find_target(path_);
    target_ = target.path;
    using Kind = detail::Target::Kind;
    if (target.kind == Kind::regular || target.kind == Kind::absent) {
        in_place_ = false;
        open_temporary(target, temporary);
    } else if (target.kind == Kind::descriptor) {
        fd_ = Descriptor(::fcntl(target.descriptor, F_DUPFD_CLOEXEC, 0));
    } else {
        fd_ = Descriptor(detail::open_retrying(target_, O_WRONLY | O_NOCTTY));
    }
    if (!fd_) detail::fail_system(path_, "open for writing", errno);
}

void AtomicFile::open_temporary(const detail::Target& target, Temporary temporary) {
    const bool replaces = target.kind == detail::Target::Kind::regular;
    const mode_t mode = replaces ? 0600 : 0666;
    if (temporary == Temporary::unnamed) fd_ = Descriptor(detail::open_unnamed(detail::folder_of(target_), mode));
    if (!fd_)
        under_new_name([&](const std::string& name) {
            fd_ = Descriptor(detail::open_retrying(name, O_RDWR | O_CREAT | O_EXCL, mode));
            return static_cast<bool>(fd_);
        });
    try {
        if (replaces) keep_owner(fd_.get(), target);
        mode_ = replaces ? target.mode : mode_of_new(fd_.get(), path_);
    } catch (...) {
        drop_name();
        throw;
    }
}

// `create` makes the name that it is given, or says no with errno.
template <class Create>
void AtomicFile::under_new_name(Create create) {
    constexpr int attempts = 100;
    for (int attempt = 0; attempt < attempts; ++attempt) {
        std::string name = detail::temporary_beside(target_);
        if (create(name)) {
            temporary_ = std::move(name);  // which cannot fail
            return;
        }
        if (errno != EEXIST) break;
    }
    detail::fail_system(path_, "create a file in '" + detail::folder_of(target_) + "'", errno);
}

void AtomicFile::drop_name() noexcept {
    if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

AtomicFile::~AtomicFile() {
    if (!committed_) drop_name();
}

void AtomicFile::require_open() const {
    if (!fd_) throw Error(ErrorCode::usage, "written after commit").in_file(path_);
}

void AtomicFile::require_seekable() const {
    require_open();
    if (!seekable())
        throw Error(ErrorCode::usage, "can only be written in order: it is not a regular file").in_file(path_);
}

void AtomicFile::write(std::span<const std::byte> bytes) {
    require_open();
    if (!seekable()) return detail::write_all(fd_.get(), bytes, path_);
    detail::write_all_at(fd_.get(), position_, bytes, path_);
    position_ += bytes.size();
}

std::optional<std::uint64_t> AtomicFile::position() {
    if (!seekable()) return std::nullopt;
    return position_;
}

std::uint64_t AtomicFile::reserve(std::uint64_t count) {
    require_seekable();
    const std::uint64_t begin = position_;
    const std::uint64_t end = detail::checked_add(begin, count, "the size of the file");
    // Writers in parallel then need not queue for new blocks; and a disk that is too small says so now. Else only a
    // hint.
    if (count >= worth_allocating &&
        ::fallocate(fd_.get(), 0, static_cast<off_t>(begin), static_cast<off_t>(count)) < 0 &&
        (errno == ENOSPC || errno == EDQUOT || errno == EFBIG)) {
        detail::fail_system(path_, "reserve " + std::to_string(count) + " bytes", errno);
    }
    position_ = end;
    return begin;
}

void AtomicFile::skip(std::uint64_t count) {
    require_seekable();
    const std::uint64_t end = detail::checked_add(position_, count, "the size of the file");
    if (end > INT64_MAX) detail::fail_system(path_, "skip " + std::to_string(count) + " bytes", EFBIG);
    position_ = end;
}

void AtomicFile::write_at(std::uint64_t offset, std::span<const std::byte> bytes) {
    require_seekable();
    if (offset > position_ || bytes.size() > position_ - offset) {
        throw Error(ErrorCode::usage, "write_at beyond what was reserved").at_byte(offset).in_file(path_);
    }
    detail::write_all_at(fd_.get(), offset, bytes, path_);
}

// A file without a name gets the target's at once where there is none yet, else a hidden one that takes its place.
bool AtomicFile::take_free_name() {
    if (!temporary_.empty()) return false;
    if (detail::link_descriptor(fd_.get(), target_)) return true;
    if (errno != EEXIST) detail::fail_system(path_, "create the file", errno);
    under_new_name([&](const std::string& name) { return detail::link_descriptor(fd_.get(), name); });
    return false;
}

// Any failure up to the renaming leaves the temporary file to the destructor.
void AtomicFile::commit(Sync sync) {
    require_open();
    if (seekable()) give_permissions(fd_.get(), mode_, path_);
    if (sync == Sync::yes) {
        const int reason = detail::sync_descriptor(fd_.get());
        const bool has_no_disk = !seekable() && (reason == EINVAL || reason == EROFS);
        if (reason != 0 && !has_no_disk) detail::fail_system(path_, "sync", reason);
    }
    const bool has_its_name = seekable() && take_free_name();
    if (const int reason = fd_.close()) {  // where NFS tells of a full disk
        if (has_its_name) ::unlink(target_.c_str());
        detail::fail_system(path_, "close", reason);
    }
    if (!seekable()) return;
    if (!has_its_name && ::rename(temporary_.c_str(), target_.c_str()) < 0)
        detail::fail_system(path_, "replace the file", errno);
    committed_ = true;
    if (sync == Sync::yes) sync_folder(detail::folder_of(target_), path_);
}

}  // namespace jl
