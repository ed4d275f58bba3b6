#include "parallel/thread_count.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <dirent.h>
#include <memory>
#include <thread>

#include "io/system.hpp"
#include "parallel/leave_with_parent.hpp"

namespace jl {
namespace {

constexpr const char* place = "/proc/self/task";

std::size_t counted() {
    const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir(place), ::closedir);
    if (!folder) detail::fail_system(place, "count the threads of this process", errno);
    std::size_t count = 0;
    while (const dirent* const entry = ::readdir(folder.get())) count += entry->d_name[0] != '.';
    return std::max<std::size_t>(count, 1 + parent_watchers()) - parent_watchers();
}

}  // namespace

std::size_t thread_count() {
    std::size_t count = counted();
    for (int waited = 0; count > 1 && waited < 100; waited += 10) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
        count = counted();
    }
    return count;
}

}  // namespace jl
