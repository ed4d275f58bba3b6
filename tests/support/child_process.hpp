// Processes that a test starts by fork, and what they count together.
//
//     const pid_t child = start_process([&] { return works() ? 0 : 1; });   EXPECT_EQ(wait_for(child), 0);
#pragma once

#include <fcntl.h>
#include <filesystem>
#include <gtest/gtest.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#include "support/temp_dir.hpp"

namespace jl::test {

// A child process that runs `work` and ends with what it returns; 99 after an exception.
template <class Work>
pid_t start_process(Work work) {
    const pid_t child = ::fork();
    if (child != 0) return child;
    int status = 99;
    try {
        status = work();
    } catch (...) {
        status = 99;
    }
    ::_exit(status);
}

// Its status, or the negative number of the signal that ended it.
inline int wait_for(pid_t child) {
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

// One byte in a file for each call, whichever process makes it.
class CallCount {
  public:
    explicit CallCount(std::string path) : path_(std::move(path)) {}
    void one_more() const {
        const int fd = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
        EXPECT_EQ(::write(fd, "x", 1), 1);
        ::close(fd);
    }
    std::size_t count() const { return std::filesystem::exists(path_) ? read_file(path_).size() : 0; }

  private:
    std::string path_;
};

}  // namespace jl::test
