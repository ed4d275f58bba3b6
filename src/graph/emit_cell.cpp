// A graph of cells as events, with an explicit stack: nesting costs memory, not stack.
#include <string>
#include <typeinfo>
#include <vector>

#include "graph/array_node.hpp"
#include "graph/array_taker.hpp"
#include "graph/dtype_pickle.hpp"
#include "graph/known_classes.hpp"
#include "graph/value_access.hpp"

namespace jl {

namespace {

// What is left to do, in order; the last one is next.
struct Task {
    enum class What : std::uint8_t {
        value,
        end,
        called,
        begin_state,
        end_state,
        extend_list,
        extend_dict,
        end_call
    } what;
    Cell cell = {};
    const Items<Cell>* items = nullptr;
    const Items<CellPair>* pairs = nullptr;
    std::uint64_t next = 0;  // of items or pairs
};

// The class of an array by one name, whatever release of numpy wrote it; empty for numpy.ndarray.
std::string class_path_of(const ArrayNode& array) {
    if (!array.type) return {};
    switch (known_class(array.type->module, array.type->name)) {
        case Known::matrix:
            return "numpy.matrix";
        case Known::recarray:
            return "numpy.recarray";
        case Known::chararray:
            return "numpy.chararray";
        default:
            return std::string(array.type->module) + '.' + std::string(array.type->name);
    }
}

// Values whose sharing is not told to a pickle, but to a hash where they are long: what each kind is known as. Null: no
// such value.
const std::type_info* long_value(const Cell& cell) {
    constexpr std::size_t worth_it = 128;  // bytes
    switch (cell.kind()) {
        case CellKind::text:
            return cell.text().size() > worth_it ? &typeid(char) : nullptr;
        case CellKind::bytes:
            return cell.span().size() > worth_it ? &typeid(std::byte) : nullptr;
        case CellKind::big_integer:
            return cell.span().size() > worth_it ? &typeid(std::int64_t) : nullptr;
        case CellKind::scalar:
            return scalar_of(cell).item.size() > worth_it ? &typeid(Cell) : nullptr;
        default:
            return nullptr;
    }
}

class CellEmitter {
  public:
    CellEmitter(Emitter& out, std::shared_ptr<const void> owner)
        : out_(out), taker_(dynamic_cast<ArrayTaker*>(&out)), owner_(std::move(owner)) {}
    void run(const Cell& root);

  private:
    using What = Task::What;
    void value(const Cell& cell);
    void container(const Cell& cell);
    void array(const Cell& cell);
    void plain_array(ArrayNode& array);
    void object_array(ArrayNode& array);
    void inline_array(ArrayNode& array, std::span<const std::byte> payload);
    void begin_array_call(const ArrayNode& array);
    void array_state(const ArrayNode& array);
    void object(const Object& object);
    bool told_as_dtype(const Cell& cell);
    void bare_object(const Object& object);
    void typed(const ClassRef& type, const Cell& args, Task extend);
    bool share(const Cell& cell) { return out_.share(cell.node, typeid(Cell), owner_); }
    void later(Task task) { tasks_.push_back(task); }

    Emitter& out_;
    ArrayTaker* taker_;  // null: arrays of classes and of objects are spelled as calls
    std::shared_ptr<const void>
        owner_;  // what the cells live in: their addresses are not used again while the dump lasts
    std::vector<Task> tasks_;
};

void CellEmitter::run(const Cell& root) {
    later({What::value, root});
    while (!tasks_.empty()) {
        Task& task = tasks_.back();
        switch (task.what) {
            case What::value: {
                const Cell cell = task.cell;
                tasks_.pop_back();
                value(cell);
                continue;
            }
            // Containers hand out one value at a time.
            case What::end:
                if (task.items && task.next < task.items->size) {
                    const Cell cell = task.items->data[task.next++];
                    value(cell);
                    continue;
                }
                if (task.pairs && task.next < 2 * task.pairs->size) {
                    const CellPair& pair = task.pairs->data[task.next / 2];
                    const Cell cell = task.next++ % 2 == 0 ? pair.key : pair.value;
                    value(cell);
                    continue;
                }
                out_.end();
                break;
            case What::called:
                out_.called();
                break;
            case What::begin_state:
                out_.begin_state();
                break;
            case What::end_state:
                out_.end_state();
                break;
            case What::extend_list: {
                const Items<Cell>* items = task.items;
                out_.begin_extend(Container::list, items->size);
                task = {What::end, {}, items};
                continue;
            }
            case What::extend_dict: {
                const Items<CellPair>* pairs = task.pairs;
                out_.begin_extend(Container::dict, pairs->size);
                task = {What::end, {}, nullptr, pairs};
                continue;
            }
            case What::end_call:
                out_.end_call();
                break;
        }
        tasks_.pop_back();
    }
}

void CellEmitter::value(const Cell& cell) {
    if (const std::type_info* const known_as = taker_ ? long_value(cell) : nullptr)
        if (out_.share(cell.node, *known_as, owner_)) return;
    switch (cell.kind()) {
        case CellKind::none:
            return out_.none();
        case CellKind::boolean:
            return out_.boolean(cell.boolean);
        case CellKind::integer:
            return out_.integer(cell.integer);
        case CellKind::big_integer:
            return out_.big_integer(cell.span());
        case CellKind::real:
            return out_.real(cell.real);
        case CellKind::complex:
            return out_.complex(cell.pair->real, cell.pair->imag);
        case CellKind::text:
            return out_.text(cell.text());
        case CellKind::bytes:
            return out_.bytes(cell.span());
        case CellKind::class_ref:
            return out_.class_ref(cell.class_ref->module, cell.class_ref->name);
        case CellKind::scalar:
            return out_.scalar(scalar_of(cell).dtype, scalar_of(cell).item);
        default:
            break;
    }
    if (share(cell)) return;
    switch (cell.kind()) {
        case CellKind::bytearray:
            return out_.bytearray(cell.span());
        case CellKind::array:
            return array(cell);
        case CellKind::object:
            if (taker_ && told_as_dtype(cell)) return;
            return object(*cell.object);
        default:
            return container(cell);
    }
}

void CellEmitter::container(const Cell& cell) {
    if (cell.is(CellKind::dict)) {
        const Dict& dict = *cell.dict;
        if (dict.type) return typed(*dict.type, dict.args, {What::extend_dict, {}, nullptr, &dict.items});
        out_.begin(Container::dict, dict.items.size);
        return later({What::end, {}, nullptr, &dict.items});
    }
    const Sequence& sequence = *cell.sequence;
    if (sequence.type) return typed(*sequence.type, sequence.args, {What::extend_list, {}, &sequence.items});
    static constexpr Container kinds[] = {Container::list, Container::tuple, Container::set, Container::frozenset};
    out_.begin(kinds[static_cast<std::size_t>(cell.kind()) - static_cast<std::size_t>(CellKind::list)],
               sequence.items.size);
    later({What::end, {}, &sequence.items});
}

void CellEmitter::typed(const ClassRef& type, const Cell& args, Task extend) {
    out_.begin_call(Emitter::Call::reduce);
    out_.class_ref(type.module, type.name);
    later({What::end_call});
    // For a hash, nothing added is the same whether a file says so or not.
    const bool empty = (!extend.items || extend.items->size == 0) && (!extend.pairs || extend.pairs->size == 0);
    if (!taker_ || !empty) later(extend);
    later({What::called});
    later({What::value, args});
}

// Python's own function for it: copyreg._reconstructor(cls, object, None).
void CellEmitter::bare_object(const Object& object) {
    out_.begin_call(Emitter::Call::reduce);
    out_.class_ref("copyreg", "_reconstructor");
    out_.begin(Container::tuple, 3);
    value(object.callable);
    out_.class_ref("builtins", "object");
    out_.none();
    out_.end();
}

// False where the object is no dtype, or none that jl knows.
bool CellEmitter::told_as_dtype(const Cell& cell) {
    const Cell& callable = cell.object->callable;
    if (!callable.is(CellKind::class_ref)) return false;
    if (known_class(callable.class_ref->module, callable.class_ref->name) != Known::dtype) return false;
    try {
        out_.dtype(parsed_dtype(cell));
    } catch (const Error& error) {
        if (error.code() != ErrorCode::format) throw;
        return false;
    }
    return true;
}

void CellEmitter::object(const Object& object) {
    // A dtype that no file spelled: only its meaning tells the fields of a structure.
    if (object.meaning && !object.has_state) return out_.dtype(*static_cast<const DType*>(object.meaning));
    using Call = Emitter::Call;
    static constexpr Call calls[] = {Call::reduce, Call::newobj, Call::newobj_ex, Call::newobj};  // bare: for the taker
    const bool bare = object.how == Construct::bare && !taker_;
    if (bare)
        bare_object(object);
    else
        out_.begin_call(calls[static_cast<std::size_t>(object.how)]);
    later({What::end_call});
    if (object.has_state && !(taker_ && object.state.is(CellKind::none))) {
        later({What::end_state});
        later({What::value, object.state});
        later({What::begin_state});
    }
    if (object.pairs.size > 0) later({What::extend_dict, {}, nullptr, &object.pairs});
    if (object.items.size > 0) later({What::extend_list, {}, &object.items});
    later({What::called});
    if (bare) return;
    const bool no_keywords = taker_ && object.kwargs.is(CellKind::dict) && object.kwargs.dict->items.size == 0;
    if (object.how == Construct::newobj_ex && !no_keywords) later({What::value, object.kwargs});
    later({What::value, object.args});
    later({What::value, object.callable});
}

void CellEmitter::array(const Cell& cell) {
    ArrayNode& array = array_of(cell);
    if (array.dtype.has_object()) return object_array(array);
    plain_array(array);
}

// Payload in memory goes as it lies there; deferred payload passes through piece by piece.
void CellEmitter::plain_array(ArrayNode& array) {
    // numpy's own spelling keeps a class (matrix, recarray), and says what no array record may: items of no bytes, and
    // structures that the directory could not list.
    if (!taker_ && (array.type || array.dtype.itemsize() == 0 || !array.dtype.has_descr_list()))
        return inline_array(array, resident(array));
    ArrayEvent event{array.dtype, array.shape, array.order, {}};
    if (array.deferred) {
        const std::uint64_t item = array.dtype.itemsize();
        event.fill = [&array, item](std::uint64_t first, std::span<std::byte> items) {
            array.deferred->read(array, first * item, items);
        };
    } else {
        event.bytes = {array.data, static_cast<std::size_t>(array.nbytes)};
    }
    if (taker_) return taker_->array_of_class(event, class_path_of(array));
    out_.array(event);
}

void CellEmitter::begin_array_call(const ArrayNode& array) {
    out_.begin_call(Emitter::Call::reduce);
    out_.class_ref("numpy.core.multiarray", "_reconstruct");
    out_.begin(Container::tuple, 3);
    if (array.type)
        out_.class_ref(array.type->module, array.type->name);
    else
        out_.class_ref("numpy", "ndarray");
    out_.begin(Container::tuple, 1), out_.integer(0), out_.end();
    const std::byte code[] = {std::byte{'b'}};
    out_.bytes(code);
    out_.end();
    out_.called();
    out_.begin_state();
    out_.plain_path();
}

void CellEmitter::array_state(const ArrayNode& array) {
    out_.begin(Container::tuple, 5);
    out_.integer(1);
    out_.begin(Container::tuple, array.shape.size());
    for (const std::uint64_t n : array.shape) out_.unsigned_integer(n);
    out_.end();
    out_.dtype(array.dtype);
    out_.boolean(array.order == 'F');
}

void CellEmitter::inline_array(ArrayNode& array, std::span<const std::byte> payload) {
    begin_array_call(array);
    array_state(array);
    out_.bytes(payload);
    out_.end();
    out_.end_state();
    out_.end_call();
}

void CellEmitter::object_array(ArrayNode& array) {
    if (taker_) {
        taker_->begin_object_array(array.dtype, array.shape, class_path_of(array));
        return later({What::end, {}, &array.objects});  // numpy lists them in C order, whatever the array's own
    }
    begin_array_call(array);
    array_state(array);
    out_.begin(Container::list, array.objects.size);
    later({What::end_call});
    later({What::end_state});
    static constexpr Items<Cell> none;
    later({What::end, {}, &none});           // the state tuple
    later({What::end, {}, &array.objects});  // the list of items
}

}  // namespace

void emit_cell(Emitter& out, const Cell& cell, std::shared_ptr<const void> owner) {
    CellEmitter(out, std::move(owner)).run(cell);
}

}  // namespace jl
