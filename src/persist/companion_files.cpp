#include "persist/companion_files.hpp"

#include <algorithm>
#include <filesystem>

#include "graph/npy_array.hpp"
#include "io/map.hpp"
#include "persist/in_place.hpp"
#include "persist/opened.hpp"
#include "persist/payloads.hpp"

namespace jl {

namespace {

constexpr std::size_t first_piece = std::size_t{64} << 10;

bool is_file_name(const std::string& name) {
    const bool one_part = name.find('/') == std::string::npos && name.find('\\') == std::string::npos &&
                          name.find('\0') == std::string::npos;
    return one_part && !name.empty() && name != "." && name != "..";
}

Cell load_in_memory(std::shared_ptr<FileSource> file, Document& document, unsigned n_threads) {
    DeferringLoader loader(document, file, nullptr, n_threads);
    Input in(*file, 0, file->size());
    return read_npy(in, document, loader);
}

Cell load_mapped(std::shared_ptr<FileSource> file, Document& document, const LoadOptions& options) {
    const MmapMode mode = *options.mmap_mode;
    std::shared_ptr<void> owner;
    std::span<std::byte> bytes;
    if (mode == MmapMode::r_plus) {
        auto in_place = std::make_shared<InPlaceFile>(std::move(file), nullptr);
        bytes = in_place->bytes();
        owner = std::move(in_place);
    } else {
        auto map = Map::open(*file, mode == MmapMode::c ? MapMode::copy_on_write : MapMode::read_only);
        bytes = map->bytes();
        owner = std::move(map);
    }
    document.keep(owner);
    MappingLoader loader(document, bytes, std::move(owner), options, nullptr);
    const MemorySource memory(bytes);
    Input in(memory, 0, memory.size());
    return read_npy(in, document, loader);
}

}  // namespace

CompanionFiles::CompanionFiles(const std::string& pickle, const LoadOptions& options)
    : folder_(pickle.substr(0, pickle.rfind('/') + 1)), options_(options) {}

// The path of a companion. joblib never names one twice: nobody pays for reading a file again and again.
std::string CompanionFiles::take(const std::string& name) {
    if (!is_file_name(name))
        throw Error(ErrorCode::format, "an array is said to be in the file '" + name +
                                           "': only the name of a file beside the pickle is taken");
    if (!taken_.insert(name).second)
        throw Error(ErrorCode::format, "two arrays are said to be in the companion file '" + name + "'");
    const std::string path = folder_ + name;
    std::error_code ignored;
    const std::filesystem::file_status status = std::filesystem::symlink_status(path, ignored);
    if (status.type() == std::filesystem::file_type::symlink)
        throw Error(ErrorCode::format,
                    "the companion '" + name + "' is a link: only what lies beside the pickle is read");
    if (status.type() == std::filesystem::file_type::not_found)
        throw Error(ErrorCode::missing, "an array is in the companion file '" + name + "', which is not there");
    if (status.type() != std::filesystem::file_type::regular)
        throw Error(ErrorCode::format, "the companion '" + name + "' is not a regular file");
    return path;
}

Cell CompanionFiles::array(const std::string& name, Document& document) {
    const std::string path = take(name);
    return in_file(path, [&] {
        const bool writes = options_.mmap_mode == MmapMode::r_plus;
        auto file = std::make_shared<FileSource>(path, writes ? FileAccess::read_write : FileAccess::read);
        if (!options_.mmap_mode || file->size() == 0)
            return load_in_memory(std::move(file), document, options_.n_threads);
        return load_mapped(std::move(file), document, options_);
    });
}

// Memory grows with what really comes out of the file.
Buffer CompanionFiles::items(const std::string& name) {
    const std::string path = take(name);
    return in_file(path, [&] {
        const OpenedFile opened = open_file(path, FileAccess::read);
        if (!opened.codec) throw Error(ErrorCode::format, "the companion file is not compressed as its name says");
        const auto content = decoded(*opened.file, *opened.codec, {options_.n_threads, options_.limits});
        Buffer bytes(first_piece);
        std::size_t used = 0;
        while (const std::size_t count = content->read(bytes.bytes().subspan(used))) {
            used += count;
            if (used > options_.limits.bytes)
                throw Error(ErrorCode::limit, "the items take more than " + std::to_string(options_.limits.bytes) +
                                                  " bytes of memory (limit: bytes)");
            // One byte of room more than is allowed shows whether there is more.
            if (used == bytes.size())
                bytes.resize(static_cast<std::size_t>(std::min<std::uint64_t>(2 * used - 1, options_.limits.bytes)) +
                             1);
        }
        bytes.resize(used);
        return bytes;
    });
}

}  // namespace jl
