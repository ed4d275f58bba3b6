// A child of this process, from its start to its end.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <sys/types.h>

#include "io/file.hpp"
#include "parallel/end_of_peer.hpp"

namespace jl {

// Used by one thread at a time, but for kill(). The destructor ends it and leaves no zombie.
class ChildProcess {
  public:
    explicit ChildProcess(pid_t pid) noexcept;
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;
    ~ChildProcess();

    pid_t pid() const noexcept { return pid_; }
    // Becomes readable when it has ended; -1 where the system has none.
    int descriptor() const noexcept { return pidfd_.get(); }
    // For its socket; not for longer than this lives.
    EndOfPeer end_of_peer() const {
        return {pidfd_.get(), [this] { return has_ended(); }};
    }
    // False in a child of this process that was forked: there, nothing here may be waited for.
    bool is_mine() const noexcept;
    bool has_ended() const noexcept;
    void kill() noexcept;  // any thread
    // Waits for its end, and ends one that lives on for longer than it may take to leave. "was killed by signal 9
    // (Killed)", "ended with status 3".
    std::string end();

  private:
    std::optional<int> reap() noexcept;  // its status; none where somebody else has waited for it
    bool ends_by_itself() const noexcept;

    const pid_t pid_;
    const pid_t owner_;
    Descriptor pidfd_;
    std::mutex mutex_;  // over the pid's end
    bool reaped_ = false;
};

}  // namespace jl
