#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>

#include <jl/buffer.hpp>
#include <jl/detail/byte_order.hpp>
#include <jl/record.hpp>

#include "graph/array_node.hpp"
#include "graph/dtype_pickle.hpp"
#include "graph/loading.hpp"
#include "graph/numbers.hpp"
#include "graph/pickle_emitter.hpp"

namespace jl {

std::string_view name_of(Kind kind) noexcept {
    static constexpr std::string_view names[] = {"none",  "bool",   "int",    "float", "complex",   "str",
                                                 "bytes", "list",   "tuple",  "set",   "frozenset", "dict",
                                                 "array", "scalar", "object", "class"};
    return names[static_cast<std::size_t>(kind)];
}

Kind kind_of(const Cell& cell) noexcept {
    switch (cell.kind()) {
        case CellKind::none:
            return Kind::none;
        case CellKind::boolean:
            return Kind::boolean;
        case CellKind::integer:
        case CellKind::big_integer:
            return Kind::integer;
        case CellKind::real:
            return Kind::real;
        case CellKind::complex:
            return Kind::complex;
        case CellKind::text:
            return Kind::text;
        case CellKind::bytes:
        case CellKind::bytearray:
            return Kind::bytes;
        case CellKind::list:
            return Kind::list;
        case CellKind::tuple:
            return Kind::tuple;
        case CellKind::set:
            return Kind::set;
        case CellKind::frozenset:
            return Kind::frozenset;
        case CellKind::dict:
            return Kind::dict;
        case CellKind::array:
            return Kind::array;
        case CellKind::scalar:
            return Kind::scalar;
        case CellKind::object:
            return Kind::object;
        case CellKind::class_ref:
            return Kind::class_ref;
    }
    return Kind::none;
}

namespace {

LoadingState& state_of(Loading& loading) { return static_cast<LoadingState&>(loading); }

std::string described(const Cell& cell) {
    std::string text(name_of(kind_of(cell)));
    if (cell.is(CellKind::object)) text += " of class " + qualified_class(cell.object->callable);
    if (cell.is(CellKind::array))
        text += " of type " + array_of(cell).dtype.str() + " and shape " + to_string(array_of(cell).shape);
    if (cell.is(CellKind::scalar)) text += " of type " + scalar_of(cell).dtype.str();
    return text;
}

// An item of a structured array: its fields are found by name.
bool is_structured(const Cell& cell) noexcept {
    return cell.is(CellKind::scalar) && scalar_of(cell).dtype.is_structure() && !scalar_of(cell).dtype.has_object();
}

const Cell& text_cell(Document& doc, std::string_view text) {
    auto* cell = doc.make<Cell>();
    *cell = doc.text(text);
    return *cell;
}

const Cell& field_cell(Document& doc, const ScalarNode& scalar, const DTypeField& field) {
    const auto bytes =
        scalar.item.subspan(static_cast<std::size_t>(field.offset), static_cast<std::size_t>(field.type.itemsize()));
    auto* cell = doc.make<Cell>();
    if (!field.type.is_subarray()) {
        auto* part = doc.make_owned<ScalarNode>();
        *part = {field.type, bytes};
        *cell = Cell::of(CellKind::scalar, part);
        return *cell;
    }
    auto* array = doc.make_owned<ArrayNode>();
    auto buffer = std::make_shared<Buffer>(bytes.size());
    std::ranges::copy(bytes, buffer->data());
    array->dtype = field.type.element();
    array->shape = field.type.subshape();
    array->nbytes = bytes.size();
    array->filled = true;
    array->data = buffer->data();
    array->owner = std::move(buffer);
    *cell = Cell::of(CellKind::array, array);
    return *cell;
}

}  // namespace

Kind Record::kind() const noexcept { return kind_of(*cell_); }

void Record::fail(ErrorCode code, const std::string& detail) const { throw Error(code, detail).at_path(path()); }

void Record::fail_kind(std::string_view wanted) const {
    fail(ErrorCode::type, std::string(wanted) + " is needed, a value of kind " + described(*cell_) + " is there");
}

std::string Record::path() const {
    std::vector<std::string> steps;
    for (const Record* record = this; record && record->step_.parent; record = record->step_.parent) {
        const Step& step = record->step_;
        if (step.part != "state")
            steps.push_back(step.key ? step_of(*step.key, step.index) : std::to_string(step.index));
        if (!step.part.empty()) steps.emplace_back(step.part);
    }
    std::string result = state_of(*loading_).prefix;
    for (std::size_t i = steps.size(); i-- > 0;) append_step(result, steps[i]);
    return result.empty() ? "/" : result;
}

bool Record::boolean() const {
    const Number number = number_of(*cell_);
    if (const auto* value = std::get_if<bool>(&number)) return *value;
    if (const auto* value = std::get_if<std::int64_t>(&number); value && (*value == 0 || *value == 1))
        return *value == 1;
    fail_kind("a bool");
}

std::int64_t Record::signed_integer(std::int64_t low, std::int64_t high) const {
    const Number number = number_of(*cell_);
    std::int64_t value = 0;
    if (!to_integer(number, value)) {
        if (std::holds_alternative<std::monostate>(number)) fail_kind("an integer");
        fail(ErrorCode::range, number_text(*cell_) + " is not an integer between " + std::to_string(low) + " and " +
                                   std::to_string(high));
    }
    if (value < low || value > high)
        fail(ErrorCode::range,
             std::to_string(value) + " is not between " + std::to_string(low) + " and " + std::to_string(high));
    return value;
}

std::uint64_t Record::unsigned_integer(std::uint64_t high) const {
    const Number number = number_of(*cell_);
    if (const auto* value = std::get_if<std::uint64_t>(&number); value && *value <= high) return *value;
    if (const auto* real = std::get_if<double>(&number);
        real && *real >= 9223372036854775808.0 && *real < 18446744073709551616.0) {
        if (const auto whole = static_cast<std::uint64_t>(*real); whole <= high) return whole;
    }
    std::int64_t value = 0;
    if (!to_integer(number, value) || value < 0 || static_cast<std::uint64_t>(value) > high) {
        if (std::holds_alternative<std::monostate>(number)) fail_kind("an integer");
        fail(ErrorCode::range, number_text(*cell_) + " is not an integer between 0 and " + std::to_string(high));
    }
    return static_cast<std::uint64_t>(value);
}

void Record::integer_bytes(std::span<std::byte> room, bool is_signed) const {
    std::byte small[9] = {};
    std::span<const std::byte> digits(small);
    if (cell_->is(CellKind::big_integer))
        digits = cell_->span();
    else if (const Number number = number_of(*cell_); std::holds_alternative<std::uint64_t>(number)) {
        detail::store_little(small, std::get<std::uint64_t>(number));
    } else {
        const std::int64_t value = signed_integer(INT64_MIN, INT64_MAX);
        detail::store_little(small, value);
        small[8] = value < 0 ? std::byte{0xff} : std::byte{0};
    }
    const bool negative = (digits.back() & std::byte{0x80}) != std::byte{0};
    const std::byte fill = negative ? std::byte{0xff} : std::byte{0};
    for (std::size_t i = 0; i < room.size(); ++i) room[i] = i < digits.size() ? digits[i] : fill;
    bool fits = is_signed || !negative;
    for (std::size_t i = room.size(); i < digits.size(); ++i) fits = fits && digits[i] == fill;
    if (is_signed) fits = fits && ((room.back() & std::byte{0x80}) != std::byte{0}) == negative;
    if (!fits)
        fail(ErrorCode::range, number_text(*cell_) + " does not fit in " + std::to_string(room.size() * 8) + " bits");
}

double Record::real() const {
    const Number number = number_of(*cell_);
    double value = 0;
    if (to_real(number, value)) return value;
    if (std::holds_alternative<std::monostate>(number)) fail_kind("a float");
    fail(ErrorCode::range, number_text(*cell_) + " is not exactly a float (64 bits)");
}

std::pair<double, double> Record::complex() const {
    const Number number = number_of(*cell_);
    if (const auto* pair = std::get_if<ComplexPair>(&number)) return {pair->real, pair->imag};
    double value = 0;
    if (to_real(number, value)) return {value, 0.0};
    fail_kind("a complex number");
}

std::string_view Record::text() const {
    if (cell_->is(CellKind::text)) return cell_->text();
    if (cell_->is(CellKind::scalar) && scalar_of(*cell_).dtype.kind() == 'U') {
        Document& doc = *state_of(*loading_).document();
        return doc.text(utf8_of(scalar_of(*cell_))).text();
    }
    fail_kind("a str");
}

std::span<const std::byte> Record::bytes() const {
    if (cell_->is(CellKind::bytes) || cell_->is(CellKind::bytearray)) return cell_->span();
    fail_kind("bytes");
}

std::pair<DType, std::span<const std::byte>> Record::scalar() const {
    if (cell_->is(CellKind::scalar)) return {scalar_of(*cell_).dtype, scalar_of(*cell_).item};
    if (cell_->is(CellKind::array) && array_of(*cell_).shape.empty() && !array_of(*cell_).dtype.has_object())
        return {array_of(*cell_).dtype, resident(array_of(*cell_))};
    fail_kind("a numpy scalar");
}

DType Record::dtype() const {
    if (!cell_->is(CellKind::object) || class_name() != "numpy.dtype") fail_kind("a numpy.dtype");
    try {
        return parsed_dtype(*cell_);
    } catch (const Error& error) {
        fail(error.code(), error.detail());
    }
}

bool Record::is_sequence() const noexcept {
    switch (cell_->kind()) {
        case CellKind::list:
        case CellKind::tuple:
        case CellKind::set:
        case CellKind::frozenset:
            return true;
        case CellKind::array:
            return array_of(*cell_).shape.size() == 1 &&
                   (array_of(*cell_).dtype.has_object() || array_of(*cell_).dtype.itemsize() > 0);
        default:
            return false;
    }
}

bool Record::is_mapping() const noexcept {
    return pairs_of(*cell_) != nullptr || cell_->is(CellKind::object) || is_structured(*cell_);
}

std::size_t Record::size() const {
    switch (cell_->kind()) {
        case CellKind::list:
        case CellKind::tuple:
        case CellKind::set:
        case CellKind::frozenset:
            return static_cast<std::size_t>(cell_->sequence->items.size);
        case CellKind::array:
            if (!array_of(*cell_).shape.empty()) return static_cast<std::size_t>(array_of(*cell_).shape[0]);
            fail_kind("something with a length");
        case CellKind::scalar:
            if (is_structured(*cell_)) return scalar_of(*cell_).dtype.fields().size();
            fail_kind("something with a length");
        case CellKind::object:
        case CellKind::dict: {
            const Items<CellPair>* pairs = pairs_of(*cell_);
            return pairs ? static_cast<std::size_t>(pairs->size) : 0;
        }
        default:
            fail_kind("something with a length");
    }
}

Record Record::item(std::size_t index) const {
    if (!is_sequence() || index >= size()) fail(ErrorCode::missing, "there is no item " + std::to_string(index));
    if (!cell_->is(CellKind::array)) return Record(*this, cell_->sequence->items.data[index], nullptr, index);
    ArrayNode& array = array_of(*cell_);
    if (array.objects.size > 0) return Record(*this, array.objects.data[index], nullptr, index);
    Document& doc = *state_of(*loading_).document();
    const auto bytes = static_cast<std::size_t>(array.dtype.itemsize());
    auto* scalar = doc.make_owned<ScalarNode>();
    scalar->dtype = array.dtype;
    scalar->item = resident(array).subspan(index * bytes, bytes);
    auto* cell = doc.make<Cell>();
    *cell = Cell::of(CellKind::scalar, scalar);
    return Record(*this, *cell, nullptr, index);
}

Record Record::key(std::size_t index) const {
    if (is_structured(*cell_)) {
        Document& doc = *state_of(*loading_).document();
        return Record(*this, text_cell(doc, scalar_of(*cell_).dtype.fields()[index].name), nullptr, index);
    }
    const CellPair& pair = pairs_of(*cell_)->data[index];
    return Record(*this, pair.key, nullptr, index);
}

Record Record::value(std::size_t index) const {
    if (is_structured(*cell_)) {
        Document& doc = *state_of(*loading_).document();
        const DTypeField& field = scalar_of(*cell_).dtype.fields()[index];
        return Record(*this, field_cell(doc, scalar_of(*cell_), field), &text_cell(doc, field.name), index);
    }
    const CellPair& pair = pairs_of(*cell_)->data[index];
    return Record(*this, pair.value, &pair.key, index);
}

std::optional<Record> Record::field(std::string_view name) const {
    const Items<CellPair>* pairs = pairs_of(*cell_);
    if (is_structured(*cell_)) {
        const std::vector<DTypeField>& fields = scalar_of(*cell_).dtype.fields();
        const auto found = std::ranges::find(fields, name, &DTypeField::name);
        return found == fields.end() ? std::nullopt : std::optional(value(std::size_t(found - fields.begin())));
    }
    if (!pairs) return std::nullopt;
    for (std::size_t i = static_cast<std::size_t>(pairs->size); i-- > 0;)
        if (pairs->data[i].key.is_text(name)) return value(i);
    return std::nullopt;
}

std::string Record::class_name() const {
    if (cell_->is(CellKind::object)) return qualified_class(cell_->object->callable);
    return cell_->is(CellKind::class_ref) ? class_path(*cell_) : "";
}

std::size_t Record::argument_count() const noexcept {
    if (!cell_->is(CellKind::object) || !cell_->object->args.is(CellKind::tuple)) return 0;
    return static_cast<std::size_t>(cell_->object->args.sequence->items.size);
}

Record Record::argument(std::size_t index) const {
    if (index >= argument_count()) fail(ErrorCode::missing, "there is no argument " + std::to_string(index));
    return Record(*this, cell_->object->args.sequence->items.data[index], nullptr, index, "args");
}

std::optional<Record> Record::state() const {
    if (!cell_->is(CellKind::object) || !cell_->object->has_state) return std::nullopt;
    return Record(*this, cell_->object->state, nullptr, 0, "state");
}

ArrayRecord Record::array() const {
    if (!cell_->is(CellKind::array)) fail_kind("an array");
    ArrayNode& array = array_of(*cell_);
    if (array.dtype.has_object()) fail_kind("an array of numbers");
    // No bytes stand behind the number of such items: it must not size anything.
    if (array.dtype.itemsize() == 0) fail_kind("an array of items that have a size");
    return ArrayRecord(*this, array);
}

const void* Record::identity() const noexcept {
    return cell_->has_identity() || cell_->is(CellKind::text) || cell_->is(CellKind::bytes) ||
                   cell_->is(CellKind::complex)
               ? cell_->node
               : nullptr;
}

}  // namespace jl
