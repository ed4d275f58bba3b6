#include "persist/packed_payload.hpp"

#include <algorithm>
#include <cstring>

#include <jl/detail/byte_order.hpp>
#include <jl/error.hpp>

#include "codec/binding.hpp"
#include "codec/parallel_for.hpp"
#include "codec/ratio.hpp"
#include "codec/shuffle.hpp"
#include "codec/unit_source.hpp"
#include "io/range.hpp"

namespace jl {

namespace {

using detail::BlockFraming;
using detail::ShuffledBlocks;
using detail::UnitDecoder;

ShuffledBlocks blocks_of(const PackedArray& array) {
    const std::uint64_t item = array.dtype.itemsize();
    return {static_cast<std::size_t>(item), static_cast<std::size_t>(array.unit() / item)};
}

std::unique_ptr<BlockFraming> framing_of(const PackedArray& array, const Packer& packer) {
    if (array.packing == Packing::shuffle) return detail::shuffle_framing(blocks_of(array));
    return detail::blosc_framing({static_cast<std::size_t>(array.dtype.itemsize()),
                                  static_cast<std::size_t>(array.unit()), packer.compressor, packer.level});
}

std::unique_ptr<UnitDecoder> decoder_of(const PackedArray& array) {
    return array.packing == Packing::shuffle ? detail::unshuffler(blocks_of(array)) : detail::blosc_decoder();
}

[[noreturn]] void fail_form(std::uint64_t position) {
    throw Error(ErrorCode::format, "a packed array is not spelled as jl spells it").at_byte(position);
}

void require_form(std::span<const std::byte> found, std::span<const std::byte> expected, std::uint64_t position) {
    if (!std::ranges::equal(found, expected)) fail_form(position);
}

void take_form(Input& in, std::span<const std::byte> expected) {
    const std::uint64_t position = in.position();
    std::vector<std::byte> found(expected.size());
    in.read(found);
    require_form(found, expected, position);
}

void require_chunk(std::uint64_t size, std::uint64_t content, std::uint64_t position) {
    const std::size_t most = detail::blosc_most(static_cast<std::size_t>(content));
    if (size >= detail::blosc_least && size <= most) return;
    throw Error(ErrorCode::format, "a Blosc chunk claims " + std::to_string(size) + " bytes, allowed are " +
                                       std::to_string(detail::blosc_least) + " to " + std::to_string(most))
        .at_byte(position);
}

// The size of the chunk of `content` bytes behind a unit's head.
std::size_t chunk_size(std::span<const std::byte, unit_head_bytes> head, std::uint64_t content,
                       std::uint64_t position) {
    const auto size = detail::load_little<std::uint64_t>(head.data() + 3);
    require_form(head, unit_head(size), position);
    require_chunk(size, content, position);
    return static_cast<std::size_t>(size);
}

}  // namespace

// ---- writing ----

PackedSink::PackedSink(Sink& to, const PackedArray& array, const Packer& packer, unsigned n_threads)
    : form_(packed_form(array)),
      framed_(to, array.packing),
      framing_(framing_of(array, packer)),
      // Blocks are shuffled faster than they could be handed to other threads.
      encoder_(framed_, *framing_, packer.level, array.packing == Packing::shuffle ? 1 : effective_threads(n_threads)) {
    framed_.put(form_.head);
}

void PackedSink::finish() {
    encoder_.finish();
    framed_.put(form_.tail);
}

void PackedSink::Framed::write(std::span<const std::byte> unit) {
    if (unit.empty()) return;
    if (packing == Packing::shuffle) return put(unit);
    chunks.push_back(static_cast<std::uint32_t>(unit.size()));
    put(unit_head(unit.size()));
    put(unit);
    put(unit_tail());
}

void PackedSink::Framed::put(std::span<const std::byte> bytes) {
    to.write(bytes);
    written += bytes.size();
}

// ---- reading in order ----

PackedReader::PackedReader(Input& in, const PackedArray& array, double ratio)
    : in_(in),
      array_(array),
      form_(packed_form(array)),
      ratio_(ratio),
      begin_(in.position()),
      left_(array.nbytes),
      decoder_(decoder_of(array)) {
    take_form(in_, form_.head);
}

void PackedReader::read(std::span<std::byte> into) {
    const std::uint64_t unit = array_.unit();
    while (!into.empty()) {
        if (!decoded_.empty()) {
            const std::size_t count = std::min(into.size(), decoded_.size());
            std::memcpy(into.data(), decoded_.data(), count);
            decoded_ = decoded_.subspan(count);
            into = into.subspan(count);
            continue;
        }
        const auto next = static_cast<std::size_t>(std::min(unit, left_));
        if (into.size() >= next) {
            decode(into.first(next));
            into = into.subspan(next);
        } else {
            if (unit_.size() < next) unit_ = Buffer(next);
            decode(unit_.bytes().first(next));
            decoded_ = unit_.bytes().first(next);
        }
    }
}

void PackedReader::decode(std::span<std::byte> into) {
    auto size = static_cast<std::size_t>(array_.unit());
    const bool in_chunks = array_.packing == Packing::blosc;
    if (in_chunks) {
        std::array<std::byte, unit_head_bytes> head;
        const std::uint64_t position = in_.position();
        in_.read(head);
        size = chunk_size(head, into.size(), position);
        chunks_.push_back(static_cast<std::uint32_t>(size));
    }
    if (stored_.size() < size + UnitDecoder::spare_bytes) stored_ = Buffer(size + UnitDecoder::spare_bytes);
    in_.read(stored_.bytes().first(size));
    decoder_->decode(stored_.bytes().first(size + UnitDecoder::spare_bytes), into);
    if (in_chunks) take_form(in_, unit_tail());
    left_ -= into.size();
    detail::require_ratio(array_.nbytes - left_, in_.position() - begin_, ratio_);
    if (left_ == 0) take_form(in_, form_.tail);
}

// ---- random access ----

std::uint64_t least_stored(const PackedArray& array) {
    require_packable(array.nbytes);
    constexpr std::uint64_t around = unit_head_bytes + unit_tail_bytes;
    return array.units() * (array.packing == Packing::shuffle ? array.unit() : detail::blosc_least + around);
}

namespace {

// Of a file, only what stands around the chunk is read. Returns the chunk's stored size.
std::size_t skip_chunk(Input& in, std::uint64_t content) {
    std::array<std::byte, unit_head_bytes> head;
    std::array<std::byte, unit_tail_bytes> tail;
    const std::uint64_t begin = in.position();
    const RandomSource* file = in.random();
    file ? file->read_at(begin, head) : in.read(head);
    const std::size_t size = chunk_size(head, content, begin);
    const std::uint64_t end = begin + unit_head_bytes + size;
    in.skip(end - in.position());
    file ? file->read_at(end, tail) : in.read(tail);
    require_form(tail, unit_tail(), end);
    in.skip(end + unit_tail_bytes - in.position());
    return size;
}

}  // namespace

std::vector<std::uint32_t> skip_packed(Input& in, const PackedArray& array) {
    const PackedForm form = packed_form(array);
    take_form(in, form.head);
    std::vector<std::uint32_t> chunks;
    if (array.packing == Packing::shuffle) {
        in.skip(array.units() * array.unit());
    } else {
        for (std::uint64_t left = array.nbytes; left != 0; left -= std::min(array.unit(), left))
            chunks.push_back(static_cast<std::uint32_t>(skip_chunk(in, std::min(array.unit(), left))));
    }
    take_form(in, form.tail);
    return chunks;
}

namespace {

// Shuffled blocks are read in long pieces: what lies below may have to decode them.
class ShuffledSource final : public RandomSource {
  public:
    ShuffledSource(std::shared_ptr<const RandomSource> file, const PackedArray& array, std::uint64_t offset,
                   unsigned n_threads)
        : file_(std::move(file)),
          blocks_(blocks_of(array)),
          unit_(array.unit()),
          nbytes_(array.nbytes),
          offset_(offset),
          n_threads_(effective_threads(n_threads)) {}

    std::uint64_t size() const override { return nbytes_; }
    bool prefers_long_reads() const override { return true; }

    void read_at(std::uint64_t offset, std::span<std::byte> into) const override {
        detail::require_range(offset, into.size(), nbytes_);
        const std::uint64_t most = std::max<std::uint64_t>(at_once / unit_, 1);
        while (!into.empty()) {
            const std::uint64_t first = offset / unit_;
            const std::uint64_t count = std::min((offset + into.size() - 1) / unit_ - first + 1, most);
            const auto part = into.first(
                static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), (first + count) * unit_ - offset)));
            read_blocks(first, count, offset, part);
            offset += part.size();
            into = into.subspan(part.size());
        }
    }

  private:
    static constexpr std::uint64_t at_once = std::uint64_t{8} << 20;

    void read_blocks(std::uint64_t first, std::uint64_t count, std::uint64_t offset, std::span<std::byte> into) const {
        Buffer stored(static_cast<std::size_t>(count * unit_));
        file_->read_at(offset_ + first * unit_, stored.bytes());
        const auto threads = static_cast<unsigned>(std::min<std::uint64_t>(n_threads_, count / 8 + 1));
        detail::parallel_for(static_cast<std::size_t>(count), threads, [&](unsigned, std::size_t i) {
            const std::uint64_t begin = (first + i) * unit_;
            const std::uint64_t end = std::min(begin + unit_, nbytes_);
            const std::uint64_t from = std::max(begin, offset);
            const std::uint64_t to = std::min(end, offset + into.size());
            const auto place =
                into.subspan(static_cast<std::size_t>(from - offset), static_cast<std::size_t>(to - from));
            const auto planes =
                stored.bytes().subspan(static_cast<std::size_t>(i * unit_), static_cast<std::size_t>(unit_));
            if (place.size() == end - begin) return detail::unshuffle(planes, blocks_.block, blocks_.item, place);
            Buffer whole(static_cast<std::size_t>(end - begin));
            detail::unshuffle(planes, blocks_.block, blocks_.item, whole.bytes());
            std::memcpy(place.data(), whole.data() + (from - begin), place.size());
        });
    }

    std::shared_ptr<const RandomSource> file_;
    ShuffledBlocks blocks_;
    std::uint64_t unit_, nbytes_, offset_;
    unsigned n_threads_;
};

void require_bytes(const RandomSource& file, std::uint64_t offset, std::span<const std::byte> expected) {
    std::vector<std::byte> found(expected.size());
    file.read_at(offset, found);
    require_form(found, expected, offset);
}

// Where the first of `units` bytes of units is, with a form around them that fills its place. The dtype's spelling is
// what the other parts leave.
std::uint64_t units_begin(const RandomSource& file, const PackedForm& form, const PackedPlace& place,
                          std::uint64_t units) {
    const auto before = form.before_dtype(), behind = form.behind_dtype();
    const std::uint64_t frame = before.size() + behind.size() + form.tail.size();
    if (place.stored < frame || place.stored - frame < units)
        throw Error(ErrorCode::format, "a packed array takes more than " + std::to_string(units) +
                                           " bytes, the directory gives it " + std::to_string(place.stored))
            .at_byte(place.offset);
    const std::uint64_t end = place.offset + place.stored - form.tail.size();
    require_bytes(file, place.offset, before);
    require_bytes(file, end - units - behind.size(), behind);
    require_bytes(file, end, form.tail);
    return end - units;
}

}  // namespace

std::unique_ptr<RandomSource> packed_source(std::shared_ptr<const RandomSource> file, const PackedArray& array,
                                            const PackedPlace& place, unsigned n_threads) {
    const PackedForm form = packed_form(array);
    if (array.packing == Packing::shuffle) {
        const std::uint64_t begin = units_begin(*file, form, place, array.units() * array.unit());
        return std::make_unique<ShuffledSource>(std::move(file), array, begin, n_threads);
    }
    constexpr std::uint64_t around = unit_head_bytes + unit_tail_bytes;
    if (place.chunks.size() != array.units())
        throw Error(ErrorCode::format, "a packed array has " + std::to_string(array.units()) +
                                           " chunks, the directory gives it " + std::to_string(place.chunks.size()))
            .at_byte(place.offset);
    std::uint64_t units = 0;
    for (const std::uint32_t size : place.chunks) units += size + around;
    detail::BlockTable table;
    table.reserve(place.chunks.size());
    std::uint64_t at = units_begin(*file, form, place, units);
    for (std::size_t i = 0; i < place.chunks.size(); ++i) {
        const std::uint64_t content = std::min(array.unit(), array.nbytes - i * array.unit());
        require_chunk(place.chunks[i], content, at);
        table.add({at + unit_head_bytes, place.chunks[i]}, content);
        at += place.chunks[i] + around;
    }
    return detail::unit_source(std::move(file), detail::blosc_units(std::move(table)), n_threads);
}

}  // namespace jl
