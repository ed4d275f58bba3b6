// A mutex that a child of fork() finds free, whoever held it in the parent: what it guards is whole there.
//
// For what lives as long as the program; not to be held while another one is taken.
#pragma once

#include <mutex>

namespace jl {

class ForkSafeMutex {
  public:
    ForkSafeMutex();
    ForkSafeMutex(const ForkSafeMutex&) = delete;
    ForkSafeMutex& operator=(const ForkSafeMutex&) = delete;

    void lock() { mutex_.lock(); }
    void unlock() { mutex_.unlock(); }

  private:
    std::mutex mutex_;
};

}  // namespace jl
