#include "io/map.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <iterator>
#include <map>
#include <mutex>
#include <sys/mman.h>
#include <sys/stat.h>

#include "io/advise.hpp"
#include "io/fork_safe_mutex.hpp"
#include "io/range.hpp"
#include "io/system.hpp"

namespace jl {
namespace {

struct AllMaps {
    ForkSafeMutex mutex;
    std::map<const std::byte*, const Map*> by_begin;
};

// Lives as long as any map.
AllMaps& all_maps() {
    static auto& all = *new AllMaps();
    return all;
}

}  // namespace

std::shared_ptr<Map> Map::open(const FileSource& file, MapMode mode, const MapAdvice& advice) {
    std::shared_ptr<Map> map(new Map(file, mode));
    const std::uint64_t size = file.size();
    if (size == 0) return map;
    if (size > PTRDIFF_MAX) detail::fail_system(file.path(), "map", ENOMEM);
    const int protection = mode == MapMode::read_only ? PROT_READ : PROT_READ | PROT_WRITE;
    // Without MAP_NORESERVE a private map of a file bigger than memory would be refused though few pages get written.
    const int sharing = mode == MapMode::copy_on_write ? MAP_PRIVATE | MAP_NORESERVE : MAP_SHARED;
    void* const begin = ::mmap(nullptr, size, protection, sharing, file.descriptor(), 0);
    if (begin == MAP_FAILED) detail::fail_system(file.path(), "map", errno);
    map->bytes_ = {static_cast<std::byte*>(begin), static_cast<std::size_t>(size)};
    detail::advise_map(map->bytes_, advice.access, advice.huge_pages);
    struct stat status {};
    if (::fstat(file.descriptor(), &status) == 0) map->device_ = status.st_dev, map->inode_ = status.st_ino;
    const std::lock_guard lock(all_maps().mutex);
    all_maps().by_begin.emplace(map->bytes_.data(), map.get());
    return map;
}

Map::~Map() {
    if (bytes_.empty()) return;
    {
        const std::lock_guard lock(all_maps().mutex);
        all_maps().by_begin.erase(bytes_.data());
    }
    ::munmap(bytes_.data(), bytes_.size());
}

// A name may mean another file by now.
std::optional<Map::Origin> Map::origin_of(std::span<const std::byte> bytes) {
    std::string path;
    Origin origin;
    std::uint64_t device = 0, inode = 0;
    {
        const std::lock_guard lock(all_maps().mutex);
        auto behind = all_maps().by_begin.upper_bound(bytes.data());
        if (behind == all_maps().by_begin.begin()) return std::nullopt;
        const Map& map = *std::prev(behind)->second;
        origin.offset = static_cast<std::uint64_t>(bytes.data() - map.bytes_.data());
        const bool inside = origin.offset < map.size() && bytes.size() <= map.size() - origin.offset;
        if (!inside || !map.has_path_ || map.mode_ == MapMode::copy_on_write) return std::nullopt;
        path = map.path_, origin.mode = map.mode_, device = map.device_, inode = map.inode_;
    }
    origin.file =
        Descriptor(detail::open_retrying(path, (origin.mode == MapMode::read_write ? O_RDWR : O_RDONLY) | O_NONBLOCK));
    struct stat status {};
    if (!origin.file || ::fstat(origin.file.get(), &status) != 0) return std::nullopt;
    if (status.st_dev != device || status.st_ino != inode) return std::nullopt;
    return origin;
}

void Map::read_at(std::uint64_t offset, std::span<std::byte> into) const {
    detail::require_range(offset, into.size(), bytes_.size());
    if (!into.empty()) std::memcpy(into.data(), bytes_.data() + offset, into.size());
}

void Map::sync() const {
    if (!bytes_.empty() && ::msync(bytes_.data(), bytes_.size(), MS_SYNC) < 0)
        detail::fail_system(path_, "sync", errno);
}

}  // namespace jl
