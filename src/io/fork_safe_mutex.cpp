#include "io/fork_safe_mutex.hpp"

#include <pthread.h>
#include <vector>

namespace jl {
namespace {

struct All {
    std::mutex mutex;
    std::vector<ForkSafeMutex*> mutexes;

    static All& the() {
        static All* const all = [] {
            auto* const made = new All;
            ::pthread_atfork([] { the().lock(); }, [] { the().unlock(); }, [] { the().unlock(); });
            return made;
        }();
        return *all;
    }

  private:
    void lock() {
        mutex.lock();
        for (ForkSafeMutex* const each : mutexes) each->lock();
    }
    void unlock() {
        for (ForkSafeMutex* const each : mutexes) each->unlock();
        mutex.unlock();
    }
};

}  // namespace

ForkSafeMutex::ForkSafeMutex() {
    const std::lock_guard lock(All::the().mutex);
    All::the().mutexes.push_back(this);
}

}  // namespace jl
