// Item bytes of one array on their way to a sink, in pieces of any size; a checksum for each whole chunk of 1 MiB.
//
//     CheckedItems items(sink, n_threads, checksums);   items.write(rows);   items.write(more);   items.finish();
//
// Short pieces are gathered in one chunk of memory, long ones pass as they are, on several threads where the sink lets.
#pragma once

#include <cstdint>
#include <vector>

#include <jl/buffer.hpp>
#include <jl/sink.hpp>

namespace jl {

class CheckedItems final : public Sink {
  public:
    // `checksums` is added to; both outlive this.
    CheckedItems(Sink& to, unsigned n_threads, std::vector<std::uint32_t>& checksums)
        : to_(to), n_threads_(n_threads), checksums_(checksums) {}
    void write(std::span<const std::byte> items) override;
    void finish();  // the last chunk, shorter than the others

  private:
    void pass(std::span<const std::byte> chunks);

    Sink& to_;
    unsigned n_threads_;
    std::vector<std::uint32_t>& checksums_;
    Buffer chunk_;
    std::size_t used_ = 0;
};

}  // namespace jl
