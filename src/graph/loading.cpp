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
    const bool added = shared_.emplace(Key{identity, type.name()}, std::move(object)).second;
    if (added && attempts_ > 0) remembered_.emplace_back(identity, type.name());
}

std::size_t LoadingState::begin_attempt() {
    ++attempts_;
    return remembered_.size();
}

void LoadingState::end_attempt(std::size_t begun, bool kept) noexcept {
    --attempts_;
    for (std::size_t i = remembered_.size(); !kept && i > begun; --i) shared_.erase(remembered_[i - 1]);
    if (!kept) remembered_.resize(begun);
    if (attempts_ == 0) remembered_.clear();
}

void LoadingState::enter(const Record& record) {
    const std::uint64_t deepest = std::min<std::uint64_t>(options_.depth, 2'000);
    if (++nesting_ > deepest) {
        --nesting_;  // the caller's guard is not armed yet
        record.fail(ErrorCode::limit, "values are nested more than " + std::to_string(deepest) +
                                          " deep for a typed load; load a jl::Value instead");
    }
    items_ += record.is_sequence() || record.is_mapping() ? record.size() : 1;
    if (items_ > options_.items) {
        --nesting_;
        record.fail(ErrorCode::limit,
                    "more than " + std::to_string(options_.items) + " values would be built (limit: items)");
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
    const Cell* cell = &callable;
    while (cell->is(CellKind::object)) cell = &cell->object->callable;
    if (!cell->is(CellKind::class_ref)) return "?";
    return std::string(cell->class_ref->module) + "." + std::string(cell->class_ref->name);
}

std::string qualified_class(const Cell& callable) {
    constexpr int deepest = 16;
    const Cell* cell = &callable;
    std::string inner;
    for (int depth = 0; depth < deepest && cell->is(CellKind::object); ++depth) {
        const Object& call = *cell->object;
        if (class_path(call.callable) != "builtins.getattr" || !call.args.is(CellKind::tuple)) break;
        const Items<Cell>& args = call.args.sequence->items;
        if (args.size != 2 || !args.data[1].is(CellKind::text)) break;
        inner = "." + std::string(args.data[1].text()) + inner;
        cell = &args.data[0];
    }
    return cell->is(CellKind::class_ref) ? class_path(*cell) + inner : class_path(callable);
}

std::string step_of(const Cell& key, std::size_t index) {
    if (key.is(CellKind::text)) return std::string(key.text());
    if (key.is(CellKind::integer)) return std::to_string(key.integer);
    return "#" + std::to_string(index);
}

namespace {

bool nests(const Cell& cell) {
    return cell.kind() >= CellKind::list && cell.kind() <= CellKind::object && !cell.is(CellKind::scalar);
}

}  // namespace

// The longest way down, each node once: a node's height is known when all below it are.
std::uint64_t depth_of(const Cell& root, std::uint64_t enough) {
    struct Entry {
        Cell cell;
        std::vector<Cell> open;  // children still to be visited
        std::uint64_t height = 1;
    };
    if (!nests(root)) return 0;
    std::unordered_map<const void*, std::uint64_t> heights;  // 0: on the way down to here, a cycle
    std::vector<Entry> way;
    const auto enter = [&](const Cell& cell) {
        heights.emplace(cell.node, 0);
        way.push_back({cell, {}});
        visit_children(cell, [&](const Cell& child) {
            if (nests(child)) way.back().open.push_back(child);
        });
    };
    enter(root);
    for (;;) {
        Entry& entry = way.back();
        if (way.size() + entry.height > enough) return way.size() - 1 + entry.height;
        if (!entry.open.empty()) {
            const Cell child = entry.open.back();
            entry.open.pop_back();
            const auto known = heights.find(child.node);
            if (known == heights.end())
                enter(child);
            else
                entry.height = std::max(entry.height, known->second + 1);
            continue;
        }
        const std::uint64_t height = entry.height;
        heights[entry.cell.node] = height;
        way.pop_back();
        if (way.empty()) return height;
        way.back().height = std::max(way.back().height, height + 1);
    }
}

}  // namespace jl
