// A .npy as a node of the graph: header, then items that go where the payload loader puts those of array records, or
// the pickle of an array of objects.
#pragma once

#include "graph/builder.hpp"

namespace jl {

bool begins_npy(std::span<const std::byte> beginning) noexcept;

// The input stands at the first byte of the magic and is left behind the last item.
Cell read_npy(Input& in, Document& document, PayloadLoader& loader);

}  // namespace jl
