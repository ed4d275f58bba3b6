#include "graph/dtype_pickle.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_map>

#include "array/layout.hpp"
#include "pickle/machine.hpp"

namespace jl {

namespace {

constexpr int deepest_dtype = 64;

[[noreturn]] void fail(const std::string& detail) { throw Error(ErrorCode::format, "dtype: " + detail); }

std::uint64_t size_from(const Cell& cell, const char* what) {
    if (!cell.is(CellKind::integer) || cell.integer < 0) fail(std::string(what) + " is not a size");
    return static_cast<std::uint64_t>(cell.integer);
}

Shape shape_from(const Cell& cell) {
    Shape shape;
    if (cell.is(CellKind::integer)) return {size_from(cell, "a sub-array's shape")};
    if (!cell.is(CellKind::tuple) && !cell.is(CellKind::list)) fail("a sub-array's shape is not a tuple");
    for (const Cell& n : cell.sequence->items) shape.push_back(size_from(n, "a sub-array's shape"));
    return shape;
}

const Items<Cell>& tuple_from(const Cell& cell, std::uint64_t at_least, const char* what) {
    if (!cell.is(CellKind::tuple) || cell.sequence->items.size < at_least)
        fail(std::string(what) + " is not a tuple as numpy writes it");
    return cell.sequence->items;
}

std::string_view text_from(const Cell& cell, const char* what) {
    if (cell.is(CellKind::text) || (cell.is(CellKind::bytes) && is_python_utf8(cell.text()))) return cell.text();
    fail(std::string(what) + " is not a text");
}

DType parse(const Cell& cell, int depth);

DType structure_from(const Items<Cell>& state, std::uint64_t itemsize, bool aligned, int depth) {
    const Items<Cell>& names = tuple_from(state.data[3], 0, "the names of the fields");
    if (!state.data[4].is(CellKind::dict)) fail("the fields are not a dict");
    std::unordered_map<std::string_view, const Cell*> fields;
    for (const CellPair& pair : state.data[4].dict->items)
        if (pair.key.is(CellKind::text) || pair.key.is(CellKind::bytes)) fields[pair.key.text()] = &pair.value;
    std::vector<DTypeField> result;
    for (const Cell& name : names) {
        const std::string_view text = text_from(name, "a field's name");
        const auto found = fields.find(text);
        if (found == fields.end()) fail("the field '" + std::string(text) + "' is named and not described");
        const Items<Cell>& field = tuple_from(*found->second, 2, "a field");
        DTypeField made{std::string(text), parse(field.data[0], depth + 1),
                        size_from(field.data[1], "a field's offset")};
        if (field.size > 2 && field.data[2].is(CellKind::text)) made.title = field.data[2].text();
        result.push_back(std::move(made));
    }
    return DType::structure(std::move(result), itemsize, aligned);
}

// state: (version, byte order, subdtype, names, fields, elsize, alignment, flags[, metadata])
DType with_state(DType base, const Cell& state_cell, int depth) {
    const Items<Cell>& state = tuple_from(state_cell, 8, "the state");
    const std::string_view order = text_from(state.data[1], "the byte order");
    const Cell& flags = state.data[7];
    const bool aligned = flags.is(CellKind::integer) && (flags.integer & 0x80) != 0;
    const bool sized = state.data[5].is(CellKind::integer) && state.data[5].integer >= 0;
    const std::uint64_t itemsize = sized ? static_cast<std::uint64_t>(state.data[5].integer) : base.itemsize();
    if (!state.data[2].is(CellKind::none)) {
        const Items<Cell>& sub = tuple_from(state.data[2], 2, "a sub-array");
        return DType::subarray(parse(sub.data[0], depth + 1), shape_from(sub.data[1]));
    }
    if (!state.data[3].is(CellKind::none)) return structure_from(state, itemsize, aligned, depth);
    if (sized && (base.kind() == 'S' || base.kind() == 'U' || base.kind() == 'V')) base = DType(base.kind(), itemsize);
    if ((base.kind() == 'M' || base.kind() == 'm') && state.size > 8) {
        const Items<Cell>& meta = tuple_from(state.data[8], 2, "the metadata of a time");
        const Items<Cell>& unit = tuple_from(meta.data[1], 2, "the unit of a time");
        if (!unit.data[1].is(CellKind::integer)) fail("the count of a time unit is not a number");
        base = base.with_unit(std::string(text_from(unit.data[0], "the unit of a time")), unit.data[1].integer);
    }
    return base.with_order(order == ">");
}

DType parse(const Cell& cell, int depth) {
    if (depth > deepest_dtype) fail("structures are nested more than 64 deep");
    if (!cell.is(CellKind::object)) fail("a numpy.dtype is expected");
    const Object& object = *cell.object;
    const bool is_dtype = object.callable.is(CellKind::class_ref) && object.callable.class_ref->name == "dtype" &&
                          object.callable.class_ref->module == "numpy";
    if (!is_dtype) fail("a numpy.dtype is expected");
    const Items<Cell>& args = tuple_from(object.args, 1, "the arguments");
    // numpy.record, the item of a recarray: a structure that the state completes.
    if (args.data[0].is(CellKind::class_ref) && args.data[0].class_ref->name == "record" && object.has_state)
        return with_state(DType('V', 1), object.state, depth);
    if (args.data[0].is(CellKind::class_ref))
        fail("'" + std::string(args.data[0].class_ref->name) + "' is not a type code");
    DType base(text_from(args.data[0], "the type code"));
    return object.has_state ? with_state(std::move(base), object.state, depth) : base;
}

std::string code_of(const DType& dtype) {
    if (dtype.is_subarray() || dtype.is_structure()) return "V" + std::to_string(dtype.itemsize());
    const std::uint64_t size = dtype.kind() == 'U' ? dtype.itemsize() / 4 : dtype.itemsize();
    return dtype.kind() + std::to_string(size);
}

const char* order_mark(const DType& dtype) {
    const bool ordered = !dtype.is_structure() && !dtype.is_subarray() &&
                         std::string_view("iufcUMm").find(dtype.kind()) != std::string_view::npos &&
                         (dtype.itemsize() > 1 || dtype.kind() == 'U');
    return !ordered ? "|" : dtype.big_endian() ? ">" : "<";
}

bool any_field(const DType& dtype, char kind) {
    if (dtype.is_subarray()) return any_field(dtype.element(), kind);
    if (!dtype.is_structure()) return dtype.kind() == kind;
    return std::any_of(dtype.fields().begin(), dtype.fields().end(),
                       [&](const DTypeField& f) { return any_field(f.type, kind); });
}

// numpy's flag byte, written signed: 0x90 as -112 is what numpy 1 and 2 both accept.
std::int64_t flags_of(const DType& dtype) {
    if (dtype.is_subarray()) return flags_of(dtype.element());
    if (dtype.kind() == 'O') return 63;
    if (dtype.kind() == 'U') return 8;
    if (!dtype.is_structure()) return 0;
    if (dtype.aligned()) return any_field(dtype, 'O') ? -101 : any_field(dtype, 'U') ? -104 : -112;
    return any_field(dtype, 'O') ? 27 : any_field(dtype, 'U') ? 24 : 16;
}

// What numpy calls alignment: of the widest part where the structure is aligned, 1 where it is packed, the item's own
// otherwise.
std::int64_t alignment_of(const DType& dtype) {
    if (dtype.is_subarray()) return alignment_of(dtype.element());
    if (dtype.is_structure()) {
        std::int64_t widest = 1;
        for (const DTypeField& field : dtype.fields()) widest = std::max(widest, alignment_of(field.type));
        return dtype.aligned() ? widest : 1;
    }
    switch (dtype.kind()) {
        case 'S':
        case 'V':
            return 1;
        case 'U':
            return 4;
        case 'c':
            return static_cast<std::int64_t>(dtype.itemsize() / 2);
        default:
            return static_cast<std::int64_t>(dtype.itemsize());
    }
}

}  // namespace

namespace {

// numpy's types beyond numpy.dtype (StringDType): arrays of them hold Python objects as far as a file is concerned.
bool is_foreign_dtype(const Cell& cell) {
    const bool call = cell.is(CellKind::object) && cell.object->callable.is(CellKind::class_ref) &&
                      cell.object->how == Construct::reduce;
    return call && cell.object->callable.class_ref->name == "_convert_to_stringdtype_kwargs";
}

}  // namespace

DType parsed_dtype(const Cell& cell) {
    if (cell.is(CellKind::object) && cell.object->meaning) return *static_cast<const DType*>(cell.object->meaning);
    return is_foreign_dtype(cell) ? DType('O', 8) : parse(cell, 0);
}

const DType& dtype_from(Document& doc, const Cell& cell) {
    if (cell.is(CellKind::object) && cell.object->meaning) return *static_cast<const DType*>(cell.object->meaning);
    const DType* made = doc.make_owned<DType>(parsed_dtype(cell));
    doc.arena().charge(sizeof(DType) + made->fields().size() * sizeof(DTypeField));
    cell.object->meaning = made;
    return *made;
}

DType dtype_from_descr(const Cell& cell) {
    if (cell.is(CellKind::text)) return DType(cell.text());
    if (!cell.is(CellKind::list)) fail("a descr is a text or a list");
    std::vector<DTypeField> fields;
    std::uint64_t offset = 0;
    for (const Cell& entry : cell.sequence->items) {
        const Items<Cell>& parts = tuple_from(entry, 2, "a field");
        DTypeField field;
        if (parts.data[0].is(CellKind::tuple)) {  // (title, name)
            const Items<Cell>& names = tuple_from(parts.data[0], 2, "a field's title and name");
            field.title = text_from(names.data[0], "a field's title");
            field.name = text_from(names.data[1], "a field's name");
        } else {
            field.name = text_from(parts.data[0], "a field's name");
        }
        field.type = dtype_from_descr(parts.data[1]);
        if (parts.size > 2) field.type = DType::subarray(std::move(field.type), shape_from(parts.data[2]));
        field.offset = offset;
        if (__builtin_add_overflow(offset, field.type.itemsize(), &offset))
            fail("the structure is larger than 64 bits can count");
        if (!field.name.empty()) fields.push_back(std::move(field));
    }
    return DType::structure(std::move(fields), offset, false);
}

void write_shape(PickleWriter& out, std::span<const std::uint64_t> shape) {
    out.begin(CellKind::tuple, shape.size());
    for (const std::uint64_t n : shape) out.integer(static_cast<std::int64_t>(n));
    out.end();
}

void write_open_shape(PickleWriter& out, std::span<const std::uint64_t> shape) {
    out.begin(CellKind::tuple, shape.size());
    out.open_number();
    for (const std::uint64_t n : shape.subspan(1)) out.integer(static_cast<std::int64_t>(n));
    out.end();
}

void DTypeWriter::write(PickleWriter& out, const DType& dtype) {
    for (const auto& [known, index] : known_)
        if (known == dtype) return out.recall(index);
    out.begin_item();
    out.begin_bare();
    write_new(out, dtype);
    out.end_bare();
}

void DTypeWriter::write_new(PickleWriter& out, const DType& dtype) {
    out.class_ref("numpy", "dtype");
    out.begin(CellKind::tuple, 3);
    out.text(code_of(dtype)), out.boolean(false), out.boolean(true);
    out.end();
    out.opcode(op::reduce);
    known_.emplace_back(dtype, out.memoize());
    write_state(out, dtype);
    out.opcode(op::build);
}

void DTypeWriter::write_state(PickleWriter& out, const DType& dtype) {
    const bool time = dtype.kind() == 'M' || dtype.kind() == 'm';
    const bool plain = !dtype.is_structure() && !dtype.is_subarray();
    const bool sized = !plain || dtype.kind() == 'S' || dtype.kind() == 'U' || dtype.kind() == 'V';
    out.begin(CellKind::tuple, time ? 9 : 8);
    out.integer(time ? 4 : 3);
    out.text(order_mark(dtype));
    if (dtype.is_subarray()) {
        out.begin(CellKind::tuple, 2);
        write(out, dtype.element());
        write_shape(out, dtype.subshape());
        out.end();
    } else {
        out.none();
    }
    write_fields(out, dtype);
    out.integer(sized ? static_cast<std::int64_t>(dtype.itemsize()) : -1);
    out.integer(sized ? alignment_of(dtype) : -1);
    out.integer(flags_of(dtype));
    if (time) {
        out.begin(CellKind::tuple, 2);
        out.begin(CellKind::dict, 0), out.end();
        out.begin(CellKind::tuple, 4);
        out.bytes(std::as_bytes(std::span(dtype.unit().data(), dtype.unit().size())));
        out.integer(dtype.unit_count()), out.integer(1), out.integer(1);
        out.end();
        out.end();
    }
    out.end();
}

void DTypeWriter::write_fields(PickleWriter& out, const DType& dtype) {
    if (!dtype.is_structure()) return out.none(), out.none();
    out.begin(CellKind::tuple, dtype.fields().size());
    for (const DTypeField& field : dtype.fields()) out.text(field.name);
    out.end();
    out.begin(CellKind::dict, dtype.fields().size());
    const auto entry = [&](const std::string& name, const DTypeField& field) {
        out.text(name);
        out.begin(CellKind::tuple, field.title.empty() ? 2 : 3);
        write(out, field.type);
        out.integer(static_cast<std::int64_t>(field.offset));
        if (!field.title.empty()) out.text(field.title);
        out.end();
    };
    for (const DTypeField& field : dtype.fields()) {
        entry(field.name, field);
        if (!field.title.empty()) entry(field.title, field);
    }
    out.end();
}

void write_descr(PickleWriter& out, const DType& dtype) {
    if (!dtype.is_structure()) return out.text(dtype.str());
    std::vector<const DTypeField*> fields;
    for (const DTypeField& field : dtype.fields()) fields.push_back(&field);
    std::sort(fields.begin(), fields.end(),
              [](const DTypeField* a, const DTypeField* b) { return a->offset < b->offset; });
    const auto padding = [&](std::uint64_t count) {
        out.begin(CellKind::tuple, 2);
        out.text(""), out.text("|V" + std::to_string(count));
        out.end();
    };
    std::uint64_t at = 0;
    out.begin(CellKind::list, 0);
    for (const DTypeField* field : fields) {
        if (field->offset > at) padding(field->offset - at);
        const bool sub = field->type.is_subarray();
        out.begin(CellKind::tuple, sub ? 3 : 2);
        if (field->title.empty()) {
            out.text(field->name);
        } else {
            out.begin(CellKind::tuple, 2);
            out.text(field->title), out.text(field->name);
            out.end();
        }
        write_descr(out, sub ? field->type.element() : field->type);
        if (sub) write_shape(out, field->type.subshape());
        out.end();
        at = field->offset + field->type.itemsize();
    }
    if (dtype.itemsize() > at) padding(dtype.itemsize() - at);
    out.end();
}

}  // namespace jl
