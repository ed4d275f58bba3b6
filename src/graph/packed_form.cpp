#include "graph/packed_form.hpp"

#include <string>

#include <jl/detail/byte_order.hpp>
#include <jl/error.hpp>
#include <jl/sink.hpp>

#include "graph/dtype_pickle.hpp"
#include "pickle/writer.hpp"

namespace jl {

namespace {

constexpr std::uint8_t decompress_index = 2;  // of blosc.decompress in the form's own memo, behind its two names

void write_bytes_head(PickleWriter& out, std::uint64_t size) {
    std::byte head[9] = {std::byte{op::binbytes8}};
    detail::store_little(head + 1, size);
    out.raw(head);
}

// numpy.ascontiguousarray(numpy.transpose(numpy.ndarray((units, item, block), 'u1', …
void begin_blocks(PickleWriter& out, const PackedArray& array) {
    const std::uint64_t itemsize = array.dtype.itemsize();
    const std::uint64_t planes[] = {array.units(), itemsize, array.unit() / itemsize};
    out.class_ref("numpy", "ascontiguousarray");
    out.class_ref("numpy", "transpose");
    out.class_ref("numpy", "ndarray");
    write_shape(out, planes);
    out.text("u1");
    write_bytes_head(out, array.units() * array.unit());
}

// … payload), (0, 2, 1)))
void end_blocks(PickleWriter& out) {
    constexpr std::uint64_t items_first[] = {0, 2, 1};
    out.opcode(op::tuple3), out.opcode(op::reduce);
    write_shape(out, items_first);
    out.opcode(op::tuple2), out.opcode(op::reduce);
    out.opcode(op::tuple1), out.opcode(op::reduce);
}

// bytearray.join(bytearray(), (…
void begin_chunks(PickleWriter& out) {
    out.class_ref("builtins", "bytearray.join");
    out.class_ref("builtins", "bytearray");
    out.opcode(op::empty_tuple), out.opcode(op::reduce);
    out.opcode(op::mark);
}

void append(std::vector<std::byte>& to, const std::vector<std::byte>& bytes) {
    to.insert(to.end(), bytes.begin(), bytes.end());
}

void end_chunks(PickleWriter& out) {
    out.opcode(op::tuple);
    out.opcode(op::tuple2), out.opcode(op::reduce);
}

}  // namespace

void require_packable(std::uint64_t nbytes) {
    constexpr std::uint64_t most = std::uint64_t{1} << 62;  // units of them are still counted in 64 bits
    if (nbytes > most)
        throw Error(ErrorCode::range, "a packed array claims " + std::to_string(nbytes) + " bytes, 2^62 are allowed");
}

// numpy.ndarray(shape, dtype, buffer, 0, None, order)
PackedForm packed_form(const PackedArray& array) {
    const bool in_chunks = array.packing == Packing::blosc;
    require_packable(array.nbytes);
    MemorySink sink;
    PickleWriter out(sink);
    DTypeWriter dtypes;
    PackedForm form;
    const auto take = [&] {
        out.flush();
        return sink.take();
    };
    const std::byte proto[] = {std::byte{op::proto}, std::byte{op::written_protocol}};
    out.raw(proto);
    if (in_chunks) out.class_ref("blosc", "decompress"), out.opcode(op::pop);
    out.class_ref("numpy", "ndarray");
    out.opcode(op::mark);
    write_shape(out, array.shape);
    form.head = take();
    form.dtype_begin = form.head.size();
    dtypes.write(out, array.dtype);
    append(form.head, take());
    form.dtype_end = form.head.size();
    in_chunks ? begin_chunks(out) : begin_blocks(out, array);
    append(form.head, take());
    in_chunks ? end_chunks(out) : end_blocks(out);
    out.integer(0), out.none(), out.text(array.order == 'F' ? "F" : "C");
    out.opcode(op::tuple), out.opcode(op::reduce), out.opcode(op::stop);
    form.tail = take();
    return form;
}

std::array<std::byte, unit_head_bytes> unit_head(std::uint64_t chunk_bytes) {
    std::array<std::byte, unit_head_bytes> head{std::byte{op::binget}, std::byte{decompress_index},
                                                std::byte{op::binbytes8}};
    detail::store_little(head.data() + 3, chunk_bytes);
    return head;
}

std::array<std::byte, unit_tail_bytes> unit_tail() { return {std::byte{op::tuple1}, std::byte{op::reduce}}; }

}  // namespace jl
