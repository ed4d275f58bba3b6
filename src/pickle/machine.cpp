#include "pickle/machine.hpp"

#include <jl/detail/byte_order.hpp>

#include "pickle/opcodes.hpp"
#include "pickle/python3_name.hpp"

namespace jl {

namespace {
constexpr auto absent = static_cast<CellKind>(0xff);
using detail::load_big;
using detail::load_little;
}  // namespace

void Machine::fail(ErrorCode code, const std::string& detail) const {
    throw Error(code, std::string(op::name_of(opcode_)) + ": " + detail).at_byte(opcode_at_);
}

void Machine::fail_stack() const {
    fail(ErrorCode::format, marks_.empty() ? "the stack is empty" : "the stack holds nothing above the last MARK");
}

const Cell& Machine::checked(const Cell& cell, CellKind kind, const char* what) const {
    if (!cell.is(kind)) fail(ErrorCode::format, std::string(what) + " is expected");
    return cell;
}

Cell Machine::run() {
    start_ = in_.position();
    stack_.reserve(256);
    for (;;) {
        opcode_at_ = in_.position();
        opcode_ = static_cast<std::uint8_t>(*in_.need(1));
        in_.advance(1);
        if (opcode_ == op::stop) break;
        doc_.count_items(1);
        step(opcode_);
    }
    if (in_.position() < frame_end_)
        fail(ErrorCode::format, "the pickle ends inside of a frame that ends at byte " + std::to_string(frame_end_));
    if (!marks_.empty()) fail(ErrorCode::format, "a MARK is left on the stack");
    const Cell root = pop();
    if (!stack_.empty())
        fail(ErrorCode::format, std::to_string(stack_.size()) + " values are left on the stack, 0 expected");
    return root;
}

void Machine::step(std::uint8_t opcode) {
    switch (opcode) {
        case op::mark:
            return push_mark();
        case op::none:
            return push(Cell());
        case op::newtrue:
            return push(Cell::of(true));
        case op::newfalse:
            return push(Cell::of(false));
        case op::binint1:
            push(Cell::of(std::int64_t{static_cast<std::uint8_t>(*in_.need(1))}));
            return in_.advance(1);
        case op::binint2:
            push(Cell::of(std::int64_t{load_little<std::uint16_t>(in_.need(2))}));
            return in_.advance(2);
        case op::binint:
            push(Cell::of(std::int64_t{load_little<std::int32_t>(in_.need(4))}));
            return in_.advance(4);
        case op::binfloat:
            push(Cell::of(load_big<double>(in_.need(8))));
            return in_.advance(8);
        case op::short_binunicode: {
            const auto count = static_cast<std::uint8_t>(*in_.need(1));
            in_.advance(1);
            return push_text(count);
        }
        case op::binunicode: {
            const auto count = load_little<std::uint32_t>(in_.need(4));
            in_.advance(4);
            return push_text(count);
        }
        case op::memoize:
            return memoize(memo_count_);
        case op::binput: {
            const auto index = static_cast<std::uint8_t>(*in_.need(1));
            in_.advance(1);
            return memoize(index);
        }
        case op::binget: {
            const auto index = static_cast<std::uint8_t>(*in_.need(1));
            in_.advance(1);
            return recall(index);
        }
        case op::long_binget: {
            const auto index = load_little<std::uint32_t>(in_.need(4));
            in_.advance(4);
            return recall(index);
        }
        case op::empty_tuple:
            return push(doc_.sequence(CellKind::tuple));
        case op::tuple1:
            return make_tuple(1);
        case op::tuple2:
            return make_tuple(2);
        case op::tuple3:
            return make_tuple(3);
        case op::empty_list:
            return push(doc_.sequence(CellKind::list));
        case op::empty_dict:
            return push(doc_.dict());
        case op::append: {
            const Cell item = pop();
            return add_items({&item, 1});
        }
        case op::appends:
            return add_items(pop_to_mark());
        case op::setitem: {
            const Cell value = pop();
            const Cell pair[] = {pop(), value};
            return add_pairs(pair);
        }
        case op::setitems:
            return add_pairs(pop_to_mark());
        case op::newobj:
            return make_object(Construct::newobj);
        case op::reduce:
            return make_object(Construct::reduce);
        case op::build:
            return build();
        default:
            return step_rare(opcode);
    }
}

void Machine::step_rare(std::uint8_t opcode) {
    const auto take = [this]<class T>(T) {
        const T value = load_little<T>(in_.need(sizeof(T)));
        in_.advance(sizeof(T));
        return value;
    };
    switch (opcode) {
        case op::proto: {
            const auto protocol = take(std::uint8_t{});
            if (protocol > op::highest_protocol)
                fail(ErrorCode::version, "protocol " + std::to_string(protocol) + " is newer than 5");
            protocol_ = protocol;
            return;
        }
        case op::frame:
            return begin_frame();
        case op::pop:
            if (stack_.size() == fence_ && !marks_.empty()) return void(pop_to_mark());
            return void(pop());
        case op::pop_mark:
            return void(pop_to_mark());
        case op::dup:
            return push(Cell(top()));
        case op::long1:
            return make_long(take(std::uint8_t{}));
        case op::long4:
            return make_long(take(std::uint32_t{}));
        case op::binunicode8:
            return push_text(take(std::uint64_t{}));
        case op::short_binbytes:
            return push(read_bytes(CellKind::bytes, take(std::uint8_t{})));
        case op::binbytes:
            return push(read_bytes(CellKind::bytes, take(std::uint32_t{})));
        case op::binbytes8:
            return push(read_bytes(CellKind::bytes, take(std::uint64_t{})));
        case op::bytearray8:
            return push(read_bytes(CellKind::bytearray, take(std::uint64_t{})));
        case op::short_binstring:
            return push_string(read_bytes(CellKind::bytes, take(std::uint8_t{})).text());
        case op::binstring:
            return push_string(read_bytes(CellKind::bytes, take(std::uint32_t{})).text());
        case op::long_binput:
            return memoize(take(std::uint32_t{}));
        case op::tuple: {
            const Cell made = doc_.sequence(CellKind::tuple, pop_to_mark());
            return push(made);
        }
        case op::list: {
            const Cell made = doc_.sequence(CellKind::list, pop_to_mark());
            return push(made);
        }
        case op::frozenset: {
            const Cell made = doc_.sequence(CellKind::frozenset, pop_to_mark());
            return push(made);
        }
        case op::dict: {
            const std::span<const Cell> flat = pop_to_mark();
            if (flat.size() % 2 != 0) fail(ErrorCode::format, "a key without a value");
            const Cell made = doc_.dict();
            doc_.push_pairs(made.dict->items, flat);
            return push(made);
        }
        case op::empty_set:
            return push(doc_.sequence(CellKind::set));
        case op::additems:
            return add_set_items(pop_to_mark());
        case op::newobj_ex: {
            const Cell kwargs = checked(pop(), CellKind::dict, "a dict of keyword arguments");
            const Cell args = checked(pop(), CellKind::tuple, "a tuple of arguments");
            return apply(Construct::newobj_ex, pop(), args, kwargs);
        }
        case op::obj: {
            const std::span<const Cell> parts = pop_to_mark();
            if (parts.empty()) fail(ErrorCode::format, "a class is expected");
            const Cell callable = parts.front();
            return apply(Construct::reduce, callable, doc_.sequence(CellKind::tuple, parts.subspan(1)), {});
        }
        case op::stack_global: {
            const Cell name = checked(pop(), CellKind::text, "a class name");
            const Cell module = checked(pop(), CellKind::text, "a module name");
            return make_global(module.text(), name.text());
        }
        case op::float_text:
        case op::int_text:
        case op::long_text:
        case op::string_text:
        case op::unicode_text:
        case op::global:
        case op::inst:
        case op::get:
        case op::put:
            return step_text(opcode);
        case op::persid:
        case op::binpersid:
        case op::ext1:
        case op::ext2:
        case op::ext4:
        case op::next_buffer:
        case op::readonly_buffer:
            fail(ErrorCode::unsupported, "this opcode refers to things outside the file and is refused");
        default:
            fail(ErrorCode::format, "byte " + std::to_string(opcode) + " is not an opcode");
    }
}

void Machine::push_mark() {
    marks_.push_back(fence_);
    fence_ = stack_.size();
}

std::span<const Cell> Machine::pop_to_mark() {
    if (marks_.empty()) fail(ErrorCode::format, "there is no MARK on the stack");
    const std::span<const Cell> items(stack_.data() + fence_, stack_.size() - fence_);
    stack_.resize(fence_);
    fence_ = marks_.back();
    marks_.pop_back();
    return items;
}

void Machine::make_tuple(std::size_t count) {
    if (stack_.size() - fence_ < count) fail_stack();
    const Cell made = doc_.sequence(CellKind::tuple, {stack_.data() + stack_.size() - count, count});
    stack_.resize(stack_.size() - count);
    push(made);
}

void Machine::make_long(std::uint64_t count) {
    const Cell digits = read_bytes(CellKind::bytes, count);
    push(integer_from_bytes(doc_, digits.span()));
}

void Machine::add_items(std::span<const Cell> items) {
    const Cell& to = top();
    switch (to.kind()) {
        case CellKind::list:
            return doc_.push(to.sequence->items, items);
        case CellKind::object:
            return doc_.push(to.object->items, items);
        default:
            fail(ErrorCode::format, "items are added to something that is not a list");
    }
}

void Machine::add_set_items(std::span<const Cell> items) {
    const Cell& to = checked(top(), CellKind::set, "a set below the items");
    doc_.push(to.sequence->items, items);
}

void Machine::add_pairs(std::span<const Cell> flat) {
    if (flat.size() % 2 != 0) fail(ErrorCode::format, "a key without a value");
    const Cell& to = top();
    switch (to.kind()) {
        case CellKind::dict:
            return doc_.push_pairs(to.dict->items, flat);
        case CellKind::object:
            return doc_.push_pairs(to.object->pairs, flat);
        default:
            fail(ErrorCode::format, "keys are set on something that is not a dict");
    }
}

void Machine::make_global(std::string_view module, std::string_view name) {
    constexpr unsigned first_of_python3 = 3;
    const PythonName known = protocol_ < first_of_python3 ? python3_name({module, name}) : PythonName{module, name};
    push(doc_.class_ref(known.module, known.name, builder_.classify(known.module, known.name)));
}

void Machine::make_object(Construct how) {
    const Cell args = pop();
    if (!args.is(CellKind::tuple)) fail(ErrorCode::format, "a tuple of arguments is expected");
    apply(how, pop(), args, {});
}

void Machine::apply(Construct how, Cell callable, Cell args, Cell kwargs) {
    if (!callable.is(CellKind::class_ref) && !callable.is(CellKind::object))
        fail(ErrorCode::format, "a class is expected below the arguments");
    Cell made;
    if (callable.is(CellKind::class_ref) && callable.class_ref->tag != 0 && how != Construct::newobj_ex &&
        builder_.reduce(*this, *callable.class_ref, args, made))
        return push(made);
    auto* object = doc_.make<Object>();
    object->callable = callable;
    object->args = args;
    object->kwargs = kwargs;
    object->how = how;
    push(Cell::of(CellKind::object, object));
}

void Machine::build() {
    const Cell state = pop();
    Cell object = top();
    if (builder_.build(*this, object, state)) {
        top() = object;
        return;
    }
    if (!object.is(CellKind::object)) fail(ErrorCode::format, "state is set on a value that has none");
    object.object->state = state;
    object.object->has_state = true;
}

void Machine::memoize(std::uint64_t index) {
    const Cell& value = top();
    if (index >= memo_.size()) {
        if (index > (in_.position() - start_) / 2)
            fail(ErrorCode::format, "memo index " + std::to_string(index) + " is higher than the values read so far");
        Cell hole;
        hole.tag = static_cast<std::uint64_t>(absent);
        memo_.resize(static_cast<std::size_t>(index) + 1, hole);
    }
    Cell& slot = memo_[static_cast<std::size_t>(index)];
    if (slot.kind() == absent) ++memo_count_;
    slot = value;
}

void Machine::recall(std::uint64_t index) {
    if (index >= memo_.size() || memo_[static_cast<std::size_t>(index)].kind() == absent)
        fail(ErrorCode::format, "memo index " + std::to_string(index) + " was never put");
    push(memo_[static_cast<std::size_t>(index)]);
}

Cell Machine::read_bytes(CellKind kind, std::uint64_t count) {
    if (count > Input::max_need) {
        if (count >> 56 != 0) fail(ErrorCode::truncated, std::to_string(count) + " bytes are announced");
        doc_.require_room(count);
        return doc_.adopt(kind, in_.read_claimed(count));
    }
    const auto size = static_cast<std::size_t>(count);
    const Cell cell = doc_.bytes(kind, {in_.need(size), size});
    in_.advance(size);
    return cell;
}

void Machine::push_text(std::uint64_t count) {
    const Cell cell = read_bytes(CellKind::text, count);
    if (!is_python_utf8(cell.text())) fail(ErrorCode::format, "the text is not UTF-8");
    push(cell);
}

// Python 2 wrote both text and bytes this way: what is ASCII is text, the rest bytes.
void Machine::push_string(std::string_view raw) {
    bool ascii = true;
    for (const char c : raw) ascii = ascii && static_cast<unsigned char>(c) < 0x80;
    push(ascii ? doc_.text(raw) : doc_.bytes(CellKind::bytes, std::as_bytes(std::span(raw.data(), raw.size()))));
}

void Machine::begin_frame() {
    const auto count = load_little<std::uint64_t>(in_.need(8));
    in_.advance(8);
    if (in_.position() < frame_end_) fail(ErrorCode::format, "a frame begins before the last one ends");
    in_.expect(count, [] { return "a frame"; });
    frame_end_ = in_.position() + count;
}

}  // namespace jl
