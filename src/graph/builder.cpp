#include "graph/builder.hpp"

#include <cstring>
#include <string>

#include <jl/error.hpp>

#include "graph/dtype_pickle.hpp"
#include "graph/value_access.hpp"

namespace jl {

namespace {

constexpr int tag(Known known) { return static_cast<int>(known); }

bool is_class(const Cell& cell, Known known) {
    return cell.is(CellKind::class_ref) && cell.class_ref->tag == tag(known);
}

bool is_buffer(const Cell& cell) {
    return cell.is(CellKind::bytes) || cell.is(CellKind::bytearray) || cell.is(CellKind::text);
}

Shape shape_from(Machine& machine, const Cell& cell) {
    if (!cell.is(CellKind::tuple)) machine.fail(ErrorCode::format, "the shape of an array is not a tuple");
    Shape shape;
    for (const Cell& n : cell.sequence->items) {
        if (!n.is(CellKind::integer) || n.integer < 0)
            machine.fail(ErrorCode::format, "a dimension of an array is not a size");
        shape.push_back(static_cast<std::uint64_t>(n.integer));
    }
    if (shape.size() > most_dimensions)
        machine.fail(ErrorCode::format, "an array of " + std::to_string(shape.size()) + " dimensions (at most 64)");
    return shape;
}

const ClassRef* plain_subclass(const Cell& cell) {
    const bool plain = is_class(cell, Known::ndarray) || is_class(cell, Known::memmap);
    return plain || !cell.is(CellKind::class_ref) ? nullptr : cell.class_ref;
}

// Latin-1 text (each character one byte) back to bytes; nullopt-like empty result is told apart by `ok`.
bool latin1_bytes(std::string_view utf8, std::string& out) {
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        const auto c = static_cast<unsigned char>(utf8[i]);
        if (c < 0x80) {
            out.push_back(static_cast<char>(c));
        } else if ((c == 0xc2 || c == 0xc3) && i + 1 < utf8.size()) {
            out.push_back(static_cast<char>(
                static_cast<unsigned char>((c & 3) << 6 | (static_cast<unsigned char>(utf8[++i]) & 0x3f))));
        } else {
            return false;
        }
    }
    return true;
}

Cell bytes_cell(Document& doc, CellKind kind, std::string_view raw) {
    return doc.bytes(kind, std::as_bytes(std::span(raw.data(), raw.size())));
}

}  // namespace

int GraphBuilder::classify(std::string_view module, std::string_view name) { return tag(known_class(module, name)); }

bool GraphBuilder::reduce(Machine& machine, const ClassRef& callable, const Cell& args, Cell& made) {
    const auto known = static_cast<Known>(callable.tag);
    switch (known) {
        case Known::array_reconstruct:
        case Known::array_frombuffer:
        case Known::numpy_scalar:
            return reduce_array(machine, known, args.sequence->items, made);
        case Known::object_reconstructor:
        case Known::newobj:
        case Known::newobj_ex:
            return reduce_object(machine, known, args.sequence->items, made);
        default:
            return reduce_container(machine, known, callable, args, made);
    }
}

bool GraphBuilder::reduce_array(Machine& machine, Known known, const Items<Cell>& args, Cell& made) {
    Document& doc = machine.document();
    if (known == Known::array_reconstruct) {
        const bool ours = args.size == 3 && args.data[0].is(CellKind::class_ref) &&
                          args.data[0].class_ref->tag >= tag(Known::ndarray) &&
                          args.data[0].class_ref->tag <= tag(Known::chararray);
        if (!ours) return false;
        auto* array = doc.make_owned<ArrayNode>();
        array->type = plain_subclass(args.data[0]);
        array->shape = {0};  // until its state arrives
        made = Cell::of(CellKind::array, array);
        return true;
    }
    if (known == Known::numpy_scalar) {
        if (args.size != 2 || !is_buffer(args.data[1])) return false;
        const DType& dtype = dtype_from(doc, args.data[0]);
        const std::span<const std::byte> item = args.data[1].span();
        if (item.size() != dtype.itemsize())
            machine.fail(ErrorCode::format,
                         "a scalar of type " + dtype.str() + " has " + std::to_string(item.size()) + " bytes");
        auto* scalar = doc.make_owned<ScalarNode>();
        scalar->dtype = dtype;
        scalar->item = item;
        made = Cell::of(CellKind::scalar, scalar);
        return true;
    }
    if (args.size != 4 || !is_buffer(args.data[0]) || !args.data[3].is(CellKind::text)) return false;
    auto* array = doc.make_owned<ArrayNode>();
    array->dtype = dtype_from(doc, args.data[1]);
    array->shape = shape_from(machine, args.data[2]);
    array->order = args.data[3].text() == "F" ? 'F' : 'C';
    set_items(machine, *array, args.data[0]);
    made = Cell::of(CellKind::array, array);
    return true;
}

bool GraphBuilder::reduce_container(Machine& machine, Known known, const ClassRef& callable, const Cell& arguments,
                                    Cell& made) {
    Document& doc = machine.document();
    const Items<Cell>& args = arguments.sequence->items;
    const bool given = args.size > 0;
    const Cell* first = args.data;
    const bool from_items = given && (first->is(CellKind::list) || first->is(CellKind::tuple)) && args.size == 1;
    const auto sequence = [&](CellKind kind) {
        if (given && !from_items) return false;
        made = doc.sequence(kind, given ? std::span<const Cell>(first->sequence->items.data,
                                                                static_cast<std::size_t>(first->sequence->items.size))
                                        : std::span<const Cell>());
        return true;
    };
    const auto typed_dict = [&](bool keep_args) {
        made = doc.dict();
        made.dict->type = &callable;
        made.dict->args = keep_args ? arguments : doc.sequence(CellKind::tuple);
        return true;
    };
    switch (known) {
        case Known::codecs_encode: {
            std::string raw;
            if (args.size != 2 || !first->is(CellKind::text) || !args.data[1].is(CellKind::text) ||
                !latin1_bytes(first->text(), raw))
                return false;
            made = bytes_cell(doc, CellKind::bytes, raw);
            return true;
        }
        case Known::complex: {
            const bool pair = args.size == 2 && first->is(CellKind::real) && args.data[1].is(CellKind::real);
            if (pair) made = doc.complex(first->real, args.data[1].real);
            return pair;
        }
        case Known::set:
            return sequence(CellKind::set);
        case Known::frozenset:
            return sequence(CellKind::frozenset);
        case Known::list:
            return sequence(CellKind::list);
        case Known::tuple:
            return sequence(CellKind::tuple);
        case Known::bytes:
            if (given) return false;
            made = doc.bytes(CellKind::bytes, {});
            return true;
        case Known::bytearray: {
            std::string raw;
            if (!given)
                made = doc.bytes(CellKind::bytearray, {});
            else if (first->is(CellKind::bytes) && args.size == 1)
                made = doc.bytes(CellKind::bytearray, first->span());
            else if (first->is(CellKind::text) && args.size == 2 && latin1_bytes(first->text(), raw))
                made = bytes_cell(doc, CellKind::bytearray, raw);
            else
                return false;
            return true;
        }
        case Known::dict:
            if (given) return false;
            made = doc.dict();
            return true;
        case Known::ordered_dict:
        case Known::counter:
            if (!given) return typed_dict(false);
            if (args.size != 1) return false;
            if (first->is(CellKind::dict)) {
                typed_dict(false);
                for (const CellPair& pair : first->dict->items) doc.push(made.dict->items, pair);
                return true;
            }
            if (!first->is(CellKind::list)) return false;
            for (const Cell& pair : first->sequence->items)
                if (!(pair.is(CellKind::tuple) || pair.is(CellKind::list)) || pair.sequence->items.size != 2)
                    return false;
            typed_dict(false);
            for (const Cell& pair : first->sequence->items)
                doc.push(made.dict->items, CellPair{pair.sequence->items.data[0], pair.sequence->items.data[1]});
            return true;
        case Known::default_dict:
            return args.size <= 1 && typed_dict(true);
        case Known::deque: {
            if (given && !from_items && !(args.size == 2 && first->is(CellKind::list))) return false;
            made = doc.sequence(CellKind::list);
            if (given)
                doc.push(made.sequence->items,
                         {first->sequence->items.data, static_cast<std::size_t>(first->sequence->items.size)});
            made.sequence->type = &callable;
            const Cell none[] = {doc.sequence(CellKind::list), args.size == 2 ? args.data[1] : Cell()};
            made.sequence->args = args.size == 2 ? doc.sequence(CellKind::tuple, none) : doc.sequence(CellKind::tuple);
            return true;
        }
        default:
            return false;
    }
}

// Protocols 0 and 1 spell cls.__new__(cls, …) as a call; it becomes an object as NEWOBJ makes it.
bool GraphBuilder::reduce_object(Machine& machine, Known known, const Items<Cell>& args, Cell& made) {
    Document& doc = machine.document();
    if (args.size < 1 || !args.data[0].is(CellKind::class_ref)) return false;
    auto* object = doc.make<Object>();
    object->callable = args.data[0];
    object->how = Construct::newobj;
    if (known == Known::newobj) {
        object->args = doc.sequence(CellKind::tuple, {args.data + 1, static_cast<std::size_t>(args.size - 1)});
    } else if (known == Known::newobj_ex) {
        if (args.size != 3 || !args.data[1].is(CellKind::tuple) || !args.data[2].is(CellKind::dict)) return false;
        object->args = args.data[1];
        object->kwargs = args.data[2];
        object->how = Construct::newobj_ex;
    } else {
        if (args.size != 3 || !args.data[2].is(CellKind::none)) return false;
        object->args = doc.sequence(CellKind::tuple);
        object->how = Construct::bare;
    }
    made = Cell::of(CellKind::object, object);
    return true;
}

bool GraphBuilder::build(Machine& machine, Cell& object, const Cell& state) {
    if (object.is(CellKind::array)) {
        fill_array(machine, array_of(object), state);
        return true;
    }
    if (object.is(CellKind::object) && is_class(object.object->callable, Known::array_wrapper)) {
        read_record(machine, object, state);
        return true;
    }
    if (object.is(CellKind::object) && is_class(object.object->callable, Known::companion_wrapper)) {
        read_companion(machine, object, state);
        return true;
    }
    if (object.is(CellKind::dict) && object.dict->type) {  // attributes of a dict subclass: nothing a value could show
        return true;
    }
    return false;
}

const GraphBuilder::Wrapper& GraphBuilder::wrapper_from(Machine& machine, const Cell& state) {
    if (!state.is(CellKind::dict)) machine.fail(ErrorCode::format, "the state of an array record is not a dict");
    if (state.dict == last_state_) return last_;
    Wrapper wrapper;
    const Cell* shape = nullptr;
    const Cell* packing = nullptr;
    for (const CellPair& pair : state.dict->items) {
        if (pair.key.is_text("dtype"))
            wrapper.dtype = &dtype_from(machine.document(), pair.value);
        else if (pair.key.is_text("shape"))
            shape = &pair.value;
        else if (pair.key.is_text("order"))
            wrapper.order = pair.value.is_text("F") ? 'F' : 'C';
        else if (pair.key.is_text("subclass"))
            wrapper.type = plain_subclass(pair.value);
        else if (pair.key.is_text("numpy_array_alignment_bytes"))
            wrapper.padded = !pair.value.is(CellKind::none);
        else if (pair.key.is_text("packing"))
            packing = &pair.value;
    }
    if (!wrapper.dtype || !shape) machine.fail(ErrorCode::format, "an array record without dtype or shape");
    wrapper.shape = shape_from(machine, *shape);
    if (packing) read_packing(machine, *packing, wrapper);
    last_ = std::move(wrapper);
    last_state_ = state.dict;
    return last_;
}

// packing: (name, dtype of the items); to joblib the record is one of objects.
void GraphBuilder::read_packing(Machine& machine, const Cell& cell, Wrapper& wrapper) {
    const bool formed = cell.is(CellKind::tuple) && cell.sequence->items.size == 2;
    if (!formed) machine.fail(ErrorCode::format, "the packing of an array record is not (name, dtype)");
    if (wrapper.padded || wrapper.dtype->kind() != 'O')
        machine.fail(ErrorCode::format, "a packed array's record is not one of objects, without padding");
    const Cell* parts = cell.sequence->items.data;
    if (parts[0].is_text(name_of(Packing::shuffle)))
        wrapper.packing = Packing::shuffle;
    else if (parts[0].is_text(name_of(Packing::blosc)))
        wrapper.packing = Packing::blosc;
    else
        machine.fail(ErrorCode::version, "an array is packed by " + render(parts[0], 60) +
                                             ", which this reader does not know (shuffle, blosc)");
    wrapper.dtype = &dtype_from(machine.document(), parts[1]);
    const std::uint64_t itemsize = wrapper.dtype->itemsize();
    const bool possible = !wrapper.dtype->has_object() && checked_nbytes(wrapper.shape, itemsize) > 0 &&
                          (wrapper.packing == Packing::blosc || is_shuffled_well(itemsize));
    if (!possible)
        machine.fail(ErrorCode::format, std::string("an array of type ") + wrapper.dtype->str() + " and shape " +
                                            to_string(wrapper.shape) + " claims to be packed by " +
                                            name_of(wrapper.packing));
}

void GraphBuilder::read_record(Machine& machine, Cell& object, const Cell& state) {
    if (level_ == Level::nested)
        machine.fail(ErrorCode::format, "an array record inside the pickle of an object array");
    const Wrapper& wrapper = wrapper_from(machine, state);
    Input& in = machine.input();
    in.pause_checksum();
    if (wrapper.dtype->itemsize() == 0)
        machine.fail(ErrorCode::format, "an array of items of 0 bytes: its shape would cost nothing");
    if (wrapper.dtype->has_object())
        read_objects(machine, object, wrapper);
    else
        read_array(machine, object, wrapper);
    in.resume_checksum();
}

void GraphBuilder::read_array(Machine& machine, Cell& object, const Wrapper& wrapper) {
    Input& in = machine.input();
    if (wrapper.padded) {
        const auto count = std::to_integer<std::uint64_t>(*in.need(1));
        in.skip(count + 1);
    }
    auto* array = machine.document().make_owned<ArrayNode>();
    array->dtype = *wrapper.dtype;
    array->shape = wrapper.shape;
    array->order = wrapper.order;
    array->type = wrapper.type;
    array->nbytes = checked_nbytes(wrapper.shape, wrapper.dtype->itemsize());
    array->offset = in.position();
    array->filled = true;
    if (wrapper.packing != Packing::none) {
        array->packed = std::make_shared<PackedNode>();
        array->packed->packing = wrapper.packing;
    } else if (loader_.comes_from_input()) {
        in.expect(array->nbytes, [&] {
            return "the payload of an array of type " + array->dtype.str() + " and shape " + to_string(array->shape);
        });
    }
    loader_.load(*array, in);
    object = Cell::of(CellKind::array, array);
}

void GraphBuilder::read_objects(Machine& machine, Cell& object, const Wrapper& wrapper) {
    GraphBuilder inner(loader_, nullptr, Level::nested);
    Machine nested(machine.input(), machine.document(), inner);
    const Cell made = nested.run();
    if (!made.is(CellKind::array)) machine.fail(ErrorCode::format, "the pickle of an object array holds no array");
    ArrayNode& array = array_of(made);
    if (array.shape != wrapper.shape)
        machine.fail(ErrorCode::format, "an object array of shape " + to_string(wrapper.shape) +
                                            " is announced, one of shape " + to_string(array.shape) + " is there");
    if (!array.type) array.type = wrapper.type;
    object = made;
}

// state: (version, shape, dtype, is_fortran, items); numpy's very old form lacks the version.
void GraphBuilder::fill_array(Machine& machine, ArrayNode& array, const Cell& state) {
    if (array.filled) machine.fail(ErrorCode::format, "the state of an array arrives twice");
    const bool tuple =
        state.is(CellKind::tuple) && (state.sequence->items.size == 4 || state.sequence->items.size == 5);
    if (!tuple) machine.fail(ErrorCode::format, "the state of an array is not a tuple as numpy writes it");
    const Items<Cell>& all = state.sequence->items;
    const Cell* parts = all.data + (all.size - 4);
    array.shape = shape_from(machine, parts[0]);
    array.dtype = dtype_from(machine.document(), parts[1]);
    const bool fortran = (parts[2].is(CellKind::boolean) && parts[2].boolean) ||
                         (parts[2].is(CellKind::integer) && parts[2].integer != 0);
    array.order = fortran ? 'F' : 'C';
    set_items(machine, array, parts[3]);
}

void GraphBuilder::set_items(Machine& machine, ArrayNode& array, const Cell& data) {
    array.nbytes = checked_nbytes(array.shape, array.dtype.itemsize());
    array.filled = true;
    if (array.dtype.itemsize() == 0 && item_count(array.shape) > 0)
        machine.fail(ErrorCode::format, "an array of items of 0 bytes: its shape would cost nothing");
    if (array.dtype.has_object()) {
        if (!data.is(CellKind::list)) machine.fail(ErrorCode::format, "the items of an object array are not a list");
        if (data.sequence->items.size != item_count(array.shape))
            machine.fail(ErrorCode::format, "an object array of shape " + to_string(array.shape) + " has " +
                                                std::to_string(data.sequence->items.size) + " items");
        array.objects = data.sequence->items;
        return;
    }
    if (!is_buffer(data)) machine.fail(ErrorCode::format, "the items of an array are not bytes");
    if (data.size() != array.nbytes)
        machine.fail(ErrorCode::format, "an array of type " + array.dtype.str() + " and shape " +
                                            to_string(array.shape) + " needs " + std::to_string(array.nbytes) +
                                            " bytes, " + std::to_string(data.size()) + " are there");
    array.data = static_cast<std::byte*>(const_cast<void*>(static_cast<const void*>(data.data)));
}

}  // namespace jl
