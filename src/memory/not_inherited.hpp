// A descriptor that child processes do not share: what the system takes away from a process that dies would stay with
// its children otherwise.
//
//     NotInherited own(fd);      // after a fork, fd is /dev/null in the child
//
// The number stays the child's, to be closed as ever. Thread-safe.
#pragma once

namespace jl {

class NotInherited {
  public:
    explicit NotInherited(int fd);
    NotInherited(NotInherited&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
    NotInherited& operator=(NotInherited&&) = delete;
    ~NotInherited();

  private:
    int fd_;
};

}  // namespace jl
