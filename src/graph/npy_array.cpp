#include "graph/npy_array.hpp"

#include <algorithm>
#include <string>

#include <jl/npy.hpp>

namespace jl {

namespace {

NpyHeader read_header(Input& in) {
    const std::span<const std::byte> prefix = in.peek(npy_prefix);
    const std::uint64_t size = npy_payload_offset({reinterpret_cast<const char*>(prefix.data()), prefix.size()});
    in.expect(size, [] { return std::string("the header of a .npy"); });
    const Buffer bytes = in.read_claimed(size);
    return parse_npy_header({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

// numpy pickles the whole array, its shape included.
Cell read_objects(Input& in, Document& document, PayloadLoader& loader, const NpyHeader& header) {
    GraphBuilder builder(loader, nullptr, GraphBuilder::Level::nested);
    const Cell made = Machine(in, document, builder).run();
    if (!made.is(CellKind::array)) throw Error(ErrorCode::format, "the pickle of a .npy of objects holds no array");
    const ArrayNode& array = array_of(made);
    if (array.shape != header.shape || array.dtype.has_object() != header.dtype.has_object())
        throw Error(ErrorCode::format, "an array of objects of shape " + to_string(header.shape) +
                                           " is announced, one of type " + array.dtype.str() + " and shape " +
                                           to_string(array.shape) + " is there");
    return made;
}

}  // namespace

bool begins_npy(std::span<const std::byte> beginning) noexcept {
    return beginning.size() >= npy_magic.size() &&
           std::ranges::equal(beginning.first(npy_magic.size()), std::as_bytes(std::span(npy_magic)));
}

Cell read_npy(Input& in, Document& document, PayloadLoader& loader) {
    NpyHeader header = read_header(in);
    document.count_items(1);
    if (header.dtype.has_object()) return read_objects(in, document, loader, header);
    if (header.dtype.itemsize() == 0 && item_count(header.shape) > 0)
        throw Error(ErrorCode::format, "an array of items of 0 bytes: its shape would cost nothing");
    auto* array = document.make_owned<ArrayNode>();
    array->dtype = std::move(header.dtype);
    array->shape = std::move(header.shape);
    array->order = header.order;
    array->nbytes = header.nbytes;
    array->offset = in.position();
    array->filled = true;
    in.expect(array->nbytes, [&] {
        return "the payload of an array of type " + array->dtype.str() + " and shape " + to_string(array->shape);
    });
    loader.load(*array, in);
    return Cell::of(CellKind::array, array);
}

}  // namespace jl
