#include <algorithm>
#include <ostream>
#include <unordered_set>

#include <jl/value.hpp>

#include "graph/document_emitter.hpp"
#include "graph/import_cell.hpp"
#include "graph/loading.hpp"
#include "graph/numbers.hpp"
#include "graph/sparse_names.hpp"
#include "graph/value_access.hpp"

namespace jl {

namespace {

Cell cell_of(const Value& value) { return ValueAccess::cell(value); }

[[noreturn]] void fail_kind(const Value& value, std::string_view wanted) {
    throw Error(ErrorCode::type,
                std::string(wanted) + " is needed, a value of kind " + std::string(value.kind_name()) + " is there");
}

Value handle(const Value& from, const Cell& cell) { return ValueAccess::make(ValueAccess::document(from), cell); }

// The cell of `value` inside `document`: referred to when it lives there, copied otherwise.
Cell adopted(const std::shared_ptr<Document>& document, const Value& value) {
    const std::shared_ptr<Document>& other = ValueAccess::document(value);
    if (!other || other == document) return cell_of(value);
    return import_cell(*document, other, cell_of(value));
}

Value sequence(CellKind kind, std::initializer_list<Value> items) {
    auto document = std::make_shared<Document>();
    std::vector<Cell> cells;
    for (const Value& item : items) cells.push_back(adopted(document, item));
    const Cell cell = document->sequence(kind, cells);
    return ValueAccess::make(std::move(document), cell);
}

const Items<Cell>* sequence_items(const Cell& cell) {
    switch (cell.kind()) {
        case CellKind::list:
        case CellKind::tuple:
        case CellKind::set:
        case CellKind::frozenset:
            return &cell.sequence->items;
        case CellKind::array:
            return array_of(cell).dtype.has_object() ? &array_of(cell).objects : nullptr;
        default:
            return nullptr;
    }
}

ArrayNode& array_in(const Value& value) {
    const Cell cell = cell_of(value);
    if (!cell.is(CellKind::array)) fail_kind(value, "an array");
    return array_of(cell);
}

std::string unescaped(std::string_view step) {
    std::string text;
    for (std::size_t i = 0; i < step.size(); ++i) {
        const std::string_view code = step.substr(i, 3);
        if (code == "%2F" || code == "%25")
            text += code == "%2F" ? '/' : '%', i += 2;
        else
            text += step[i];
    }
    return text;
}

}  // namespace

namespace detail {

Value value_from_events(const std::function<void(Emitter&)>& write) {
    auto document = std::make_shared<Document>();
    DocumentEmitter out(*document);
    write(out);
    return ValueAccess::make(std::move(document), out.root());
}

void read_value(const Value& value, const std::function<void(const Record&)>& read) {
    const Value owned = ValueAccess::with_document(value);
    const Cell root = cell_of(owned);
    LoadingState state(ValueAccess::document(owned), root, {});
    read(Record(state, root));
}

}  // namespace detail

Value Value::list(std::initializer_list<Value> items) { return sequence(CellKind::list, items); }
Value Value::tuple(std::initializer_list<Value> items) { return sequence(CellKind::tuple, items); }
Value Value::set(std::initializer_list<Value> items) { return sequence(CellKind::set, items); }

Value Value::dict(std::initializer_list<std::pair<Value, Value>> pairs) {
    auto document = std::make_shared<Document>();
    const Cell cell = document->dict();
    Value made = ValueAccess::make(std::move(document), cell);
    for (const auto& [key, value] : pairs) made.set(key, value);
    return made;
}

Value Value::object(std::initializer_list<std::pair<std::string, Value>> attributes) {
    Value made = detail::value_from_events([](Emitter& out) { out.begin_object({}, 0), out.end_object(); });
    for (const auto& [name, value] : attributes) made.set(std::string_view(name), value);
    return made;
}

Kind Value::kind() const noexcept { return kind_of(cell_of(*this)); }

bool Value::same_as(const Value& other) const noexcept { return identity() != 0 && identity() == other.identity(); }

std::uintptr_t Value::identity() const noexcept {
    const Cell cell = cell_of(*this);
    const bool text = cell.is(CellKind::text) || cell.is(CellKind::bytes);
    return cell.has_identity() || text ? reinterpret_cast<std::uintptr_t>(cell.node) : 0;
}

std::size_t Value::size() const {
    const Cell cell = cell_of(*this);
    if (const Items<Cell>* items = sequence_items(cell)) return static_cast<std::size_t>(items->size);
    if (const Items<CellPair>* pairs = pairs_of(cell)) return static_cast<std::size_t>(pairs->size);
    if (cell.is(CellKind::text) || cell.is(CellKind::bytes) || cell.is(CellKind::bytearray))
        return static_cast<std::size_t>(cell.size());
    if (cell.is(CellKind::array) && !array_of(cell).shape.empty())
        return static_cast<std::size_t>(array_of(cell).shape[0]);
    if (cell.is(CellKind::object)) return 0;
    fail_kind(*this, "something with a length");
}

std::optional<Value> Value::get(std::string_view name) const {
    const Cell cell = cell_of(*this);
    if (cell.is(CellKind::dict)) {
        const CellPair* found = document_->find(*cell.dict, name);
        return found ? std::optional<Value>(handle(*this, found->value)) : std::nullopt;
    }
    if (const Items<CellPair>* pairs = pairs_of(cell)) {
        for (std::uint64_t i = pairs->size; i-- > 0;)
            if (pairs->data[i].key.is_text(name)) return handle(*this, pairs->data[i].value);
    }
    return cell.is(CellKind::object) ? sparse_attribute(*this, name) : std::nullopt;
}

Value Value::operator[](std::string_view name) const {
    if (auto found = get(name)) return *found;
    const Cell cell = cell_of(*this);
    if (!cell.is(CellKind::dict) && !cell.is(CellKind::object))
        fail_kind(*this, "a dict or an object, to look up '" + std::string(name) + "',");
    throw Error(ErrorCode::missing,
                std::string(cell.is(CellKind::dict) ? "there is no key '" : "there is no attribute '") +
                    std::string(name) + "'");
}

Value Value::operator[](std::int64_t index) const {
    const Cell cell = cell_of(*this);
    if (cell.is(CellKind::dict)) {
        for (std::uint64_t i = cell.dict->items.size; i-- > 0;) {
            const CellPair& pair = cell.dict->items.data[i];
            if (pair.key.is(CellKind::integer) && pair.key.integer == index) return handle(*this, pair.value);
        }
        throw Error(ErrorCode::missing, "there is no key " + std::to_string(index));
    }
    const Items<Cell>* items = sequence_items(cell);
    if (!items) fail_kind(*this, "a sequence");
    const auto count = static_cast<std::int64_t>(items->size);
    const std::int64_t at = index < 0 ? index + count : index;
    if (at < 0 || at >= count)
        throw Error(ErrorCode::missing, "there is no item " + std::to_string(index) + " in a " +
                                            std::string(kind_name()) + " of " + std::to_string(count));
    return handle(*this, items->data[at]);
}

Value Value::at(std::string_view path) const {
    if (path.empty() || path.front() != '/')
        throw Error(ErrorCode::usage, "the path '" + std::string(path) + "' does not begin with '/'");
    Value value = *this;
    std::string_view rest = path.substr(1);
    while (!rest.empty()) {
        const std::size_t slash = rest.find('/');
        const std::string step = unescaped(rest.substr(0, slash));
        rest = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
        const Cell cell = cell_of(value);
        const Items<CellPair>* pairs = pairs_of(cell);
        const Items<Cell>* items = sequence_items(cell);
        std::optional<Value> found;
        for (std::uint64_t i = 0; pairs && !found && i < pairs->size; ++i)
            if (step_of(pairs->data[i].key, static_cast<std::size_t>(i)) == step)
                found = handle(value, pairs->data[i].value);
        for (std::uint64_t i = 0; items && !found && i < items->size; ++i)
            if (std::to_string(i) == step) found = handle(value, items->data[i]);
        if (!found && cell.is(CellKind::object)) found = sparse_attribute(value, step);
        if (!found) throw Error(ErrorCode::missing, "there is no '" + step + "'").at_path(path);
        value = *found;
    }
    return value;
}

std::vector<std::pair<Value, Value>> Value::items() const {
    const Cell cell = cell_of(*this);
    const Items<CellPair>* pairs = pairs_of(cell);
    if (!pairs && !cell.is(CellKind::object)) fail_kind(*this, "a dict or an object");
    std::vector<std::pair<Value, Value>> result;
    if (!pairs) return result;
    for (const CellPair& pair : *pairs) result.emplace_back(handle(*this, pair.key), handle(*this, pair.value));
    return result;
}

std::vector<Value> Value::elements() const {
    const Items<Cell>* items = sequence_items(cell_of(*this));
    if (!items) fail_kind(*this, "a sequence");
    std::vector<Value> result;
    for (const Cell& item : *items) result.push_back(handle(*this, item));
    return result;
}

std::string Value::class_name() const {
    const Cell cell = cell_of(*this);
    const auto path = [](const ClassRef* type) {
        return type ? std::string(type->module) + "." + std::string(type->name) : std::string();
    };
    switch (cell.kind()) {
        case CellKind::object:
            return class_path(cell.object->callable);
        case CellKind::class_ref:
            return path(cell.class_ref);
        case CellKind::dict:
            return path(cell.dict->type);
        case CellKind::list:
        case CellKind::tuple:
        case CellKind::set:
        case CellKind::frozenset:
            return path(cell.sequence->type);
        case CellKind::array:
            return path(array_of(cell).type);
        default:
            return {};
    }
}

Value Value::args() const {
    const Cell cell = cell_of(*this);
    return cell.is(CellKind::object) ? handle(*this, cell.object->args) : Value();
}

Value Value::state() const {
    const Cell cell = cell_of(*this);
    return cell.is(CellKind::object) && cell.object->has_state ? handle(*this, cell.object->state) : Value();
}

std::vector<Value> Value::list_items() const {
    std::vector<Value> result;
    const Cell cell = cell_of(*this);
    if (cell.is(CellKind::object))
        for (const Cell& item : cell.object->items) result.push_back(handle(*this, item));
    return result;
}

std::vector<std::pair<Value, Value>> Value::dict_items() const {
    std::vector<std::pair<Value, Value>> result;
    const Cell cell = cell_of(*this);
    if (cell.is(CellKind::object))
        for (const CellPair& pair : cell.object->pairs)
            result.emplace_back(handle(*this, pair.key), handle(*this, pair.value));
    return result;
}

bool Value::is_bytearray() const noexcept { return cell_of(*this).is(CellKind::bytearray); }

const DType& Value::dtype() const {
    const Cell cell = cell_of(*this);
    return cell.is(CellKind::scalar) ? scalar_of(cell).dtype : array_in(*this).dtype;
}
const std::vector<std::uint64_t>& Value::shape() const { return array_in(*this).shape; }
char Value::order() const { return array_in(*this).order; }
std::uint64_t Value::nbytes() const { return array_in(*this).nbytes; }
std::optional<std::uint64_t> Value::file_offset() const {
    const ArrayNode& array = array_in(*this);
    return array.packed ? std::nullopt : array.offset;
}

std::span<const std::byte> Value::array_bytes() const {
    ArrayNode& array = array_in(*this);
    if (array.dtype.has_object()) return {};
    return resident(array);
}

bool Value::is_deferred() const { return !array_in(*this).data && array_in(*this).deferred; }

void Value::read_array(std::uint64_t first, std::span<std::byte> into) const {
    const ArrayNode& array = array_in(*this);
    const std::uint64_t size = array.dtype.has_object() ? 0 : array.nbytes;
    if (first > size || into.size() > size - first)
        throw Error(ErrorCode::range, "bytes " + std::to_string(first) + " to " + std::to_string(first + into.size()) +
                                          " of an array of " + std::to_string(size) + " bytes");
    read_payload(array, first, into);
}

std::span<const std::byte> Value::raw_bytes() const {
    const Cell cell = cell_of(*this);
    switch (cell.kind()) {
        case CellKind::text:
        case CellKind::bytes:
        case CellKind::bytearray:
        case CellKind::big_integer:
            return cell.span();
        case CellKind::scalar:
            return scalar_of(cell).item;
        default:
            fail_kind(*this, "a str, bytes or a big int");
    }
}

std::string Value::number_text() const { return jl::number_text(cell_of(*this)); }

Value Value::push_back(const Value& item) {
    const Cell cell = cell_of(*this);
    if (!cell.is(CellKind::list) && !cell.is(CellKind::set)) fail_kind(*this, "a list or a set");
    const Cell added = adopted(document_, item);
    document_->push(cell.sequence->items, {&added, 1});
    return handle(*this, added);
}

Value Value::set_named(std::string_view name, const Value& value) {
    const Cell cell = cell_of(*this);
    const bool has_attributes =
        cell.is(CellKind::object) && cell.object->has_state && cell.object->state.is(CellKind::dict);
    if (!cell.is(CellKind::dict) && !has_attributes) fail_kind(*this, "a dict or an object");
    Dict& dict = has_attributes ? *cell.object->state.dict : *cell.dict;
    const Cell added = adopted(document_, value);
    document_->set(dict, name, added);
    return handle(*this, added);
}

Value Value::set(const Value& key, const Value& value) {
    const Cell name = cell_of(key);
    if (name.is(CellKind::text)) return set_named(name.text(), value);
    const Cell cell = cell_of(*this);
    if (!cell.is(CellKind::dict)) fail_kind(*this, "a dict");
    const CellPair pair{adopted(document_, key), adopted(document_, value)};
    for (CellPair& known : cell.dict->items) {
        const bool same =
            name.is(CellKind::integer) && known.key.is(CellKind::integer) && known.key.integer == name.integer;
        if (same) return known.value = pair.value, handle(*this, pair.value);
    }
    document_->push(cell.dict->items, pair);
    return handle(*this, pair.value);
}

std::string Value::str(std::size_t max_characters) const { return render(cell_of(*this), max_characters); }

std::ostream& operator<<(std::ostream& out, const Value& value) {
    const Cell cell = cell_of(value);
    return cell.is(CellKind::text) ? out << cell.text() : out << value.str();
}

void Mapping<Value>::emit(Emitter& out, const Value& value) {
    emit_cell(out, cell_of(value), ValueAccess::document(value));
}

namespace {

// Brings every payload below `root` that still lies in the file into memory: a Value depends on no file unless asked
// to.
void make_resident(const Cell& root) {
    std::unordered_set<const void*> seen;
    std::vector<Cell> open{root};
    const auto add = [&](const Cell& cell) {
        const bool inner =
            cell.kind() >= CellKind::list && cell.kind() <= CellKind::object && !cell.is(CellKind::scalar);
        if (inner && seen.insert(cell.node).second) open.push_back(cell);
    };
    while (!open.empty()) {
        const Cell cell = open.back();
        open.pop_back();
        if (cell.is(CellKind::array)) resident(array_of(cell));
        visit_children(cell, add);
    }
}

}  // namespace

void Mapping<Value>::read(const Record& in, Value& value) {
    auto& state = static_cast<LoadingState&>(in.loading());
    if (state.document()->has_deferred() && !state.options().leave_deferred) make_resident(in.cell());
    value = ValueAccess::make(state.document(), in.cell());
}

}  // namespace jl
