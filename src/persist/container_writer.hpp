// Writes one container: preamble, graph, array payloads, directory, checksums, footer.
//
//     ContainerWriter(sink, options).write([&](Emitter& out) { jl::emit(out, value); });
//
// or step by step: begin(), the graph on emitter() with arrays piece by piece in between, finish().
#pragma once

#include <memory>
#include <optional>

#include <jl/dump.hpp>

#include "graph/pickle_emitter.hpp"
#include "persist/checked_items.hpp"
#include "persist/directory.hpp"
#include "persist/packed_payload.hpp"
#include "persist/trailer.hpp"

namespace jl {

class ContainerWriter final : public PayloadWriter {
  public:
    struct Options {
        bool compressed = false;
        unsigned n_threads = 0;
        ProgressCallback progress = {};
        Packer packer = {};
        FooterState state = FooterState::clean;
    };
    ContainerWriter(Sink& sink, Options options);
    // Writes the whole container. After an error the sink holds a part of it.
    void write(const detail::Writing& write);

    void begin();
    Emitter& emitter() noexcept { return emitter_; }
    // The next value of the graph is an array, of which append() brings the items in `order`. Rows::open: shape[0] is
    // told by end_array.
    using Rows = PickleEmitter::Rows;
    void begin_array(const DType& dtype, std::span<const std::uint64_t> shape, Rows rows, char order = 'C');
    void append(std::span<const std::byte> items);
    // All items of an array are zeros that the caller has brought to the sink. Precondition: not compressed or packed.
    void passed_zeros(std::uint64_t nbytes);
    // Returns where the sink has the eight bytes of shape[0], to be written again; nullopt for known rows.
    std::optional<std::uint64_t> end_array(std::uint64_t rows);
    void finish();

  private:
    struct OpenArray {
        std::string path;
        DType dtype;
        std::vector<std::uint64_t> shape;
        char order = 'C';
        Rows rows = Rows::known;
        Packing packing = Packing::none;
        std::uint64_t offset = 0;
        std::uint64_t nbytes = 0;  // so far
        std::unique_ptr<PackedSink> packed;
        std::unique_ptr<CheckedItems> items;
    };

    void payload(const ArrayEvent& array, std::uint64_t nbytes, Packing packing, std::string path) override;
    void packed_payload(const ArrayEvent& array, std::uint64_t nbytes, Packing packing);
    void short_payload(const ArrayEvent& array, std::size_t nbytes);
    void items(Sink& to, const ArrayEvent& array, std::uint64_t nbytes);
    void stored_items(Sink& to, const ArrayEvent& array, std::uint64_t nbytes);
    void filled_items(Sink& to, const ArrayEvent& array, std::uint64_t nbytes);
    void write_trailer();
    void report(bool finished);

    Sink& sink_;
    Options options_;
    std::uint64_t origin_;  // position of the container's first byte
    PickleWriter pickle_;
    PickleEmitter emitter_;
    DirectoryWriter directory_;
    std::vector<std::uint32_t> checksums_;
    std::uint64_t payload_bytes_ = 0;
    std::optional<OpenArray> open_;
};

}  // namespace jl
