// Reads and decodes units of a stream. One thread at a time; several readers may share source and stream.
#pragma once

#include <memory>
#include <span>

#include <jl/buffer.hpp>
#include <jl/source.hpp>

#include "codec/block_table.hpp"

namespace jl::detail {

class UnitReader final {
  public:
    // Both must outlive the reader.
    UnitReader(const RandomSource& from, const UnitStream& stream)
        : from_(&from), table_(&stream.table()), decoder_(stream.unit_decoder()) {}

    // Precondition: `into` has the unit's decoded size. A unit that is not what the table says throws Error{format} at
    // its offset.
    void read(std::size_t unit, std::span<std::byte> into);

  private:
    const RandomSource* from_;
    const BlockTable* table_;
    std::unique_ptr<UnitDecoder> decoder_;
    Buffer compressed_;
};

}  // namespace jl::detail
