#include "graph/import_cell.hpp"

#include <unordered_map>
#include <vector>

#include "graph/array_node.hpp"

namespace jl {

namespace {

// Nodes are made empty at first sight and filled from a work list, so that cycles and depth cost nothing special.
class Importer {
  public:
    Importer(Document& to, const std::shared_ptr<Document>& from) : to_(to), from_(from) {}

    Cell run(const Cell& root) {
        const Cell result = copy(root);
        while (!open_.empty()) {
            const auto [from, made] = open_.back();
            open_.pop_back();
            fill(from, made);
        }
        return result;
    }

  private:
    Cell copy(const Cell& cell) {
        switch (cell.kind()) {
            case CellKind::none:
            case CellKind::boolean:
            case CellKind::integer:
            case CellKind::real:
                return cell;
            case CellKind::text:
            case CellKind::bytes:
            case CellKind::big_integer:
                return to_.bytes(cell.kind(), cell.span());
            case CellKind::complex:
                return to_.complex(cell.pair->real, cell.pair->imag);
            default:
                break;
        }
        const auto [place, first] = known_.try_emplace(cell.node);
        if (!first) return place->second;
        const Cell made = make(cell);
        known_[cell.node] = made;
        open_.emplace_back(cell, made);
        return made;
    }

    Cell make(const Cell& cell) {
        switch (cell.kind()) {
            case CellKind::bytearray:
                return to_.bytes(cell.kind(), cell.span());
            case CellKind::dict:
                return to_.dict();
            case CellKind::object:
                return Cell::of(CellKind::object, to_.make<Object>());
            case CellKind::class_ref:
                return to_.class_ref(cell.class_ref->module, cell.class_ref->name, cell.class_ref->tag);
            case CellKind::array:
                return Cell::of(CellKind::array, to_.make_owned<ArrayNode>());
            case CellKind::scalar: {
                auto* scalar = to_.make_owned<ScalarNode>();
                scalar->dtype = scalar_of(cell).dtype;
                scalar->item = to_.bytes(CellKind::bytes, scalar_of(cell).item).span();
                return Cell::of(CellKind::scalar, scalar);
            }
            default:
                return to_.sequence(cell.kind());
        }
    }

    void copy_items(Items<Cell>& to, const Items<Cell>& from) {
        for (const Cell& item : from) {
            const Cell copied = copy(item);
            to_.push(to, {&copied, 1});
        }
    }
    void copy_pairs(Items<CellPair>& to, const Items<CellPair>& from) {
        for (const CellPair& pair : from) {
            const CellPair copied{copy(pair.key), copy(pair.value)};
            to_.push(to, copied);
        }
    }
    const ClassRef* copy_type(const ClassRef* type) {
        return type ? to_.class_ref(type->module, type->name, type->tag).class_ref : nullptr;
    }

    void fill(const Cell& from, const Cell& made) {
        switch (from.kind()) {
            case CellKind::list:
            case CellKind::tuple:
            case CellKind::set:
            case CellKind::frozenset:
                copy_items(made.sequence->items, from.sequence->items);
                made.sequence->type = copy_type(from.sequence->type);
                made.sequence->args = copy(from.sequence->args);
                return;
            case CellKind::dict:
                copy_pairs(made.dict->items, from.dict->items);
                made.dict->type = copy_type(from.dict->type);
                made.dict->args = copy(from.dict->args);
                return;
            case CellKind::object:
                return fill_object(*from.object, *made.object);
            case CellKind::array:
                return fill_array(array_of(from), array_of(made));
            default:
                return;
        }
    }

    void fill_object(const Object& from, Object& made) {
        made.callable = copy(from.callable);
        made.args = copy(from.args);
        made.kwargs = copy(from.kwargs);
        made.state = copy(from.state);
        made.has_state = from.has_state;
        made.how = from.how;
        copy_items(made.items, from.items);
        copy_pairs(made.pairs, from.pairs);
    }

    void fill_array(ArrayNode& from, ArrayNode& made) {
        made = from;
        made.type = copy_type(from.type);
        made.objects = {};
        copy_items(made.objects, from.objects);
        if (!made.owner && made.data) made.owner = from_;  // the bytes lie in the other document: it lives on
    }

    Document& to_;
    const std::shared_ptr<Document>& from_;
    std::unordered_map<const void*, Cell> known_;
    std::vector<std::pair<Cell, Cell>> open_;
};

}  // namespace

Cell import_cell(Document& to, const std::shared_ptr<Document>& from, const Cell& root) {
    return Importer(to, from).run(root);
}

}  // namespace jl
