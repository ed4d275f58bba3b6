#include "graph/document_emitter.hpp"

#include <algorithm>
#include <cstring>

#include <jl/buffer.hpp>
#include <jl/detail/class_path.hpp>

#include "graph/known_classes.hpp"
#include "pickle/machine.hpp"

namespace jl {

void DocumentEmitter::put(const Cell& cell) {
    for (Cell* const place : pending_) *place = cell;
    pending_.clear();
    if (open_.empty()) {
        root_ = cell;
        return;
    }
    Open& open = open_.back();
    switch (open.part) {
        case Part::items: {
            Items<Cell>& items = open.cell.is(CellKind::object) ? open.cell.object->items : open.cell.sequence->items;
            return doc_.push(items, {&cell, 1});
        }
        case Part::key:
            open.key = cell;
            open.part = Part::value;
            return;
        case Part::value: {
            Items<CellPair>& pairs = open.cell.is(CellKind::object) ? open.cell.object->pairs : open.cell.dict->items;
            doc_.push(pairs, CellPair{open.key, cell});
            open.part = Part::key;
            return;
        }
        case Part::call: {
            Object& object = *open.cell.object;
            Cell* places[] = {&object.callable, &object.args, &object.kwargs};
            if (open.given < 3) *places[open.given++] = cell;
            return;
        }
        case Part::state:
            open.cell.object->state = cell;
            open.cell.object->has_state = true;
            return;
    }
}

void DocumentEmitter::big_integer(std::span<const std::byte> digits) { put(integer_from_bytes(doc_, digits)); }

void DocumentEmitter::text(std::string_view utf8) {
    if (!is_python_utf8(utf8))
        throw Error(ErrorCode::range, "a text is not valid UTF-8: use bytes (std::vector<std::byte>)");
    put(doc_.text(utf8));
}

void DocumentEmitter::array(const ArrayEvent& event) {
    require_array(event.dtype, event.shape);
    auto* array = doc_.make_owned<ArrayNode>();
    array->dtype = event.dtype;
    array->shape.assign(event.shape.begin(), event.shape.end());
    array->order = event.order;
    array->nbytes = checked_nbytes(event.shape, event.dtype.itemsize());
    array->filled = true;
    auto buffer = std::make_shared<Buffer>(static_cast<std::size_t>(array->nbytes));
    if (event.fill)
        event.fill(0, buffer->bytes());
    else if (!event.bytes.empty())
        std::memcpy(buffer->data(), event.bytes.data(), event.bytes.size());
    array->data = buffer->data();
    array->owner = std::move(buffer);
    put(Cell::of(CellKind::array, array));
}

void DocumentEmitter::scalar(const DType& dtype, std::span<const std::byte> item) {
    auto* scalar = doc_.make_owned<ScalarNode>();
    scalar->dtype = dtype;
    scalar->item = doc_.bytes(CellKind::bytes, item).span();
    put(Cell::of(CellKind::scalar, scalar));
}

void DocumentEmitter::begin(Container container, std::uint64_t) {
    static constexpr CellKind kinds[] = {CellKind::list, CellKind::tuple, CellKind::set, CellKind::frozenset};
    const bool dict = container == Container::dict;
    const Cell cell = dict ? doc_.dict() : doc_.sequence(kinds[static_cast<std::size_t>(container)]);
    put(cell);
    open_.push_back({cell, dict ? Part::key : Part::items});
}

void DocumentEmitter::begin_object(std::string_view class_path, std::uint64_t) {
    Object& object = make_object(class_path);
    object.state = doc_.dict();
    open_.push_back({object.state, Part::key});
}

void DocumentEmitter::begin_slotted(std::string_view class_path, std::uint64_t) {
    Object& object = make_object(class_path);
    const Cell attributes = doc_.dict();
    const Cell parts[] = {Cell(), attributes};
    object.state = doc_.sequence(CellKind::tuple, parts);
    open_.push_back({attributes, Part::key});
}

Object& DocumentEmitter::make_object(std::string_view class_path) {
    const bool plain = class_path.empty();
    const auto [module, name] =
        plain ? detail::ClassPath{"types", "SimpleNamespace"} : detail::class_path_of(class_path);
    auto* object = doc_.make<Object>();
    object->callable = doc_.class_ref(module, name);
    object->args = doc_.sequence(CellKind::tuple);
    object->how = plain ? Construct::reduce : Construct::newobj;
    object->has_state = true;
    put(Cell::of(CellKind::object, object));
    return *object;
}

void DocumentEmitter::class_ref(std::string_view module, std::string_view name) {
    put(doc_.class_ref(module, name, static_cast<int>(known_class(module, name))));
}

void DocumentEmitter::dtype(const DType& dtype) {
    const Cell args[] = {doc_.text(dtype.str())};
    auto* object = doc_.make<Object>();
    object->callable = doc_.class_ref("numpy", "dtype", static_cast<int>(Known::dtype));
    object->args = doc_.sequence(CellKind::tuple, args);
    object->meaning = doc_.make_owned<DType>(dtype);
    put(Cell::of(CellKind::object, object));
}

void DocumentEmitter::begin_call(Call how) {
    auto* object = doc_.make<Object>();
    object->how = how == Call::reduce   ? Construct::reduce
                  : how == Call::newobj ? Construct::newobj
                                        : Construct::newobj_ex;
    const Cell cell = Cell::of(CellKind::object, object);
    put(cell);
    open_.push_back({cell, Part::call});
}

void DocumentEmitter::called() { open_.back().given = 3; }

void DocumentEmitter::begin_extend(Container container, std::uint64_t) {
    open_.push_back({open_.back().cell, container == Container::dict ? Part::key : Part::items});
}

bool DocumentEmitter::share(const void* address, const std::type_info& type, std::shared_ptr<const void> keep) {
    const auto [place, first] = shared_.try_emplace({address, type.name()});
    if (!first) {
        put(place->second);
        return true;
    }
    kept_.push_back(std::move(keep));
    pending_.push_back(&place->second);
    return false;
}

}  // namespace jl
