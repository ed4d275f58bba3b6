#include "graph/loading.hpp"

#include <algorithm>
#include <unordered_set>
#include <vector>

namespace jl {

std::shared_ptr<void> LoadingState::shared(const void* identity, const std::type_info& type) {
    const auto found = shared_.find(Key{identity, type.name()});
    return found == shared_.end() ? nullptr : found->second;
}

void LoadingState::remember(const void* identity, const std::type_info& type, std::shared_ptr<void> object) {
    shared_.emplace(Key{identity, type.name()}, std::move(object));
}

void LoadingState::enter(const Record& record) {
    const std::uint64_t deepest = std::min<std::uint64_t>(options_.depth, 2'000);
    if (++nesting_ > deepest) {
        --nesting_;  // the caller's guard is not armed yet
        record.fail(ErrorCode::limit, "values are nested more than " + std::to_string(deepest) + " deep for a typed load; load a jl::Value instead");
    }
    items_ += record.is_sequence() || record.is_mapping() ? record.size() : 1;
    if (items_ > options_.items) {
        --nesting_;
        record.fail(ErrorCode::limit, "more than " + std::to_string(options_.items) + " values would be built (limit: items)");
    }
}

bool LoadingState::has_sharing() {
    if (sharing_ != Sharing::unknown) return sharing_ == Sharing::yes;
    std::unordered_set<const void*> seen;
    std::vector<Cell> open{root_};
    sharing_ = Sharing::no;
    const auto add = [&](const Cell& cell) {
        if (cell.has_identity() && cell.kind() != CellKind::class_ref) open.push_back(cell);
    };
    while (!open.empty()) {
        const Cell cell = open.back();
        open.pop_back();
        if (!seen.insert(cell.node).second) {
            sharing_ = Sharing::yes;
            return true;
        }
        visit_children(cell, add);
    }
    return false;
}

const Dict* attributes_of(const Object& object) noexcept {
    if (!object.has_state) return nullptr;
    if (object.state.is(CellKind::dict)) return object.state.dict;
    // (attributes or None, slots)
    if (!object.state.is(CellKind::tuple) || object.state.sequence->items.size != 2) return nullptr;
    const Cell* parts = object.state.sequence->items.data;
    if (parts[0].is(CellKind::dict)) return parts[0].dict;
    return parts[1].is(CellKind::dict) ? parts[1].dict : nullptr;
}

const Items<CellPair>* pairs_of(const Cell& cell) noexcept {
    if (cell.is(CellKind::dict)) return &cell.dict->items;
    if (!cell.is(CellKind::object)) return nullptr;
    if (const Dict* attributes = attributes_of(*cell.object)) return &attributes->items;
    return cell.object->pairs.size > 0 ? &cell.object->pairs : nullptr;
}

std::string class_path(const Cell& callable) {
    if (callable.is(CellKind::class_ref)) {
        const ClassRef& ref = *callable.class_ref;
        return std::string(ref.module) + "." + std::string(ref.name);
    }
    return callable.is(CellKind::object) ? class_path(callable.object->callable) : "?";
}

std::string step_of(const Cell& key, std::size_t index) {
    if (key.is(CellKind::text)) return std::string(key.text());
    if (key.is(CellKind::integer)) return std::to_string(key.integer);
    return "#" + std::to_string(index);
}

std::uint64_t depth_of(const Cell& root, std::uint64_t enough) {
    struct Entry { Cell cell; std::uint64_t depth; };
    std::unordered_set<const void*> seen;
    std::vector<Entry> open{{root, 1}};
    std::uint64_t depth = 0;
    while (!open.empty()) {
        const Entry entry = open.back();
        open.pop_back();
        if (entry.cell.kind() < CellKind::list || entry.cell.kind() > CellKind::object) continue;
        if (!seen.insert(entry.cell.node).second) continue;
        depth = std::max(depth, entry.depth);
        if (depth >= enough) return depth;
        visit_children(entry.cell, [&](const Cell& child) {
            if (child.kind() >= CellKind::list && child.kind() <= CellKind::object) open.push_back({child, entry.depth + 1});
        });
    }
    return depth;
}

}  // namespace jl
