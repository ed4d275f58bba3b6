// A .npz archive as a dict of its members, in their order.
#pragma once

#include <memory>

#include <jl/load.hpp>
#include <jl/npz.hpp>

#include "graph/builder.hpp"

namespace jl {

// One of its members, to its end, where length and checksum are compared. Errors name the member.
Cell read_npz_member(const NpzFile& archive, std::size_t index, Document& document, PayloadLoader& loader);

// Arrays go through `loader`, bytes of other members into the document.
Cell read_npz(std::shared_ptr<const RandomSource> archive, Document& document, PayloadLoader& loader,
              const Limits& limits);

}  // namespace jl
