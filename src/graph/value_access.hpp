// The inside of jl::Value for the floors that make values.
#pragma once

#include <bit>
#include <cstring>
#include <memory>

#include <jl/value.hpp>

#include "pickle/document.hpp"

namespace jl {

struct ValueAccess {
    static Value make(std::shared_ptr<Document> document, const Cell& cell) {
        detail::RawCell raw;
        std::memcpy(raw.data(), &cell, sizeof raw);
        return Value(std::move(document), raw);
    }
    static Cell cell(const Value& value) noexcept {
        Cell cell;
        std::memcpy(static_cast<void*>(&cell), value.cell_.data(), sizeof cell);
        return cell;
    }
    static const std::shared_ptr<Document>& document(const Value& value) noexcept { return value.document_; }
    static Value with_document(const Value& value) {
        return value.document_ ? value : make(std::make_shared<Document>(), cell(value));
    }
};

// Writes the graph below `cell`, of any depth, without recursion. `owner` is what the cells live in.
void emit_cell(Emitter& out, const Cell& cell, std::shared_ptr<const void> owner);
// Cells in Python's notation, at most about max_characters, without recursion beyond a few levels.
std::string render(const Cell& cell, std::size_t max_characters);
Kind kind_of(const Cell& cell) noexcept;

}  // namespace jl
