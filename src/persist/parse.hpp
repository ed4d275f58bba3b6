// One object from an input: a pickle or a .npy, told apart by the first bytes.
#pragma once

#include "graph/builder.hpp"
#include "graph/companions.hpp"

namespace jl {

// `companions`: null where the input is no file with others beside it. Error{unsupported} for a .npz, whose directory
// is at its end.
Cell parse_object(Input& in, Document& document, PayloadLoader& loader, Companions* companions);

// Whether the bytes are a zip archive, as .npz is.
bool is_archive(const RandomSource& file);

}  // namespace jl
