// How one knows that the process behind a socket has gone, though others may hold its end of the socket.
#pragma once

#include <functional>
#include <utility>

namespace jl {

class EndOfPeer {
  public:
    // A descriptor that becomes readable then; -1: nobody knows.
    EndOfPeer(int descriptor) noexcept : descriptor_(descriptor) {}
    // `has_ended` is asked now and then where there is no descriptor (pidfd_open: Linux 5.3, and not in every sandbox).
    EndOfPeer(int descriptor, std::function<bool()> has_ended)
        : descriptor_(descriptor), has_ended_(std::move(has_ended)) {}

    bool is_known() const noexcept { return descriptor_ >= 0 || has_ended_; }
    struct Seen {
        bool socket = false;  // it is ready
        bool end = false;     // of the process
    };
    // Waits for one of both. `events`: POLLIN, POLLOUT; `milliseconds`: -1 for ever.
    Seen wait(int socket, short events, int milliseconds) const;

  private:
    int descriptor_;
    std::function<bool()> has_ended_;
};

}  // namespace jl
