#include "persist/container_writer.hpp"

#include <algorithm>
#include <numeric>

#include <jl/detail/byte_order.hpp>

#include "array/layout.hpp"
#include "codec/transfer.hpp"
#include "io/crc32c.hpp"
#include "persist/packed_payload.hpp"

namespace jl {

namespace {

PickleOptions pickle_options(const ContainerWriter::Options& options, std::uint64_t origin) {
    return {!options.compressed, options.compressed ? 0 : origin, options.packer};
}

}  // namespace

ContainerWriter::ContainerWriter(Sink& sink, Options options)
    : sink_(sink),
      options_(std::move(options)),
      origin_(sink.position().value_or(0)),
      pickle_(sink),
      emitter_(pickle_, *this, pickle_options(options_, origin_)) {}

void ContainerWriter::write(const detail::Writing& write) {
    begin();
    write(emitter_);
    finish();
}

void ContainerWriter::begin() { pickle_.raw(make_preamble()); }

void ContainerWriter::finish() {
    pickle_.opcode(op::stop);
    write_trailer();
    report(true);
}

// ---- arrays piece by piece ----

void ContainerWriter::begin_array(const DType& dtype, std::span<const std::uint64_t> shape, Rows rows, char order) {
    open_ = OpenArray{};
    open_->dtype = dtype;
    open_->shape.assign(shape.begin(), shape.end());
    open_->order = order;
    open_->rows = rows;
    open_->packing = emitter_.begin_array({dtype, shape, order, {}}, rows);
    open_->path = emitter_.path();
    open_->offset = pickle_.position();
    if (rows == Rows::open)
        pickle_.send_open();
    else
        pickle_.flush();
    if (open_->packing != Packing::none)
        open_->packed = std::make_unique<PackedSink>(
            sink_, PackedArray{open_->packing, dtype, open_->shape, order, checked_nbytes(shape, dtype.itemsize())},
            options_.packer, options_.n_threads);
    Sink& to = open_->packed ? static_cast<Sink&>(*open_->packed) : sink_;
    open_->items = std::make_unique<CheckedItems>(to, options_.n_threads, checksums_);
}

// Long pieces go in parts, as stored_items does.
void ContainerWriter::append(std::span<const std::byte> items) {
    constexpr std::size_t part = 64 * checksum_chunk;
    for (std::size_t at = 0; at < items.size(); at += part) {
        const std::span<const std::byte> next = items.subspan(at, std::min(part, items.size() - at));
        open_->items->write(next);
        open_->nbytes += next.size();
        payload_bytes_ += next.size();
        report(false);
    }
}

void ContainerWriter::passed_zeros(std::uint64_t nbytes) {
    const std::vector<std::byte> zeros(static_cast<std::size_t>(std::min<std::uint64_t>(nbytes, checksum_chunk)));
    checksums_.insert(checksums_.end(), static_cast<std::size_t>(nbytes / checksum_chunk), crc32c(zeros));
    if (const auto rest = static_cast<std::size_t>(nbytes % checksum_chunk); rest > 0)
        checksums_.push_back(crc32c(std::span(zeros).first(rest)));
    open_->nbytes = nbytes;
    payload_bytes_ += nbytes;
}

std::optional<std::uint64_t> ContainerWriter::end_array(std::uint64_t rows) {
    OpenArray array = std::move(*open_);
    open_.reset();
    array.items->finish();
    if (array.packed) array.packed->finish();
    const bool open = array.rows == Rows::open;
    if (open) array.shape[0] = rows;
    directory_.add(std::move(array.path), array.dtype, array.shape, array.order, array.offset, array.nbytes);
    if (array.packed) directory_.pack_last(array.packing, array.packed->stored(), array.packed->chunks());
    pickle_.passed_payload(array.packed ? array.packed->stored() : array.nbytes);
    std::optional<std::uint64_t> place;
    if (open) place = origin_ + pickle_.close_number(rows);
    emitter_.end_array();
    return place;
}

// ---- arrays as a whole ----

void ContainerWriter::payload(const ArrayEvent& array, std::uint64_t nbytes, Packing packing, std::string path) {
    directory_.add(std::move(path), array.dtype, array.shape, array.order, pickle_.position(), nbytes);
    if (packing != Packing::none) return packed_payload(array, nbytes, packing);
    if (nbytes <= PickleWriter::short_payload) return short_payload(array, static_cast<std::size_t>(nbytes));
    pickle_.flush();
    items(sink_, array, nbytes);
    pickle_.passed_payload(nbytes);
}

void ContainerWriter::packed_payload(const ArrayEvent& array, std::uint64_t nbytes, Packing packing) {
    pickle_.flush();
    PackedSink packed(sink_, {packing, array.dtype, array.shape, array.order, nbytes}, options_.packer,
                      options_.n_threads);
    items(packed, array, nbytes);
    packed.finish();
    pickle_.passed_payload(packed.stored());
    directory_.pack_last(packing, packed.stored(), packed.chunks());
}

void ContainerWriter::items(Sink& to, const ArrayEvent& array, std::uint64_t nbytes) {
    if (array.fill)
        filled_items(to, array, nbytes);
    else
        stored_items(to, array, nbytes);
}

void ContainerWriter::short_payload(const ArrayEvent& array, std::size_t nbytes) {
    std::byte made[PickleWriter::short_payload];
    std::span<const std::byte> bytes = array.bytes;
    if (array.fill) {
        if (nbytes > 0) array.fill(0, {made, nbytes});
        bytes = {made, nbytes};
    }
    if (nbytes > 0) checksums_.push_back(crc32c(bytes));
    pickle_.put_payload(bytes);
    payload_bytes_ += nbytes;
}

// Long payloads go in parts, so that progress can be told and compressors keep a bounded backlog.
void ContainerWriter::stored_items(Sink& to, const ArrayEvent& array, std::uint64_t nbytes) {
    constexpr std::size_t part = 64 * checksum_chunk;
    for (std::uint64_t at = 0; at < nbytes; at += part) {
        const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(part, nbytes - at));
        const auto sums =
            write_checked(to, array.bytes.subspan(static_cast<std::size_t>(at), count), options_.n_threads);
        checksums_.insert(checksums_.end(), sums.begin(), sums.end());
        payload_bytes_ += count;
        report(false);
    }
}

// Items are made in pieces of whole checksum chunks where the item size allows.
void ContainerWriter::filled_items(Sink& to, const ArrayEvent& array, std::uint64_t nbytes) {
    const auto item = static_cast<std::size_t>(std::max<std::uint64_t>(array.dtype.itemsize(), 1));
    const std::size_t common = std::lcm(item, checksum_chunk);
    const std::size_t step =
        common <= 16 * checksum_chunk ? common : item * std::max<std::size_t>(checksum_chunk / item, 1);
    Buffer piece(static_cast<std::size_t>(std::min<std::uint64_t>(step, nbytes)));
    std::uint32_t sum = 0;
    for (std::uint64_t at = 0; at < nbytes;) {
        const std::span<std::byte> items =
            piece.bytes().first(static_cast<std::size_t>(std::min<std::uint64_t>(step, nbytes - at)));
        array.fill(at / item, items);
        for (std::size_t done = 0; done < items.size();) {
            const auto left = static_cast<std::size_t>(checksum_chunk - at % checksum_chunk);
            const std::span<const std::byte> part = items.subspan(done, std::min(left, items.size() - done));
            sum = crc32c(part, sum);
            done += part.size();
            at += part.size();
            if (at % checksum_chunk == 0 || at == nbytes) checksums_.push_back(std::exchange(sum, 0));
        }
        to.write(items);
        payload_bytes_ += items.size();
        report(false);
    }
}

void ContainerWriter::write_trailer() {
    pickle_.flush();
    const std::vector<std::byte> directory = directory_.pickle();
    std::vector<std::byte> table(checksums_.size() * 4);
    for (std::size_t i = 0; i < checksums_.size(); ++i) detail::store_little(table.data() + 4 * i, checksums_[i]);
    Footer footer;
    footer.graph_bytes = pickle_.opcode_bytes();
    footer.graph_crc = pickle_.opcode_crc();
    footer.directory_offset = pickle_.position();
    footer.directory_bytes = directory.size();
    footer.checksum_bytes = table.size();
    footer.directory_crc = crc32c(directory);
    footer.checksums_crc = crc32c(table);
    footer.state = options_.state;
    footer.length = footer.directory_offset + directory.size() + table.size() + 2 * bytes8_frame + footer_record;
    const auto record = [&](std::span<const std::byte> content) {
        std::byte head[9] = {std::byte{op::binbytes8}};
        detail::store_little(head + 1, std::uint64_t{content.size()});
        const std::byte tail[] = {std::byte{op::pop}};
        sink_.write(head), sink_.write(content), sink_.write(tail);
    };
    record(directory);
    record(table);
    sink_.write(make_footer(footer));
}

void ContainerWriter::report(bool finished) {
    if (options_.progress) options_.progress({payload_bytes_, finished ? payload_bytes_ : 0, finished});
}

}  // namespace jl
