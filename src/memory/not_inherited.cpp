#include "memory/not_inherited.hpp"

#include <algorithm>
#include <fcntl.h>
#include <mutex>
#include <pthread.h>
#include <unistd.h>
#include <vector>

namespace jl {
namespace {

// Never destroyed: processes may fork until they end.
struct Table {
    std::mutex mutex;
    std::vector<int> descriptors;

    static Table& the() {
        static Table* const table = [] {
            auto* const made = new Table;
            ::pthread_atfork([] { the().mutex.lock(); }, [] { the().mutex.unlock(); }, [] { the().begin_child(); });
            return made;
        }();
        return *table;
    }

  private:
    // Only what is safe between fork and exec.
    void begin_child() {
        const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
        for (const int fd : descriptors) {
            if (nothing >= 0)
                ::dup3(nothing, fd, O_CLOEXEC);
            else
                ::close(fd);
        }
        if (nothing >= 0) ::close(nothing);
        descriptors.clear();
        mutex.unlock();
    }
};

}  // namespace

NotInherited::NotInherited(int fd) : fd_(fd) {
    const std::lock_guard lock(Table::the().mutex);
    Table::the().descriptors.push_back(fd);
}

NotInherited::~NotInherited() {
    if (fd_ < 0) return;
    const std::lock_guard lock(Table::the().mutex);
    auto& all = Table::the().descriptors;
    if (const auto found = std::ranges::find(all, fd_); found != all.end()) all.erase(found);
}

}  // namespace jl
