// Packed arrays between memory and the container: the units of src/codec inside the form of src/graph.
//
//     PackedSink packed(sink, array, packer, n_threads);   packed.write(items);   packed.finish();
//     PackedReader reader(input, array);                   reader.read(items);    // in order, to the last
//     auto source = packed_source(file, array, place, n_threads);                 // item bytes at any offset
//
// One thread at a time, but for the source.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include <jl/buffer.hpp>
#include <jl/sink.hpp>
#include <jl/source.hpp>

#include "codec/block_encoder.hpp"
#include "codec/packed_units.hpp"
#include "graph/packed_form.hpp"
#include "io/input.hpp"

namespace jl {

// Takes the item bytes of one array, all of them, and writes its packed form.
class PackedSink final : public Sink {
  public:
    PackedSink(Sink& to, const PackedArray& array, const Packer& packer, unsigned n_threads);
    void write(std::span<const std::byte> items) override { encoder_.write(items); }
    void finish();
    std::uint64_t stored() const noexcept { return framed_.written; }                  // bytes
    std::span<const std::uint32_t> chunks() const noexcept { return framed_.chunks; }  // blosc: bytes of each

  private:
    // What comes out of the encoder is one unit each time.
    struct Framed final : Sink {
        Framed(Sink& sink, Packing of) : to(sink), packing(of) {}
        void write(std::span<const std::byte> unit) override;
        void put(std::span<const std::byte> bytes);
        Sink& to;
        Packing packing;
        std::uint64_t written = 0;
        std::vector<std::uint32_t> chunks;
    };

    PackedForm form_;
    Framed framed_;
    std::unique_ptr<detail::BlockFraming> framing_;
    detail::BlockEncodedSink encoder_;
};

// The input stands at the first byte of the form, and behind its last when all items have been read. What differs from
// the form is Error{format}.
class PackedReader {
  public:
    // Error{limit} as soon as more than `ratio` (0: unbounded) bytes come of one.
    PackedReader(Input& in, const PackedArray& array, double ratio);
    // The next items' bytes. Precondition: there are that many.
    void read(std::span<std::byte> into);
    std::vector<std::uint32_t> take_chunks() noexcept { return std::move(chunks_); }  // blosc: bytes of each

  private:
    void decode(std::span<std::byte> into);

    Input& in_;
    PackedArray array_;
    PackedForm form_;
    double ratio_;
    std::uint64_t begin_;  // position of the form
    std::uint64_t left_;   // item bytes that have not been decoded
    std::unique_ptr<detail::UnitDecoder> decoder_;
    std::vector<std::uint32_t> chunks_;
    Buffer stored_, unit_;
    std::span<const std::byte> decoded_;  // of unit_, not asked for so far
};

// Steps over a form in an input with random access: compares its frame and returns the sizes of blosc's chunks.
std::vector<std::uint32_t> skip_packed(Input& in, const PackedArray& array);

// Where a form lies in a file.
struct PackedPlace {
    std::uint64_t offset = 0;
    std::uint64_t stored = 0;                    // bytes
    std::span<const std::uint32_t> chunks = {};  // blosc: bytes of each
};
// Bytes that a form of such an array takes at least.
std::uint64_t least_stored(const PackedArray& array);

// The item bytes, decoded by up to n_threads at once; checksums are not its business. Error{format} unless the form, of
// which the dtype is not compared, and the chunks fill the place exactly; what stands between chunks is not compared
// either.
std::unique_ptr<RandomSource> packed_source(std::shared_ptr<const RandomSource> file, const PackedArray& array,
                                            const PackedPlace& place, unsigned n_threads);

}  // namespace jl
