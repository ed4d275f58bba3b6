#include "memory/local_lock.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

#include "io/file.hpp"
#include "io/system.hpp"
#include "memory/deadline.hpp"
#include "memory/not_inherited.hpp"

namespace jl {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::microseconds first_pause{200};
constexpr std::chrono::microseconds longest_pause{10'000};

// Its last holder may have removed it between our opening and our locking it.
bool still_has_its_name(int fd, const std::string& path) {
    struct stat held {};
    struct stat named {};
    return ::fstat(fd, &held) == 0 && ::stat(path.c_str(), &named) == 0 && held.st_ino == named.st_ino &&
           held.st_dev == named.st_dev;
}

class FileLock final : public EntryLock {
  public:
    FileLock(Descriptor fd, std::string path) : fd_(std::move(fd)), path_(std::move(path)) {}
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;
    // A child itself leaves all as it is.
    ~FileLock() override {
        if (::getpid() != owner_) return;
        if (still_has_its_name(fd_.get(), path_)) ::unlink(path_.c_str());
        ::flock(fd_.get(), LOCK_UN);
    }

  private:
    Descriptor fd_;
    NotInherited own_{fd_.get()};
    std::string path_;
    pid_t owner_ = ::getpid();
};

// False: another holds it, and `how` does not wait.
bool take(int fd, int how, const std::string& path) {
    while (::flock(fd, how) < 0) {
        if (errno == EWOULDBLOCK) return false;
        if (errno != EINTR) detail::fail_system(path, "lock the file", errno);
    }
    return true;
}

bool take_before(int fd, Clock::time_point deadline, const std::string& path) {
    for (auto pause = first_pause;; pause = std::min(2 * pause, longest_pause)) {
        if (take(fd, LOCK_EX | LOCK_NB, path)) return true;
        const auto left = deadline - Clock::now();
        if (left <= Clock::duration::zero()) return false;
        std::this_thread::sleep_for(std::min<Clock::duration>(pause, left));
    }
}

}  // namespace

void remove_free_lock(const std::string& path) noexcept {
    const Descriptor fd(detail::open_retrying(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK));
    if (!fd || ::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) return;
    if (still_has_its_name(fd.get(), path)) ::unlink(path.c_str());
}

std::unique_ptr<EntryLock> lock_file(const std::string& path, std::optional<std::chrono::milliseconds> patience) {
    const auto deadline = deadline_after(patience.value_or(std::chrono::milliseconds(0)));
    for (;;) {
        Descriptor fd(detail::open_retrying(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0666));
        if (!fd) detail::fail_system(path, "create the lock file", errno);
        if (patience ? !take_before(fd.get(), deadline, path) : !take(fd.get(), LOCK_EX, path)) return nullptr;
        if (still_has_its_name(fd.get(), path)) return std::make_unique<FileLock>(std::move(fd), path);
    }
}

}  // namespace jl
