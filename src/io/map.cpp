#include "io/map.hpp"

#include <cerrno>
#include <cstring>
#include <sys/mman.h>

#include "io/advise.hpp"
#include "io/range.hpp"
#include "io/system.hpp"

namespace jl {

std::shared_ptr<Map> Map::open(const FileSource& file, MapMode mode, const MapAdvice& advice) {
    std::shared_ptr<Map> map(new Map(file.path()));
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
    return map;
}

Map::~Map() {
    if (!bytes_.empty()) ::munmap(bytes_.data(), bytes_.size());
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
