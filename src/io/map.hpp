// A file mapped into memory; unmapped on destruction.
//
//     auto map = Map::open(source, MapMode::read_only);   map->bytes()
//
// Reading a page that another process has cut off the file meanwhile raises SIGBUS: the price of maps, stated in the
// docs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include <jl/access.hpp>

#include "io/file.hpp"

namespace jl {

enum class MapMode { read_only, read_write, copy_on_write };

struct MapAdvice {
    Access access = Access::normal;
    bool huge_pages = false;
};

class Map final : public RandomSource {
  public:
    // Maps the whole file. Precondition: read_write needs a source opened read_write.
    static std::shared_ptr<Map> open(const FileSource& file, MapMode mode, const MapAdvice& advice = {});
    Map(const Map&) = delete;
    Map& operator=(const Map&) = delete;
    ~Map() override;

    // Where bytes stand in a file that is mapped, here and now, to be read or written by all who map it, if it can
    // still be opened by its name. Thread-safe.
    struct Origin {
        Descriptor file;  // opened to be written where it is mapped so
        std::uint64_t offset = 0;
        MapMode mode = MapMode::read_only;
    };
    static std::optional<Origin> origin_of(std::span<const std::byte> bytes);

    std::span<std::byte> bytes() const noexcept { return bytes_; }  // writable only when the mode says so
    std::uint64_t size() const override { return bytes_.size(); }
    void read_at(std::uint64_t offset, std::span<std::byte> into) const override;
    std::span<const std::byte> view() const override { return bytes_; }
    void sync() const;  // msync: writes reach the file

  private:
    Map(const FileSource& file, MapMode mode) : path_(file.path()), has_path_(file.has_path()), mode_(mode) {}
    std::string path_;
    bool has_path_;
    MapMode mode_;
    std::uint64_t device_ = 0, inode_ = 0;  // of the file
    std::span<std::byte> bytes_;
};

}  // namespace jl
