// The list of a container's arrays (spec: trailer): a pickle of columns, one entry an array, in stream order.
//
// Reading keeps the columns as they are and makes entries on demand: a directory of a thousand arrays opens in tens of
// microseconds.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <jl/file.hpp>
#include <jl/limits.hpp>

#include "graph/array_node.hpp"

namespace jl {

class DirectoryWriter {
  public:
    void add(std::string path, const DType& dtype, std::span<const std::uint64_t> shape, char order,
             std::uint64_t offset, std::uint64_t nbytes);
    // The array that was added last takes `stored` bytes in its packed form; `chunks` are those of blosc.
    void pack_last(Packing packing, std::uint64_t stored, std::span<const std::uint32_t> chunks);
    std::vector<std::byte> pickle() const;

  private:
    std::vector<std::string> paths_;
    std::vector<DType> dtypes_;
    std::vector<std::byte> dtype_, order_, ndim_, shape_, offset_, nbytes_, packing_, stored_, chunks_;
    bool has_packed_ = false;
};

class Directory {
  public:
    // `payload_end`: no payload may lie beyond. `checksum_bytes` is what the table really has. Error{format} for
    // columns that contradict one another, {version} for an unknown extension that must be understood.
    Directory(std::vector<std::byte> pickle, std::uint64_t payload_end, std::uint64_t checksum_bytes,
              const Limits& limits);
    Directory(Directory&&) noexcept;
    Directory& operator=(Directory&&) noexcept;
    ~Directory();

    std::size_t size() const noexcept { return count_; }
    const std::string& writer() const noexcept { return writer_; }
    std::string_view path(std::size_t i) const;
    const DType& dtype(std::size_t i) const;
    std::span<const std::uint64_t> shape(std::size_t i) const;
    char order(std::size_t i) const;
    std::uint64_t offset(std::size_t i) const;
    std::uint64_t nbytes(std::size_t i) const;
    Packing packing(std::size_t i) const;
    // Bytes that the array takes in the container: nbytes, or those of its packed form.
    std::uint64_t stored(std::size_t i) const;
    // blosc: the bytes of each chunk; else empty.
    std::vector<std::uint32_t> chunks(std::size_t i) const;
    // Number of the array's first entry in the checksum table.
    std::uint64_t first_checksum(std::size_t i) const { return first_checksum_[i]; }
    std::optional<std::size_t> find(std::string_view wanted) const;
    ArrayEntry entry(std::size_t i) const;
    // Error{format} unless array record number i is what the directory says.
    // `recorded`: its dtype in the file, where its items have been made native.
    void compare(std::size_t i, const ArrayNode& array, std::uint64_t at, const DType* recorded = nullptr) const;
    // The same of how it is packed, known once the array has been read or stepped over; null: not packed.
    void compare_packing(std::size_t i, const PackedNode* packed) const;

  private:
    void read_columns(const Limits& limits);
    void check_extensions(const Cell& extensions) const;
    void check_packing();
    void check_entries(std::uint64_t payload_end, std::uint64_t checksum_bytes);
    std::uint64_t chunk_count(std::size_t i) const;

    std::vector<std::byte> pickle_;
    std::unique_ptr<Document> document_;
    std::size_t count_ = 0;
    std::string writer_;
    std::vector<DType> dtypes_;
    Items<Cell> paths_;
    std::span<const std::byte> dtype_, order_, ndim_, shape_, offset_, nbytes_;
    std::span<const std::byte> packing_, stored_, chunks_;  // empty where no array is packed
    std::vector<std::uint64_t> first_chunk_;                // of each array in chunks_
    std::vector<std::uint64_t> first_dimension_;            // of each array in dimensions_
    std::vector<std::uint64_t> dimensions_;                 // of all arrays, one after the other
    std::vector<std::uint64_t> first_checksum_;
};

}  // namespace jl
