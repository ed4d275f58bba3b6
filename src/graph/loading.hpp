// State of turning one document into one typed value.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <jl/record.hpp>

#include "graph/array_node.hpp"
#include "pickle/document.hpp"

namespace jl {

struct LoadingOptions {
    bool refuse_unknown_fields = false;
    std::uint64_t items = Limits::none;
    std::uint64_t depth = Limits::none;
    bool leave_deferred = false;  // a Value's payloads stay where they are until they are asked for
};

class LoadingState final : public Loading {
  public:
    LoadingState(std::shared_ptr<Document> document, const Cell& root, const LoadingOptions& options)
        : document_(std::move(document)), root_(root), options_(options) {}

    bool refuse_unknown_fields() const noexcept override { return options_.refuse_unknown_fields; }
    std::shared_ptr<void> shared(const void* identity, const std::type_info& type) override;
    void remember(const void* identity, const std::type_info& type, std::shared_ptr<void> object) override;
    void enter(const Record& record) override;
    void leave() noexcept override { --nesting_; }
    std::size_t begin_attempt() override;
    void end_attempt(std::size_t begun, bool kept) noexcept override;
    bool is_attempt() const noexcept { return attempts_ > 0; }

    const LoadingOptions& options() const noexcept { return options_; }
    const std::shared_ptr<Document>& document() const noexcept { return document_; }
    // Whether any list, dict, array, … of the graph is referred to from more than one place.
    bool has_sharing();
    std::string prefix;  // path of the root record inside the document, for messages

  private:
    using Key = std::pair<const void*, std::string_view>;
    std::shared_ptr<Document> document_;
    Cell root_;
    LoadingOptions options_;
    std::map<Key, std::shared_ptr<void>> shared_;
    std::vector<Key> remembered_;  // keys of `shared_` in order, while there are attempts
    std::uint64_t attempts_ = 0;
    std::uint64_t nesting_ = 0;
    std::uint64_t items_ = 0;
    enum class Sharing { unknown, no, yes } sharing_ = Sharing::unknown;
};

// As for_each_child, into object arrays too.
template <class Visit>
void visit_children(const Cell& cell, Visit visit) {
    if (!cell.is(CellKind::array)) return for_each_child(cell, visit);
    for (const Cell& item : array_of(cell).objects) visit(item);
}

// Nesting of containers below `root`, counting no further than `enough`; without recursion; each node counts
// where it is met first.
std::uint64_t depth_of(const Cell& root, std::uint64_t enough);

// The attributes of an object: the dict of its state, null when it has none.
const Dict* attributes_of(const Object& object) noexcept;
// The pairs of a dict, an object's attributes, or the pairs set on an object.
const Items<CellPair>* pairs_of(const Cell& cell) noexcept;

// "name" of a class reference, "module.name".
std::string class_path(const Cell& callable);
// The same, and "module.Outer.Inner" of the call getattr(Outer, 'Inner') by which protocols below 4 name such a class.
std::string qualified_class(const Cell& callable);

// What a step of a path says: text keys as they are, integers in decimal, others by position.
std::string step_of(const Cell& key, std::size_t index);

}  // namespace jl
