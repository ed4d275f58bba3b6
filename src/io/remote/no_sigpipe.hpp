// Keeps a library's write to a closed connection from ending the program: SIGPIPE is held back from this thread and, if
// it came, taken away.
//
//     const NoSigpipe guard;   ::redisBufferWrite(…);      // EPIPE instead
#pragma once

#include <csignal>
#include <ctime>
#include <pthread.h>

namespace jl::detail {

class NoSigpipe {
  public:
    NoSigpipe() noexcept {
        ::sigemptyset(&pipe_);
        ::sigaddset(&pipe_, SIGPIPE);
        sigset_t pending;
        ::sigpending(&pending);
        was_pending_ = ::sigismember(&pending, SIGPIPE) == 1;
        ::pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
    }
    NoSigpipe(const NoSigpipe&) = delete;
    NoSigpipe& operator=(const NoSigpipe&) = delete;
    ~NoSigpipe() {
        const timespec now{};
        if (!was_pending_) ::sigtimedwait(&pipe_, nullptr, &now);
        ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    }

  private:
    sigset_t pipe_, before_;
    bool was_pending_;
};

}  // namespace jl::detail
