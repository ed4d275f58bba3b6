#include "persist/payloads.hpp"

#include <algorithm>
#include <cstring>

#include "codec/ratio.hpp"
#include "codec/transfer.hpp"
#include "io/crc32c.hpp"

namespace jl {

namespace {

constexpr std::uint64_t worth_deferring = std::uint64_t{64} << 10;

[[noreturn]] void fail_checksum(const ArrayNode& array, std::uint64_t chunk, const ContainerIndex& container) {
    const std::uint64_t first = chunk * checksum_chunk;
    const std::uint64_t last = std::min<std::uint64_t>(first + checksum_chunk, array.nbytes);
    throw Error(ErrorCode::checksum, "array '" + std::string(container.directory.path(array.index)) + "': bytes " +
                                         std::to_string(first) + " to " + std::to_string(last) +
                                         " of its payload differ from their checksum")
        .at_byte(*array.offset + (array.packed ? 0 : first));
}

}  // namespace

PackedArray packed_array(const ArrayNode& array) {
    return {array.packed->packing, array.dtype, array.shape, array.order, array.nbytes};
}

void pass_packed(ArrayNode& array, Input& in, double ratio) {
    array.packed->chunks = skip_packed(in, packed_array(array));
    array.packed->stored = in.position() - *array.offset;
    detail::require_ratio(array.nbytes, array.packed->stored, ratio);
}

void ArrayCount::next(ArrayNode& array, std::uint64_t position) {
    array.index = count_++;
    if (!container_) return;
    container_->directory.compare(array.index, array, position - container_->placed.begin);
    if (!array.packed) container_->directory.compare_packing(array.index, nullptr);
}

void ArrayCount::finish() const {
    if (container_ && count_ != container_->directory.size())
        throw Error(ErrorCode::format, "the directory lists " + std::to_string(container_->directory.size()) +
                                           " arrays, the stream holds " + std::to_string(count_));
}

// ---- deferred ----

class Deferral::FilePayloads final : public PayloadSource {
  public:
    FilePayloads(std::shared_ptr<const RandomSource> file, std::shared_ptr<const ContainerIndex> container,
                 unsigned n_threads)
        : file_(std::move(file)), container_(std::move(container)), n_threads_(n_threads) {}

    void read(const ArrayNode& array, std::uint64_t first, std::span<std::byte> into) const override {
        if (first % checksum_chunk != 0) return read_inside(array, first, into);
        std::span<const std::uint32_t> sums =
            container_ ? container_->checksums_of(array.index) : std::span<const std::uint32_t>();
        const std::uint64_t chunk = first / checksum_chunk;
        if (!sums.empty())
            sums = sums.subspan(static_cast<std::size_t>(chunk), static_cast<std::size_t>(checksum_count(into.size())));
        // A range that ends inside a chunk cannot be compared with that chunk's checksum.
        const bool whole = first + into.size() == array.nbytes || into.size() % checksum_chunk == 0;
        if (!sums.empty() && !whole) return read_inside(array, first, into);
        const std::int64_t bad = array.packed ? read_checked(*array.packed->items, first, into, sums, n_threads_)
                                              : read_checked(*file_, *array.offset + first, into, sums, n_threads_);
        if (bad >= 0) fail_checksum(array, chunk + static_cast<std::uint64_t>(bad), *container_);
    }

  private:
    // Whole chunks around the range, then the part asked for.
    void read_inside(const ArrayNode& array, std::uint64_t first, std::span<std::byte> into) const {
        const std::uint64_t begin = first / checksum_chunk * checksum_chunk;
        const std::uint64_t end =
            std::min<std::uint64_t>(array.nbytes, checksum_count(first + into.size()) * checksum_chunk);
        Buffer whole(static_cast<std::size_t>(end - begin));
        read(array, begin, whole.bytes());
        std::memcpy(into.data(), whole.data() + (first - begin), into.size());
    }

    std::shared_ptr<const RandomSource> file_;
    std::shared_ptr<const ContainerIndex> container_;
    unsigned n_threads_;
};

Deferral::Deferral(Document& document, std::shared_ptr<const RandomSource> file,
                   std::shared_ptr<const ContainerIndex> container, unsigned n_threads)
    : document_(document),
      file_(file),
      n_threads_(n_threads),
      payloads_(std::make_shared<FilePayloads>(std::move(file), std::move(container), n_threads)) {}

void Deferral::raw(ArrayNode& array, Input& in) {
    document_.arena().charge(array.nbytes);
    array.deferred = payloads_;
    document_.note_deferred();
    in.skip(array.nbytes);
}

void Deferral::packed(ArrayNode& array, Input& in, const ContainerIndex* container) {
    pass_packed(array, in, document_.limits().ratio);
    document_.arena().charge(array.nbytes);
    PackedNode& packed = *array.packed;
    if (container) {
        container->directory.compare_packing(array.index, &packed);
        packed.items = container->items_of(array.index, file_, n_threads_).source;
    } else {
        packed.items =
            packed_source(file_, packed_array(array), {*array.offset, packed.stored, packed.chunks}, n_threads_);
    }
    array.deferred = payloads_;
    document_.note_deferred();
}

DeferringLoader::DeferringLoader(Document& document, std::shared_ptr<const RandomSource> file,
                                 std::shared_ptr<const ContainerIndex> container, unsigned n_threads)
    : document_(document), arrays_(container), deferral_(document, std::move(file), container, n_threads) {}

void DeferringLoader::load(ArrayNode& array, Input& in) {
    arrays_.next(array, in.position());
    if (array.packed) return deferral_.packed(array, in, arrays_.container().get());
    if (array.nbytes >= worth_deferring) return deferral_.raw(array, in);
    const auto size = static_cast<std::size_t>(array.nbytes);
    array.data = static_cast<std::byte*>(document_.arena().allocate(size));
    in.read({array.data, size});
    if (size == 0 || !arrays_.container() || arrays_.container()->checksums.empty()) return;
    if (crc32c({array.data, size}) != arrays_.container()->checksums_of(array.index)[0])
        fail_checksum(array, 0, *arrays_.container());
}

// ---- mapped ----

namespace {

// A map as a source that keeps it.
class MappedSource final : public RandomSource {
  public:
    MappedSource(std::span<const std::byte> bytes, std::shared_ptr<void> owner)
        : memory_(bytes), owner_(std::move(owner)) {}
    std::uint64_t size() const override { return memory_.size(); }
    void read_at(std::uint64_t offset, std::span<std::byte> into) const override { memory_.read_at(offset, into); }
    std::span<const std::byte> view() const override { return memory_.view(); }

  private:
    MemorySource memory_;
    std::shared_ptr<void> owner_;
};

}  // namespace

MappingLoader::MappingLoader(Document& document, std::span<std::byte> bytes, std::shared_ptr<void> owner,
                             const LoadOptions& options, std::shared_ptr<const ContainerIndex> container)
    : bytes_(bytes),
      owner_(std::move(owner)),
      write_through_(options.mmap_mode == MmapMode::r_plus),
      fallback_(options.mmap_fallback),
      arrays_(container),
      deferral_(document, std::make_shared<MappedSource>(bytes, owner_), std::move(container), options.n_threads) {}

void MappingLoader::load(ArrayNode& array, Input& in) {
    arrays_.next(array, in.position());
    if (array.packed) return load_packed(array, in);
    array.data = bytes_.data() + in.position();
    array.owner = owner_;
    array.in_map = true;
    array.write_through = write_through_;
    in.skip(array.nbytes);
}

// Cannot be mapped: refused, or unpacked from the map where it is needed.
void MappingLoader::load_packed(ArrayNode& array, Input& in) {
    if (fallback_ == Fallback::error)
        throw Error(ErrorCode::unsupported, "an array of type " + array.dtype.str() + " and shape " +
                                                to_string(array.shape) + " is packed by " +
                                                name_of(array.packed->packing) +
                                                ": it cannot be mapped; load it without mmap_mode, or set "
                                                "mmap_fallback to Fallback::load")
            .at_byte(in.position());
    deferral_.packed(array, in, arrays_.container().get());
}

// ---- streamed ----

std::span<std::byte> StreamLoader::place(ArrayNode& array, Input& in) {
    const auto size = static_cast<std::size_t>(array.nbytes);
    if (!array.packed && array.nbytes < worth_deferring && (in.remaining() || array.nbytes <= Input::max_need)) {
        in.need(std::min<std::size_t>(size, Input::max_need));
        array.data = static_cast<std::byte*>(document_.arena().allocate(size));
        return {array.data, size};
    }
    document_.arena().charge(array.nbytes);
    if (const ArrayPlace* place = places_.find(array.dtype.native(), array.shape.size(), array.order)) {
        const ArrayPlace::Made made = place->make(array.shape, array.order);
        array.container = made.container;
        array.container_type = place->type;
        array.owner = made.container;
        array.data = made.memory.data();
        return made.memory;
    }
    auto buffer = std::make_shared<Buffer>(size);
    array.data = buffer->data();
    array.owner = std::move(buffer);
    return {array.data, size};
}

template <class From>
void StreamLoader::read_checked(From& from, std::span<std::byte> into) {
    for (std::size_t at = 0; at < into.size(); at += checksum_chunk) {
        const std::span<std::byte> chunk = into.subspan(at, std::min(checksum_chunk, into.size() - at));
        from.read(chunk);
        checksums_.push_back(crc32c(chunk));
        done_ += chunk.size();
        if (progress_) progress_({done_, 0, false});
    }
}

void StreamLoader::load(ArrayNode& array, Input& in) {
    array.index = arrays_.size();
    arrays_.push_back({&array, checksums_.size()});
    if (!array.packed) return load_items(array, in, in);
    in.expect(least_stored(packed_array(array)), [&] {
        return "the packed items of an array of type " + array.dtype.str() + " and shape " + to_string(array.shape);
    });
    read_packed(array, in, document_.limits().ratio, [&](PackedReader& items) { load_items(array, in, items); });
}

template <class From>
void StreamLoader::load_items(ArrayNode& array, Input& in, From& from) {
    const bool grows = array.packed && array.packed->packing == Packing::blosc;
    const bool is_there = in.remaining() && !grows;
    if (!is_there && array.nbytes > (grows ? std::min(believed_, believed_from_streams) : believed_)) {
        // Nothing says that so much will come: memory grows with what does.
        auto buffer = std::make_shared<Buffer>();
        document_.arena().charge(array.nbytes);
        for (std::uint64_t have = 0; have < array.nbytes;) {
            const std::uint64_t step =
                std::min<std::uint64_t>(array.nbytes - have, std::max<std::uint64_t>(have, checksum_chunk * 16));
            buffer->resize(static_cast<std::size_t>(have + step));
            read_checked(from, buffer->bytes().subspan(static_cast<std::size_t>(have)));
            have += step;
        }
        array.data = buffer->data();
        array.owner = std::move(buffer);
    } else {
        read_checked(from, place(array, in));
    }
    if (!array.container) return;
    const std::span<std::byte> items(array.data, static_cast<std::size_t>(array.nbytes));
    make_booleans(items, array.dtype);
    if (!array.dtype.is_native()) {
        make_native(items, array.dtype);
        arrays_.back().recorded = std::make_shared<const DType>(array.dtype);
        array.dtype = array.dtype.native();
    }
}

}  // namespace jl
