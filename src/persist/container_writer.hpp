// Writes one container: preamble, graph, array payloads, directory, checksums, footer.
#pragma once

#include <jl/dump.hpp>

#include "graph/pickle_emitter.hpp"
#include "persist/directory.hpp"
#include "persist/trailer.hpp"

namespace jl {

class ContainerWriter final : public PayloadWriter {
  public:
    struct Options {
        bool compressed = false;
        unsigned n_threads = 0;
        ProgressCallback progress = {};
        Packer packer = {};
    };
    ContainerWriter(Sink& sink, Options options);
    // Writes the whole container. After an error the sink holds a part of it.
    void write(const detail::Writing& write);

  private:
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
    PickleWriter pickle_;
    DirectoryWriter directory_;
    std::vector<std::uint32_t> checksums_;
    std::uint64_t payload_bytes_ = 0;
};

}  // namespace jl
