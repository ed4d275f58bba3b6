// The three ways of an array's payload into a load: left in the file until its place is known, mapped, or taken from
// the stream.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include <jl/load.hpp>

#include "graph/builder.hpp"
#include "persist/opened.hpp"
#include "persist/packed_payload.hpp"

namespace jl {

// Payloads of streams are believed to be as long as this before they have come.
inline constexpr std::uint64_t believed_from_streams = std::uint64_t{256} << 20;

// Precondition of these: array.packed.
PackedArray packed_array(const ArrayNode& array);
// Steps over the form and notes what it takes; Error{limit} for more than `ratio`.
void pass_packed(ArrayNode& array, Input& in, double ratio);
// Hands a reader of the items to use(), and notes what the form takes.
template <class Use>
void read_packed(ArrayNode& array, Input& in, double ratio, Use use) {
    PackedReader reader(in, packed_array(array), ratio);
    use(reader);
    array.packed->stored = in.position() - *array.offset;
    array.packed->chunks = reader.take_chunks();
}

// Checks one array after the other against the directory, where there is one.
class ArrayCount {
  public:
    explicit ArrayCount(std::shared_ptr<const ContainerIndex> container) : container_(std::move(container)) {}
    void next(ArrayNode& array, std::uint64_t position);
    void finish() const;  // Error{format} when the directory lists more
    const std::shared_ptr<const ContainerIndex>& container() const noexcept { return container_; }
    std::size_t count() const noexcept { return count_; }

  private:
    std::shared_ptr<const ContainerIndex> container_;
    std::size_t count_ = 0;
};

// Leaves payloads in the file; they are read later, on several threads.
class Deferral {
  public:
    Deferral(Document& document, std::shared_ptr<const RandomSource> file,
             std::shared_ptr<const ContainerIndex> container, unsigned n_threads);
    void raw(ArrayNode& array, Input& in);
    void packed(ArrayNode& array, Input& in, const ContainerIndex* container);

  private:
    class FilePayloads;
    Document& document_;
    std::shared_ptr<const RandomSource> file_;
    unsigned n_threads_;
    std::shared_ptr<const FilePayloads> payloads_;
};

// Uncompressed file: long payloads stay where they are (read later, in parallel, straight into their place), short ones
// are taken along.
class DeferringLoader final : public PayloadLoader {
  public:
    DeferringLoader(Document& document, std::shared_ptr<const RandomSource> file,
                    std::shared_ptr<const ContainerIndex> container, unsigned n_threads);
    void load(ArrayNode& array, Input& in) override;
    void finish() const { arrays_.finish(); }

  private:
    Document& document_;
    ArrayCount arrays_;
    Deferral deferral_;
};

// Uncompressed file under a mmap_mode: `owner` keeps `bytes`, the whole file, alive.
class MappingLoader final : public PayloadLoader {
  public:
    MappingLoader(Document& document, std::span<std::byte> bytes, std::shared_ptr<void> owner,
                  const LoadOptions& options, std::shared_ptr<const ContainerIndex> container);
    void load(ArrayNode& array, Input& in) override;
    void finish() const { arrays_.finish(); }

  private:
    void load_packed(ArrayNode& array, Input& in);

    std::span<std::byte> bytes_;
    std::shared_ptr<void> owner_;
    bool write_through_;
    Fallback fallback_;
    ArrayCount arrays_;
    Deferral deferral_;
};

// Forward-only input: payloads go into the container that the caller's type asks for, or into memory of the document.
// Checksums are kept to be compared with the trailer.
class StreamLoader final : public PayloadLoader {
  public:
    // `believed`: payloads of up to this many bytes get their memory before the bytes arrive; beyond, memory grows with
    // them.
    StreamLoader(Document& document, const ArrayPlaces& places, std::uint64_t believed, ProgressCallback progress)
        : document_(document), places_(places), believed_(believed), progress_(std::move(progress)) {}
    void load(ArrayNode& array, Input& in) override;

    struct Seen {
        const ArrayNode* array;
        std::uint64_t first_checksum;
        std::shared_ptr<const DType> recorded = {};  // what the record said, where the items were made native
    };
    const std::vector<Seen>& arrays() const noexcept { return arrays_; }
    const std::vector<std::uint32_t>& checksums() const noexcept { return checksums_; }

  private:
    std::span<std::byte> place(ArrayNode& array, Input& in);
    template <class From>
    void load_items(ArrayNode& array, Input& in, From& from);
    template <class From>
    void read_checked(From& from, std::span<std::byte> into);

    Document& document_;
    const ArrayPlaces& places_;
    std::uint64_t believed_;
    ProgressCallback progress_;
    std::vector<Seen> arrays_;
    std::vector<std::uint32_t> checksums_;
    std::uint64_t done_ = 0;
};

}  // namespace jl
