// A file opened by its directory alone: arrays by name, without reading the rest.
//
//     jl::File file("test.pkl");
//     for (const jl::ArrayEntry& a : file.arrays()) std::cout << a.path << ' ' << a.dtype << ' ' << a.nbytes << '\n';
//     auto rand = file.array<double>("rand");              // mapped when the file is uncompressed
//     auto rows = file.slice<double>("rand", 100, 200);    // rows [100, 200) of the first axis
//
// Needs a file that jl wrote, in any codec but lzma; others: Error{unsupported}. Thread-safe for reading. Arrays
// outlive the File.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <jl/array.hpp>
#include <jl/load.hpp>

namespace jl {

std::ostream& operator<<(std::ostream& out, const DType& dtype);  // dtype.str()

struct ArrayEntry {
    std::string path;  // "/weights/0"; "/" is the root
    DType dtype;
    std::vector<std::uint64_t> shape;
    char order = 'C';
    std::uint64_t offset =
        0;  // of the payload, or what it is packed in, in the decoded file, from the container's first byte
    std::uint64_t nbytes = 0;      // of all items
    std::string packing = "none";  // "shuffle", "blosc": packed, not to be mapped
    std::uint64_t stored = 0;      // bytes in the decoded file; nbytes unless packed
};

struct FileOptions {
    MmapMode mmap_mode = MmapMode::r;  // of uncompressed files; r_plus: writes reach the file
    unsigned n_threads = 0;
    Limits limits = {};
};

class File {
  public:
    explicit File(const std::filesystem::path& path, const FileOptions& options = {});
    File(File&&) noexcept;
    File& operator=(File&&) noexcept;
    ~File();

    const std::string& writer() const noexcept;  // "jl 0.1.0"
    std::size_t size() const noexcept;           // number of arrays
    ArrayEntry entry(std::size_t index) const;   // precondition: index < size()
    std::vector<ArrayEntry> arrays() const;
    // "rand" and "/rand" are the same; Error{missing} names the array and the file.
    ArrayEntry find(std::string_view name) const;

    // The array as T; its items must be of exactly that type, in any byte order (Error{type}); mapped arrays are not
    // checksummed.
    template <ArrayElement T>
    Array<T> array(std::string_view name) const {
        return typed<T>(read(name, DType::of<T>(), 0, ~std::uint64_t{0}));
    }
    // Rows [begin, end) along the first axis of a C-ordered array; Error{range} beyond it.
    template <ArrayElement T>
    Array<T> slice(std::string_view name, std::uint64_t begin, std::uint64_t end) const {
        return typed<T>(read(name, DType::of<T>(), begin, end));
    }

    // r_plus: brings changes to the file now. Fresh checksums follow when the last array and the File are gone; until
    // then the file is marked as modified in place.
    void flush();

    struct Implementation;

  private:
    struct Bytes {
        std::byte* data;
        std::vector<std::uint64_t> shape;
        char order;
        std::shared_ptr<void> owner;
    };
    Bytes read(std::string_view name, const DType& dtype, std::uint64_t begin, std::uint64_t end) const;
    template <class T>
    static Array<T> typed(Bytes bytes) {
        return Array<T>(reinterpret_cast<T*>(bytes.data), std::move(bytes.shape), bytes.order, std::move(bytes.owner));
    }

    std::unique_ptr<Implementation> implementation_;
};

}  // namespace jl
