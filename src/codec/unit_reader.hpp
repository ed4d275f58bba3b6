// Reads and inflates units of a stream with a block table. One thread at a time; several readers may share source and
// table.
#pragma once

#include <memory>
#include <span>

#include <jl/buffer.hpp>

#include "codec/block_table.hpp"
#include "codec/unit_inflater.hpp"

namespace jl::detail {

class UnitReader final {
  public:
    // Both must outlive the reader.
    UnitReader(const RandomSource& from, const BlockTable& table)
        : from_(&from), table_(&table), inflater_(unit_inflater()) {}

    // Precondition: `into` has the unit's decoded size. A unit that is not what the table says throws Error{format} at
    // its offset.
    void read(std::size_t unit, std::span<std::byte> into);

  private:
    const RandomSource* from_;
    const BlockTable* table_;
    std::unique_ptr<UnitInflater> inflater_;
    Buffer compressed_;
};

}  // namespace jl::detail
