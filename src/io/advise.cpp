#include "io/advise.hpp"

#include <fcntl.h>
#include <sys/mman.h>

namespace jl::detail {

namespace {

#ifdef MADV_POPULATE_READ
constexpr int populate_read = MADV_POPULATE_READ;
#else
constexpr int populate_read = 22;  // Linux 5.14; older ones refuse it
#endif

}  // namespace

void advise_map(std::span<std::byte> map, Access access, bool huge_pages) noexcept {
    if (map.empty()) return;
    const auto advise = [&](int advice) { return ::madvise(map.data(), map.size(), advice) == 0; };
    if (huge_pages) advise(MADV_HUGEPAGE);
    switch (access) {
        case Access::normal:
            break;
        case Access::sequential:
            advise(MADV_SEQUENTIAL);
            break;
        case Access::random:
            advise(MADV_RANDOM);
            break;
        case Access::populate:
            // Not MAP_POPULATE: it would copy every page of a private map.
            if (advise(populate_read)) break;
            [[fallthrough]];
        case Access::will_need:
            advise(MADV_WILLNEED);
    }
}

void advise_reads(int fd, Access access) noexcept {
    switch (access) {
        case Access::normal:
            break;
        case Access::sequential:
            ::posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
            break;
        case Access::random:
            ::posix_fadvise(fd, 0, 0, POSIX_FADV_RANDOM);
            break;
        case Access::will_need:
        case Access::populate:
            ::posix_fadvise(fd, 0, 0, POSIX_FADV_WILLNEED);
    }
}

}  // namespace jl::detail
