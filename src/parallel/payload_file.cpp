#include "parallel/payload_file.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jl/error.hpp>

#include "io/system.hpp"
#include "parallel/array_pieces.hpp"

namespace jl {
namespace {

constexpr std::uint64_t piece_bytes = std::uint64_t{1} << 20;
constexpr const char* name_for_people = "an array's payload for another process";

Descriptor unnamed_file(const std::string& folder) {
    if (folder.empty()) {
        Descriptor memory(::memfd_create("jl-array", MFD_CLOEXEC));
        if (!memory) detail::fail_system(name_for_people, "make memory for it", errno);
        return memory;
    }
    if (Descriptor file(detail::open_unnamed(folder, 0600)); file) return file;
    // Where the file system has no such files, or it is no folder at all.
    std::string name = folder + "/.jl-array-XXXXXX";
    Descriptor file(::mkostemp(name.data(), O_CLOEXEC));
    if (!file) detail::fail_system("temp_folder '" + folder + "'", "make a file there", errno);
    ::unlink(name.c_str());
    return file;
}

void write_items(int file, const ArrayEvent& array, std::uint64_t nbytes) {
    if (!array.fill) return detail::write_all_at(file, 0, array.bytes, name_for_people);
    for_each_piece(array, nbytes, piece_bytes, [&](std::uint64_t at, std::span<const std::byte> items) {
        detail::write_all_at(file, at, items, name_for_people);
    });
}

}  // namespace

PayloadFile PayloadFile::made(const ArrayEvent& array, std::uint64_t nbytes, const std::string& folder) {
    Descriptor file = unnamed_file(folder);
    write_items(file.get(), array, nbytes);
    return {FileSource(name_for_people, std::move(file)), 0, nbytes, true, false};
}

PayloadFile PayloadFile::received(Descriptor file, std::uint64_t offset, std::uint64_t nbytes, bool is_writable) {
    if (!file) throw Error(ErrorCode::io, "an array came without its file: the process has too many open");
    FileSource source(name_for_people, std::move(file));
    if (offset > source.size() || nbytes > source.size() - offset)
        throw Error(ErrorCode::format, "a payload claims bytes " + std::to_string(offset) + " to " +
                                           std::to_string(offset) + " + " + std::to_string(nbytes) + " of a file of " +
                                           std::to_string(source.size()));
    return {std::move(source), offset, nbytes, is_writable, false};
}

std::optional<PayloadFile> PayloadFile::of_map(const ArrayEvent& array) {
    if (array.fill || array.bytes.empty()) return std::nullopt;
    std::optional<Map::Origin> origin = Map::origin_of(array.bytes);
    if (!origin) return std::nullopt;
    return PayloadFile(FileSource(name_for_people, std::move(origin->file)), origin->offset, array.bytes.size(),
                       origin->mode == MapMode::read_write, true);
}

void PayloadFile::require_folder(const std::string& folder) { (void)unnamed_file(folder); }

bool PayloadFile::is_same_place(const PayloadFile& other) const {
    struct stat mine {
    }, theirs{};
    return offset_ == other.offset_ && size_ == other.size_ && is_writable_ == other.is_writable_ &&
           ::fstat(descriptor(), &mine) == 0 && ::fstat(other.descriptor(), &theirs) == 0 &&
           mine.st_dev == theirs.st_dev && mine.st_ino == theirs.st_ino;
}

bool PayloadFile::holds(std::span<const std::byte> bytes) const {
    if (size_ != bytes.size()) return false;
    const Mapped own = mapped(MapMode::read_only);
    return std::memcmp(own.bytes.data(), bytes.data(), bytes.size()) == 0;
}

PayloadFile::Mapped PayloadFile::mapped(MapMode mode) const {
    if (mode == MapMode::read_write && !is_writable_) mode = MapMode::read_only;
    auto map = Map::open(file_, mode);
    const auto bytes = map->bytes().subspan(static_cast<std::size_t>(offset_), static_cast<std::size_t>(size_));
    return {bytes, std::move(map)};
}

}  // namespace jl
