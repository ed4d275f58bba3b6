// Somebody at the other end of a pipe or a socket: a thread that carries what comes to a file, or a file to whoever
// reads.
//
//     Drain drain(path, Drain::pipe());   dump(x, FileDescriptor{drain.fd()});    // the file is whole at the end of
//     its life Feed feed(path, Drain::socket());   load<X>(FileDescriptor{feed.fd()});
#pragma once

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace jl::test {

class OwnedFd {
  public:
    explicit OwnedFd(int fd) : fd_(fd) {
        if (fd < 0) throw std::runtime_error("no descriptor");
    }
    OwnedFd(OwnedFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    OwnedFd& operator=(OwnedFd&&) = delete;
    ~OwnedFd() { close(); }
    int get() const noexcept { return fd_; }
    int release() noexcept { return std::exchange(fd_, -1); }
    void close() noexcept {
        if (fd_ >= 0) ::close(std::exchange(fd_, -1));
    }

  private:
    int fd_;
};

// Until the end, or until nobody takes any more.
inline void carry(int from, int to) {
    sigset_t broken;
    ::sigemptyset(&broken);
    ::sigaddset(&broken, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &broken, nullptr);  // of this thread
    std::array<char, 50'001> piece{};
    for (;;) {
        const ssize_t got = ::read(from, piece.data(), piece.size());
        if (got <= 0) return;
        for (ssize_t done = 0; done < got;) {
            const ssize_t taken = ::write(to, piece.data() + done, static_cast<std::size_t>(got - done));
            if (taken < 0) return;
            done += taken;
        }
    }
}

struct Ends {
    int reading = -1, writing = -1;
    bool waits = true;
};

class Drain {
  public:
    static Ends pipe() {
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
        return {ends[0], ends[1]};
    }
    static Ends pipe_that_does_not_wait() {
        Ends ends = pipe();
        ends.waits = false;
        return ends;
    }
    static Ends socket() {
        int ends[2];
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) throw std::runtime_error("no socket");
        return {ends[0], ends[1]};
    }

    Drain(const std::string& path, Ends ends)
        : file_(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)),
          theirs_(ends.reading),
          ours_(ends.writing),
          thread_([from = ends.reading, to = file_.get()] { carry(from, to); }) {
        if (!ends.waits) ::fcntl(ends.writing, F_SETFL, O_NONBLOCK);
    }
    ~Drain() {
        ours_.close();
        thread_.join();
    }
    int fd() const noexcept { return ours_.get(); }
    int release() noexcept { return ours_.release(); }  // to one who closes it before this ends

  private:
    OwnedFd file_, theirs_, ours_;
    std::thread thread_;
};

class Feed {
  public:
    Feed(const std::string& path, Ends ends)
        : file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)),
          ours_(ends.reading),
          thread_([from = file_.get(), to = ends.writing] {
              const OwnedFd end(to);
              carry(from, to);
          }) {
        if (!ends.waits) ::fcntl(ends.reading, F_SETFL, O_NONBLOCK);
    }
    ~Feed() {
        ours_.close();
        thread_.join();
    }
    int fd() const noexcept { return ours_.get(); }
    int release() noexcept { return ours_.release(); }

  private:
    OwnedFd file_, ours_;
    std::thread thread_;
};

}  // namespace jl::test
