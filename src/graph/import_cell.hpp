// Copies a graph of cells from one document into another; identity inside it, cycles included, is kept. Payloads are
// shared, not copied.
#pragma once

#include <memory>

#include "pickle/document.hpp"

namespace jl {

Cell import_cell(Document& to, const std::shared_ptr<Document>& from, const Cell& root);

}  // namespace jl
