#include "graph/pickle_emitter.hpp"

#include <algorithm>
#include <cstring>

#include <jl/detail/byte_order.hpp>
#include <jl/detail/class_path.hpp>

#include "array/layout.hpp"
#include "graph/array_node.hpp"
#include "graph/padding.hpp"
#include "pickle/machine.hpp"

namespace jl {

namespace {

CellKind kind_of(Container container) {
    switch (container) {
        case Container::list:
            return CellKind::list;
        case Container::tuple:
            return CellKind::tuple;
        case Container::set:
            return CellKind::set;
        case Container::frozenset:
            return CellKind::frozenset;
        case Container::dict:
            return CellKind::dict;
    }
    return CellKind::list;
}

}  // namespace

void Emitter::Nest::fail_nesting() {
    throw Error(ErrorCode::limit, "typed values are nested more than " + std::to_string(max_nesting) +
                                      " deep; a longer chain of objects can be written as a list, or as a jl::Value");
}

void append_step(std::string& path, std::string_view step) {
    path += '/';
    for (const char c : step) {
        if (c == '/')
            path += "%2F";
        else if (c == '%')
            path += "%25";
        else
            path += c;
    }
}

std::string PickleEmitter::path() const {
    std::string result;
    for (const Level& level : levels_) {
        switch (level.step) {
            case Step::none:
                break;
            // callable, arguments, keyword arguments
            case Step::call:
                if (level.index > 1) append_step(result, level.index == 2 ? "args" : "kwargs");
                break;
            case Step::state:
                append_step(result, "state");
                break;
            case Step::index:
                append_step(result, std::to_string(level.index - 1));
                break;
            case Step::key:
                append_step(result, "#" + std::to_string(level.index));
                break;
            case Step::value:
                append_step(result, level.named ? level.key : "#" + std::to_string(level.index));
                break;
            case Step::attribute:
                append_step(result, level.key);
                break;
        }
    }
    return result.empty() ? "/" : result;
}

// Moves the innermost level on to the value that is about to be written.
void PickleEmitter::next() {
    if (levels_.empty()) return;
    Level& level = levels_.back();
    switch (level.step) {
        case Step::index:
        case Step::call:
            ++level.index;
            break;
        case Step::key:  // the key was written; this is its value
            level.step = Step::value;
            break;
        case Step::value:
            level.step = Step::key;
            ++level.index;
            level.named = false;
            break;
        default:
            break;
    }
}

// Called after next(): notes a key's text for the path of its value.
void PickleEmitter::key_text(std::string_view text) {
    if (levels_.empty() || levels_.back().step != Step::key) return;
    levels_.back().key.assign(text);
    levels_.back().named = true;
}

void PickleEmitter::integer(std::int64_t value) {
    next();
    if (!levels_.empty() && levels_.back().step == Step::key) key_text(std::to_string(value));
    out_.integer(value);
    remember();
}

void PickleEmitter::unsigned_integer(std::uint64_t value) {
    if (value <= static_cast<std::uint64_t>(INT64_MAX)) return integer(static_cast<std::int64_t>(value));
    std::byte digits[9] = {};
    detail::store_little(digits, value);
    next();
    if (!levels_.empty() && levels_.back().step == Step::key) key_text(std::to_string(value));
    out_.big_integer(digits);
    remember();
}

void PickleEmitter::big_integer(std::span<const std::byte> digits) {
    while (digits.size() > 1) {
        const bool negative = (digits[digits.size() - 2] & std::byte{0x80}) != std::byte{0};
        if (digits.back() != (negative ? std::byte{0xff} : std::byte{0})) break;
        digits = digits.first(digits.size() - 1);
    }
    if (digits.size() <= 8) {
        std::byte wide[8];
        const bool negative = !digits.empty() && (digits.back() & std::byte{0x80}) != std::byte{0};
        for (std::size_t i = 0; i < 8; ++i)
            wide[i] = i < digits.size() ? digits[i] : negative ? std::byte{0xff} : std::byte{0};
        return integer(detail::load_little<std::int64_t>(wide));
    }
    next();
    out_.big_integer(digits);
    remember();
}

void PickleEmitter::text(std::string_view utf8) {
    next();
    if (!is_python_utf8(utf8))
        throw Error(ErrorCode::range, "a text is not valid UTF-8: dump it as bytes (std::vector<std::byte>)")
            .at_path(path());
    key_text(utf8);
    out_.text(utf8);
    remember();
}

void PickleEmitter::scalar(const DType& dtype, std::span<const std::byte> item) {
    next();
    out_.class_ref("numpy.core.multiarray", "scalar");
    out_.begin_bare();
    dtypes_.write(out_, dtype);
    out_.bytes(item);
    out_.end_bare();
    out_.opcode(op::tuple2), out_.opcode(op::reduce);
    remember();
}

void PickleEmitter::begin(Container container, std::uint64_t size) {
    next();
    out_.begin(kind_of(container), size, take_pending());
    // Attributes follow their object directly: the dict of a state is no step.
    if (container == Container::dict && !levels_.empty() && levels_.back().step == Step::state)
        levels_.back().step = Step::none;
    if (std::exchange(plain_path_, false)) {
        if (!levels_.empty() && levels_.back().step == Step::state) levels_.back().step = Step::none;
        return levels_.push_back({Step::none});
    }
    levels_.push_back({container == Container::dict ? Step::value : Step::index});
    if (container == Container::dict) levels_.back().index = ~std::uint64_t{0};
}

void PickleEmitter::end() {
    out_.end();
    levels_.pop_back();
}

void PickleEmitter::begin_object(std::string_view class_path, std::uint64_t attributes) {
    make_object(class_path);
    out_.begin(CellKind::dict, attributes);
    levels_.push_back({Step::attribute});
}

// The path is that of any other state: (None, {name: value}).
void PickleEmitter::begin_slotted(std::string_view class_path, std::uint64_t attributes) {
    make_object(class_path);
    out_.begin(CellKind::tuple, 2);
    out_.none();
    out_.begin(CellKind::dict, attributes);
    levels_.push_back({Step::state});
    levels_.push_back({Step::index, Call::reduce, 2});
    levels_.push_back({Step::attribute});
    levels_.back().slotted = true;
}

void PickleEmitter::make_object(std::string_view class_path) {
    next();
    const bool plain = class_path.empty();
    const auto [module, name] =
        plain ? detail::ClassPath{"types", "SimpleNamespace"} : detail::class_path_of(class_path);
    out_.class_ref(module, name);
    out_.opcode(op::empty_tuple), out_.opcode(plain ? op::reduce : op::newobj);
    if (std::uint32_t* memo = take_pending()) *memo = out_.memoize();
    out_.begin_bare();
}

void PickleEmitter::attribute(std::string_view name) {
    levels_.back().key.assign(name);
    out_.key(name);
}

void PickleEmitter::end_object() {
    out_.end();
    if (levels_.back().slotted) {
        out_.end();
        levels_.resize(levels_.size() - 2);
    }
    out_.end_bare();
    out_.opcode(op::build);
    levels_.pop_back();
}

void PickleEmitter::begin_call(Call how) {
    next();
    out_.begin_item();
    out_.begin_bare();
    levels_.push_back({Step::call, how});
    levels_.back().memo = take_pending();
}

void PickleEmitter::called() {
    Level& level = levels_.back();
    level.step = Step::none;
    static constexpr op::Opcode opcodes[] = {op::reduce, op::newobj, op::newobj_ex};
    out_.opcode(opcodes[static_cast<std::size_t>(level.how)]);
    if (level.memo) *level.memo = out_.memoize();
}

void PickleEmitter::begin_extend(Container container, std::uint64_t size) {
    out_.extend(kind_of(container), size);
    levels_.push_back({container == Container::dict ? Step::value : Step::index});
}

void PickleEmitter::end_state() {
    out_.end_bare();
    out_.opcode(op::build);
    levels_.pop_back();
}

void PickleEmitter::end_call() {
    out_.end_bare();
    levels_.pop_back();
}

bool PickleEmitter::share(const void* address, const std::type_info& type, std::shared_ptr<const void> keep) {
    const auto [place, first] = shared_.try_emplace(Identity{address, &type});
    if (first || place->second.index == PickleWriter::no_memo) {
        place->second.keep = std::move(keep);
        pending_ = &place->second.index;
        return false;
    }
    next();
    out_.recall(place->second.index);
    if (pending_) *take_pending() = place->second.index;  // a pointer to this pointer: the same object in Python
    return true;
}

// ---- array records ----

// The state of a record is memoized and dropped again; equal dtype, shape and order share one.
std::uint32_t PickleEmitter::state_of(const ArrayEvent& event) {
    const bool again = event.order == last_order_ &&
                       std::equal(event.shape.begin(), event.shape.end(), last_shape_.begin(), last_shape_.end()) &&
                       event.dtype == last_dtype_;
    if (again) return last_state_;
    last_dtype_ = event.dtype;
    last_shape_.assign(event.shape.begin(), event.shape.end());
    last_order_ = event.order;
    return last_state_ = find_state(event);
}

std::uint32_t PickleEmitter::find_state(const ArrayEvent& event) {
    std::string key = event.dtype.descr() + (event.dtype.aligned() ? 'a' : ' ') + event.order;
    for (const std::uint64_t n : event.shape) key.append(reinterpret_cast<const char*>(&n), sizeof n);
    const auto [place, first] = states_.try_emplace(std::move(key), PickleWriter::no_memo);
    if (first) memoize_state(event, Rows::known, place->second);
    return place->second;
}

void PickleEmitter::memoize_state(const ArrayEvent& event, Rows rows, std::uint32_t& memo) {
    out_.begin_bare();
    if (wrapper_class_ == PickleWriter::no_memo) {
        out_.class_ref("joblib.numpy_pickle", "NumpyArrayWrapper");
        wrapper_class_ = out_.memo_count() - 1;
        out_.opcode(op::pop);
    }
    const Packing packing = rows == Rows::open ? Packing::none : packing_of(event);
    out_.begin(CellKind::dict, packing == Packing::none ? 5 : 6, &memo);
    write_state(event, rows, packing);
    out_.end();
    out_.opcode(op::pop);
    out_.end_bare();
}

Packing PickleEmitter::packing_of(const ArrayEvent& event) const {
    const std::uint64_t itemsize = event.dtype.itemsize();
    return options_.packer.packing_of(itemsize, checked_nbytes(event.shape, itemsize));
}

void PickleEmitter::write_state(const ArrayEvent& event, Rows rows, Packing packing) {
    out_.key("subclass"), out_.class_ref("numpy", "ndarray");
    out_.key("shape");
    if (rows == Rows::open)
        write_open_shape(out_, event.shape);
    else
        write_shape(out_, event.shape);
    out_.key("order"), out_.text(event.order == 'F' ? "F" : "C");
    const bool packed = packing != Packing::none;
    out_.key("dtype"), dtypes_.write(out_, packed ? DType("|O") : event.dtype);
    out_.key("allow_mmap"), out_.boolean(options_.allow_mmap && !packed);
    if (!packed) return;
    out_.key("packing");
    out_.begin(CellKind::tuple, 2);
    out_.text(name_of(packing)), dtypes_.write(out_, event.dtype);
    out_.end();
}

// The uniform end of each record, of known length: it stands right before the payload.
void PickleEmitter::write_record(std::uint32_t state) {
    const auto get_bytes = [](std::uint32_t index) { return index < 0x100 ? std::size_t{2} : std::size_t{5}; };
    out_.align_after(get_bytes(wrapper_class_) + 2 + get_bytes(state) + 1, options_.origin);
    out_.begin_bare();
    out_.recall(wrapper_class_);
    out_.opcode(op::empty_tuple), out_.opcode(op::newobj);
    out_.recall(state);
    out_.opcode(op::build);
    out_.end_bare();
}

namespace {

ArrayEvent without_padding(const ArrayEvent& event) {
    ArrayEvent clean = event;
    clean.bytes = {};
    clean.fill = [&event](std::uint64_t first, std::span<std::byte> items) {
        if (event.fill)
            event.fill(first, items);
        else
            std::memcpy(items.data(), event.bytes.data() + first * event.dtype.itemsize(), items.size());
        clear_padding(items, event.dtype);
    };
    return clean;
}

}  // namespace

// Error{type} for what no array record may be.
void PickleEmitter::require_record(const ArrayEvent& event) const {
    try {
        require_array(event.dtype, event.shape);
    } catch (Error& error) {
        error.at_path(path());
        throw;
    }
    if (!event.dtype.has_descr_list())
        throw Error(ErrorCode::type,
                    "an array of structures whose fields overlap or go back cannot be written: " + event.dtype.descr())
            .at_path(path());
}

Packing PickleEmitter::begin_array(const ArrayEvent& event, Rows rows) {
    next();
    require_record(event);
    (void)checked_nbytes(event.shape, event.dtype.itemsize());
    out_.begin_item();
    if (rows == Rows::known) {
        write_record(state_of(event));
        return packing_of(event);
    }
    std::uint32_t state = PickleWriter::no_memo;
    memoize_state(event, rows, state);
    write_record(state);
    return Packing::none;
}

void PickleEmitter::end_array() {
    const std::uint32_t index = out_.memoize();
    if (pending_) *take_pending() = index;
}

void PickleEmitter::array(const ArrayEvent& event) {
    const Packing packing = begin_array(event);
    const std::uint64_t nbytes = checked_nbytes(event.shape, event.dtype.itemsize());
    if (has_padding(event.dtype))
        payloads_.payload(without_padding(event), nbytes, packing, path());
    else
        payloads_.payload(event, nbytes, packing, path());
    end_array();
}

}  // namespace jl
