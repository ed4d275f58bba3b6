// Arrays and numpy scalars inside a document.
//
// The payload of an array is in one of four places: in memory (the document's, a map's), still in the file (deferred),
// in a container of the caller's type made before the bytes were read, or, for object arrays, a list of cells.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <typeinfo>
#include <vector>

#include <jl/dtype.hpp>
#include <jl/record.hpp>
#include <jl/source.hpp>

#include "array/layout.hpp"
#include "array/packing.hpp"
#include "pickle/document.hpp"

namespace jl {

struct ArrayNode;

// Where deferred payloads are read from; verifies checksums where the file has them. Thread-safe.
class PayloadSource {
  public:
    virtual ~PayloadSource() = default;
    // Bytes [first, first + into.size()) of the array's payload; `first` is a multiple of the checksum chunk.
    virtual void read(const ArrayNode& array, std::uint64_t first, std::span<std::byte> into) const = 0;
};

// How an array is packed in the file.
struct PackedNode {
    Packing packing = Packing::none;
    std::uint64_t stored = 0;                        // bytes of the form in the file
    std::vector<std::uint32_t> chunks;               // blosc: bytes of each
    std::shared_ptr<const RandomSource> items = {};  // deferred: what is read from
};

struct ArrayNode {
    DType dtype;
    Shape shape;
    char order = 'C';
    const ClassRef* type = nullptr;  // null: numpy.ndarray; else matrix, recarray, …
    std::uint64_t nbytes = 0;
    bool filled = false;  // false: made by _reconstruct, its state has not arrived

    std::byte* data = nullptr;    // in memory; item bytes in `dtype`'s own byte order
    std::shared_ptr<void> owner;  // what keeps `data` alive; null: the document
    bool in_map = false;          // `data` lies in a map of the file, of which …
    bool write_through = false;   // … writes reach the file

    std::shared_ptr<const PayloadSource> deferred;
    std::size_t index = 0;                // number of the array record in the file
    std::optional<std::uint64_t> offset;  // of the payload, or its packed form, in the decoded file

    std::shared_ptr<PackedNode> packed;  // null: the payload stands in the file as it is

    std::shared_ptr<void> container;
    const std::type_info* container_type = nullptr;

    Items<Cell> objects;  // dtype O

    std::uint64_t count() const { return nbytes / (dtype.itemsize() == 0 ? 1 : dtype.itemsize()); }
};

struct ScalarNode {
    DType dtype;
    std::span<const std::byte> item;  // in `dtype`'s byte order
};

inline ArrayNode& array_of(const Cell& cell) { return *static_cast<ArrayNode*>(cell.node); }
inline ScalarNode& scalar_of(const Cell& cell) { return *static_cast<ScalarNode*>(cell.node); }

// In C++ a bool is 0 or 1 and nothing else; a file may say what it likes.
void make_booleans(std::span<std::byte> items, const DType& dtype);

inline constexpr std::size_t most_dimensions = 64;  // as numpy 2; numpy 1 loads up to 32

// Error{type} for an array that no reader would take: too many dimensions, items of no bytes.
void require_array(const DType& dtype, std::span<const std::uint64_t> shape);

// Number of items of a shape, product of its dimensions; Error{range} on overflow.
std::uint64_t item_count(std::span<const std::uint64_t> shape);

// Payload in memory, reading it first when it is deferred. Not thread-safe on the same node.
std::span<std::byte> resident(ArrayNode& array);
// Bytes of the payload from `first` on, wherever they lie; within its size.
void read_payload(const ArrayNode& array, std::uint64_t first, std::span<std::byte> into);

// Copies the items to `to` as native `dtype` in `order`, converting exactly.
void copy_items(const ArrayNode& array, const DType& dtype, char order, std::span<std::byte> to);

}  // namespace jl
