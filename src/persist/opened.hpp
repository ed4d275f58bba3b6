// What stands at a path, opened once for every way of reading it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <jl/load.hpp>
#include <jl/url.hpp>

#include "codec/binding.hpp"
#include "io/file.hpp"
#include "persist/directory.hpp"
#include "persist/trailer.hpp"

namespace jl {

// A regular file: its bytes, and the codec that its first bytes show.
struct OpenedFile {
    std::shared_ptr<FileSource> file;
    std::shared_ptr<const Codec> codec;  // null: not compressed
};
OpenedFile open_file(const std::string& path, FileAccess access);

// The same for reading only, of a file or a URL.
struct OpenedBytes {
    std::shared_ptr<const RandomSource> bytes;
    std::shared_ptr<const Codec> codec;  // null: not compressed
};
OpenedBytes open_bytes(const std::string& name);
std::shared_ptr<const Codec> codec_of(const RandomSource& source);

// A container with its directory and checksum table, read from a source with random access (decoded where compressed).
struct ContainerIndex {
    Placed placed;
    Directory directory;
    std::vector<std::uint32_t> checksums;  // empty when stale: modified in place and not closed

    static ContainerIndex read(const RandomSource& source, const Placed& placed, const Limits& limits);
    std::span<const std::uint32_t> checksums_of(std::size_t array) const;

    // For messages: where in the file the item byte `item` of an array is, or begins what it is packed in.
    std::uint64_t place_of(std::size_t array, std::uint64_t item) const {
        return placed.begin + directory.offset(array) + (directory.packing(array) == Packing::none ? item : 0);
    }

    // Where the item bytes of an array are read: from the file itself, or from what unpacks them.
    struct Items {
        std::shared_ptr<const RandomSource> source;
        std::uint64_t offset = 0;  // of the first item byte
    };
    Items items_of(std::size_t array, std::shared_ptr<const RandomSource> file, unsigned n_threads) const;
};

// Adds the file's name to errors on their way out.
template <class Work>
auto in_file(const std::string& path, Work work) -> decltype(work()) {
    try {
        return work();
    } catch (Error& error) {
        error.in_file(shown_url(path));
        throw;
    }
}

}  // namespace jl
