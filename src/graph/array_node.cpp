#include "graph/array_node.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <string>

#include <jl/buffer.hpp>
#include <jl/detail/checked.hpp>

namespace jl {

namespace {

constexpr std::size_t piece_bytes = std::size_t{1} << 20;  // a multiple of the checksum chunk

std::vector<std::ptrdiff_t> strides_of(const Shape& shape, char order) {
    std::vector<std::ptrdiff_t> strides(shape.size());
    std::ptrdiff_t step = 1;
    for (std::size_t i = 0; i < shape.size(); ++i) {
        const std::size_t axis = order == 'C' ? shape.size() - 1 - i : i;
        strides[axis] = step;
        step *= static_cast<std::ptrdiff_t>(shape[axis]);
    }
    return strides;
}

bool is_linear(const ArrayNode& array, char order) {
    if (array.order == order || array.shape.size() < 2) return true;
    return std::count_if(array.shape.begin(), array.shape.end(), [](std::uint64_t n) { return n != 1; }) < 2;
}

bool same_structure(const DType& a, const DType& b) { return a.native() == b.native(); }

// Field by field, each converted exactly; `from` and `to` are native.
void convert_structures(std::span<const std::byte> from, const DType& from_type, std::span<std::byte> to,
                        const DType& to_type);

void convert_items(std::span<const std::byte> from, const DType& from_type, std::span<std::byte> to,
                   const DType& to_type, std::uint64_t first_item) {
    if (same_structure(from_type, to_type)) {
        if (!to.empty()) std::memcpy(to.data(), from.data(), to.size());
        return;
    }
    if (to_type.is_structure() && from_type.is_structure()) return convert_structures(from, from_type, to, to_type);
    if (!is_convertible(from_type, to_type))
        throw Error(ErrorCode::type, "items of type " + from_type.str() + " cannot become " + to_type.str());
    const std::int64_t bad = convert_exact(from, from_type, to, to_type);
    if (bad < 0) return;
    const auto item = static_cast<std::size_t>(bad) * static_cast<std::size_t>(from_type.itemsize());
    throw Error(ErrorCode::range, "item " + std::to_string(first_item + static_cast<std::uint64_t>(bad)) + " is " +
                                      item_text(from.data() + item, from_type) + ", which is not exactly a " +
                                      to_type.str());
}

void convert_structures(std::span<const std::byte> from, const DType& from_type, std::span<std::byte> to,
                        const DType& to_type) {
    const auto from_size = static_cast<std::size_t>(from_type.itemsize());
    const auto to_size = static_cast<std::size_t>(to_type.itemsize());
    const std::size_t count = from_size == 0 ? 0 : from.size() / from_size;
    if (!to.empty()) std::memset(to.data(), 0, to.size());
    for (const DTypeField& field : to_type.fields()) {
        const DTypeField* source = from_type.field(field.name);
        if (!source) throw Error(ErrorCode::missing, "the array's structure has no field '" + field.name + "'");
        const auto a = static_cast<std::size_t>(source->type.itemsize());
        const auto b = static_cast<std::size_t>(field.type.itemsize());
        for (std::size_t i = 0; i < count; ++i)
            convert_items(from.subspan(i * from_size + source->offset, a), source->type,
                          to.subspan(i * to_size + field.offset, b), field.type, i);
    }
}

}  // namespace

void make_booleans(std::span<std::byte> items, const DType& dtype) {
    if (dtype.kind() != 'b' || dtype.is_structure() || dtype.is_subarray()) return;
    for (std::byte& item : items) item = item == std::byte{0} ? std::byte{0} : std::byte{1};
}

void require_array(const DType& dtype, std::span<const std::uint64_t> shape) {
    if (shape.size() > most_dimensions)
        throw Error(ErrorCode::type, "an array of " + std::to_string(shape.size()) + " dimensions; numpy has at most " +
                                         std::to_string(most_dimensions));
    if (dtype.itemsize() == 0)
        throw Error(ErrorCode::type, "an array of type " + dtype.str() + ": items of 0 bytes cannot be written");
}

std::uint64_t item_count(std::span<const std::uint64_t> shape) { return checked_nbytes(shape, 1); }

void read_payload(const ArrayNode& array, std::uint64_t first, std::span<std::byte> into) {
    if (array.deferred) return array.deferred->read(array, first, into);
    if (!into.empty()) std::memcpy(into.data(), array.data + first, into.size());
}

std::span<std::byte> resident(ArrayNode& array) {
    if (!array.data && array.deferred) {
        auto buffer = std::make_shared<Buffer>(static_cast<std::size_t>(array.nbytes));
        array.deferred->read(array, 0, buffer->bytes());
        array.data = buffer->data();
        array.owner = std::move(buffer);
        array.deferred.reset();
    }
    return {array.data, static_cast<std::size_t>(array.nbytes)};
}

void copy_items(const ArrayNode& array, const DType& dtype, char order, std::span<std::byte> to) {
    const bool same = same_structure(array.dtype, dtype);
    const bool linear = is_linear(array, order);
    const auto item = static_cast<std::size_t>(array.dtype.itemsize());
    const auto wanted = static_cast<std::size_t>(dtype.itemsize());
    if (to.size() != checked_nbytes(array.shape, wanted))
        throw Error(ErrorCode::range, "room for " + std::to_string(to.size()) +
                                          " bytes is given for an array of shape " + to_string(array.shape));
    if (same && linear) {
        read_payload(array, 0, to);
        if (!array.dtype.is_native()) make_native(to, array.dtype);
        make_booleans(to, array.dtype);
        return;
    }
    if (item == 0) return;
    // Whole items and whole checksum chunks at a time: the least common multiple stays small for real item sizes.
    const std::size_t unit = std::lcm(item, piece_bytes);
    const std::size_t step = unit <= 64 * piece_bytes ? unit : item * piece_bytes;
    Buffer raw(static_cast<std::size_t>(std::min<std::uint64_t>(step, array.nbytes)));
    Buffer converted(raw.size() / item * wanted);
    const std::vector<std::ptrdiff_t> strides = strides_of(array.shape, order);
    const DType native = array.dtype.native();
    for (std::uint64_t at = 0; at < array.nbytes; at += step) {
        const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(step, array.nbytes - at));
        const std::span<std::byte> piece = raw.bytes().first(count);
        read_payload(array, at, piece);
        if (!array.dtype.is_native()) make_native(piece, array.dtype);
        const std::span<std::byte> result = converted.bytes().first(count / item * wanted);
        convert_items(piece, native, result, dtype, at / item);
        if (linear)
            std::memcpy(to.data() + at / item * wanted, result.data(), result.size());
        else
            scatter(result, at / item, array.order, array.shape, to.data(), strides, wanted);
    }
}

}  // namespace jl
