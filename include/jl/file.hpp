// A file opened by its directory alone: arrays by name, without reading the rest.
//
//     jl::File file("test.pkl");
//     for (const jl::ArrayEntry& a : file.arrays()) std::cout << a.path << ' ' << a.dtype << ' ' << a.nbytes << '\n';
//     auto rand = file.array<double>("rand");              // mapped when the file is uncompressed
//     auto rows = file.slice<double>("rand", 100, 200);    // rows [100, 200) of the first axis
//     auto box = file.slice<double>("rand", {{0, 10}, {5, 8}});
//     for (const auto& part : file.chunks<double>("rand", 64)) …      // 64 rows at a time
//
// Needs a file that jl wrote, in any codec but lzma; others: Error{unsupported}. Thread-safe for reading. Arrays
// outlive the File.
#pragma once

#include <algorithm>
#include <filesystem>
#include <iosfwd>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <jl/access.hpp>
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
    // Of uncompressed files; r_plus: writes reach the file; nullopt: nothing is mapped, every byte is read and checked,
    // as is best on file systems of a network.
    std::optional<MmapMode> mmap_mode = MmapMode::r;
    Access access = Access::normal;
    bool huge_pages = false;  // behind maps, where the system can
    unsigned n_threads = 0;
    Limits limits = {};
};

// Indexes begin, begin + step, … below end, of one axis.
struct Range {
    static constexpr std::uint64_t to_end = ~std::uint64_t{0};
    std::uint64_t begin = 0;
    std::uint64_t end = to_end;
    std::uint64_t step = 1;
};

template <ArrayElement T>
class ArrayChunks;

class File {
  public:
    explicit File(const std::filesystem::path& path, const FileOptions& options = {});  // or a URL
    // Any source with random access: ranges of it are read, nothing is mapped (mmap_mode r).
    explicit File(std::shared_ptr<const RandomSource> source, const FileOptions& options = {});
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
        return typed<T>(read(*implementation_, name, DType::of<T>(), {}));
    }
    // Rows [begin, end) along the first axis; Error{range} beyond it.
    template <ArrayElement T>
    Array<T> slice(std::string_view name, std::uint64_t begin, std::uint64_t end) const {
        return slice<T>(name, {{begin, end}});
    }
    // A range for each axis, the rest whole: file.slice<double>("x", {{0, 10}, {5, 8}}). In the order of the array. Of
    // a map, items that lie together are shown where they are, others copied (r_plus: Error{unsupported}); elsewhere
    // the chunks of 1 MiB and blocks that hold them are read, at most 16 MiB at once beside the result.
    template <ArrayElement T>
    Array<T> slice(std::string_view name, const std::vector<Range>& ranges) const {
        return typed<T>(read(*implementation_, name, DType::of<T>(), ranges));
    }
    // The array in pieces of `rows` rows, the last one with the rest: for (auto part : file.chunks<double>("x", 4096)).
    // Each is read when it is reached, and lives as long as it is kept.
    template <ArrayElement T>
    ArrayChunks<T> chunks(std::string_view name, std::uint64_t rows) const;

    // r_plus: brings changes to the file now. Fresh checksums follow when the last array and the File are gone; until
    // then the file is marked as modified in place.
    void flush();

    struct Implementation;

  private:
    // Error{range} for an array without rows, Error{usage} for pieces of none.
    std::uint64_t rows_of(std::string_view name, std::uint64_t piece) const;
    struct Bytes {
        std::byte* data;
        std::vector<std::uint64_t> shape;
        char order;
        std::shared_ptr<void> owner;
    };
    template <ArrayElement T>
    friend class ArrayChunks;
    static Bytes read(Implementation& self, std::string_view name, const DType& dtype, std::span<const Range> ranges);
    template <class T>
    static Array<T> typed(Bytes bytes) {
        return Array<T>(reinterpret_cast<T*>(bytes.data), std::move(bytes.shape), bytes.order, std::move(bytes.owner));
    }

    std::shared_ptr<Implementation> implementation_;
};

// An input range; the File may go before it.
template <ArrayElement T>
class ArrayChunks {
  public:
    class iterator {
      public:
        using iterator_concept = std::input_iterator_tag;
        using value_type = Array<T>;
        using difference_type = std::ptrdiff_t;

        iterator() = default;
        const Array<T>& operator*() const noexcept { return rows_; }
        const Array<T>* operator->() const noexcept { return &rows_; }
        iterator& operator++() {
            begin_ += of_->rows_;
            take();
            return *this;
        }
        void operator++(int) { ++*this; }
        bool operator==(std::default_sentinel_t) const noexcept { return begin_ >= of_->count_; }

      private:
        friend class ArrayChunks;
        explicit iterator(const ArrayChunks* of) : of_(of) { take(); }
        void take() {
            rows_ = {};  // what was read before goes first
            if (begin_ >= of_->count_) return;
            const Range range[] = {{begin_, begin_ + std::min(of_->rows_, of_->count_ - begin_)}};
            rows_ = File::typed<T>(File::read(*of_->file_, of_->name_, DType::of<T>(), range));
        }
        const ArrayChunks* of_ = nullptr;
        std::uint64_t begin_ = 0;
        Array<T> rows_;
    };

    iterator begin() const { return iterator(this); }
    std::default_sentinel_t end() const noexcept { return {}; }

  private:
    friend class File;
    ArrayChunks(std::shared_ptr<File::Implementation> file, std::string_view name, std::uint64_t count,
                std::uint64_t rows)
        : file_(std::move(file)), name_(name), count_(count), rows_(rows) {}

    std::shared_ptr<File::Implementation> file_;
    std::string name_;
    std::uint64_t count_;  // rows in all
    std::uint64_t rows_;   // of each piece
};

template <ArrayElement T>
ArrayChunks<T> File::chunks(std::string_view name, std::uint64_t rows) const {
    return ArrayChunks<T>(implementation_, name, rows_of(name, rows), rows);
}

}  // namespace jl
