#include "parallel/child_process.hpp"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace jl {
namespace {

constexpr int patience_milliseconds = 1'000;  // for one that was told to leave

std::string end_text(int status) {
    if (WIFEXITED(status)) return "ended with status " + std::to_string(WEXITSTATUS(status));
    const int signal = WTERMSIG(status);
    std::string text = "was killed by signal " + std::to_string(signal) + " (" + ::strsignal(signal) + ')';
    if (signal == SIGKILL) text += ", perhaps since memory ran out";
    return text;
}

}  // namespace

ChildProcess::ChildProcess(pid_t pid) noexcept : pid_(pid), owner_(::getpid()) {
#ifdef SYS_pidfd_open
    pidfd_ = Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
#endif
}

ChildProcess::~ChildProcess() {
    if (is_mine()) (void)reap();
}

bool ChildProcess::is_mine() const noexcept { return ::getpid() == owner_; }

bool ChildProcess::has_ended() const noexcept {
    siginfo_t info = {};
    const int failed = ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT | WNOHANG);
    return failed != 0 || info.si_pid == pid_;
}

void ChildProcess::kill() noexcept {
    const std::lock_guard lock(mutex_);
    if (reaped_) return;
#ifdef SYS_pidfd_send_signal
    // Where somebody else waited for it, its number may be another's.
    if (pidfd_ && ::syscall(SYS_pidfd_send_signal, pidfd_.get(), SIGKILL, nullptr, 0) == 0) return;
    if (pidfd_ && errno == ESRCH) return;
#endif
    ::kill(pid_, SIGKILL);
}

bool ChildProcess::ends_by_itself() const noexcept {
    pollfd gone{pidfd_.get(), POLLIN, 0};
    if (pidfd_) return ::poll(&gone, 1, patience_milliseconds) > 0;
    for (int waited = 0; waited < patience_milliseconds; waited += 10) {
        if (has_ended()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
}

std::optional<int> ChildProcess::reap() noexcept {
    if (reaped_) return std::nullopt;
    if (!ends_by_itself()) kill();
    while (true) {
        siginfo_t info = {};
        if (::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT) == 0 || errno != EINTR) break;
    }
    const std::lock_guard lock(mutex_);
    int status = 0;
    reaped_ = true;
    return ::waitpid(pid_, &status, 0) == pid_ ? std::optional(status) : std::nullopt;
}

std::string ChildProcess::end() {
    const std::optional<int> status = reap();
    return status ? end_text(*status) : "has ended";
}

}  // namespace jl
