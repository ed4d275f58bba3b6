// NDArrayWrapper {filename, subclass, allow_mmap}: the array is the .npy of that name.
// ZNDArrayWrapper {filename, init_args, state}: numpy's own state of an array, whose last part, the items, is in the
// .npy.z of that name.
#include <algorithm>
#include <array>
#include <string>

#include "graph/builder.hpp"
#include "graph/companions.hpp"

namespace jl {

namespace {

const Cell* entry(const Dict& dict, std::string_view key) {
    const Cell* found = nullptr;
    for (const CellPair& pair : dict.items)
        if (pair.key.is_text(key)) found = &pair.value;
    return found;
}

// Python 2 has names in bytes where they are not ASCII.
std::string file_name(Machine& machine, const Dict& wrapper) {
    const Cell* name = entry(wrapper, "filename");
    if (!name || !(name->is(CellKind::text) || name->is(CellKind::bytes)))
        machine.fail(ErrorCode::format, "an array in a file of its own, without the file's name");
    return std::string(name->text());
}

const ClassRef* subclass_of(const Cell* type) {
    const bool plain = !type || !type->is(CellKind::class_ref) ||
                       type->class_ref->tag == static_cast<int>(Known::ndarray) ||
                       type->class_ref->tag == static_cast<int>(Known::memmap);
    return plain ? nullptr : type->class_ref;
}

// (version, shape, dtype, is_fortran), or without the version: the items are to follow.
Cell state_with(Document& document, const Cell& state, const Cell& items) {
    std::array<Cell, 5> parts;
    const auto count = static_cast<std::size_t>(state.sequence->items.size);
    std::copy_n(state.sequence->items.data, count, parts.begin());
    parts[count] = items;
    return document.sequence(CellKind::tuple, std::span(parts).first(count + 1));
}

}  // namespace

void GraphBuilder::read_companion(Machine& machine, Cell& object, const Cell& state) {
    if (level_ == Level::nested)
        machine.fail(ErrorCode::format, "an array in a file of its own inside the pickle of an object array");
    if (!state.is(CellKind::dict)) machine.fail(ErrorCode::format, "the state of an array's wrapper is not a dict");
    const Dict& wrapper = *state.dict;
    const std::string name = file_name(machine, wrapper);
    if (!companions_)
        machine.fail(ErrorCode::unsupported, "joblib before 0.10 keeps this array in the file '" + name +
                                                 "' beside the pickle: load the pickle by its path");
    Document& document = machine.document();
    const Cell* items_follow = entry(wrapper, "state");
    if (!items_follow) {
        object = companions_->array(name, document);
        array_of(object).type = subclass_of(entry(wrapper, "subclass"));
        return;
    }
    const bool proper = items_follow->is(CellKind::tuple) &&
                        (items_follow->sequence->items.size == 3 || items_follow->sequence->items.size == 4);
    if (!proper) machine.fail(ErrorCode::format, "the state of an array is not a tuple as numpy writes it");
    const Cell* made_by = entry(wrapper, "init_args");
    auto* array = document.make_owned<ArrayNode>();
    if (made_by && made_by->is(CellKind::tuple) && made_by->sequence->items.size > 0)
        array->type = subclass_of(made_by->sequence->items.data);
    const Cell items = document.adopt(CellKind::bytes, companions_->items(name));
    try {
        fill_array(machine, *array, state_with(document, *items_follow, items));
    } catch (Error& error) {
        throw error.at_path(name);
    }
    object = Cell::of(CellKind::array, array);
}

}  // namespace jl
