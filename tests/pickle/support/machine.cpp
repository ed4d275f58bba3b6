#include "pickle/support/machine.hpp"

namespace jl::test {

namespace {

std::string hex(std::span<const std::byte> bytes) {
    constexpr const char* digits = "0123456789abcdef";
    std::string text;
    for (const std::byte b : bytes) {
        text += digits[std::to_integer<unsigned>(b) >> 4];
        text += digits[std::to_integer<unsigned>(b) & 15];
    }
    return text;
}

std::string joined(const Items<Cell>& items) {
    std::string text;
    for (const Cell& item : items) text += (text.empty() ? "" : " ") + shown(item);
    return text;
}

std::string joined(const Items<CellPair>& pairs) {
    std::string text;
    for (const CellPair& pair : pairs) text += (text.empty() ? "" : " ") + shown(pair.key) + "=" + shown(pair.value);
    return text;
}

std::string object(const Object& object) {
    constexpr const char* calls[] = {"reduce", "newobj", "newobj_ex"};
    std::string text = calls[static_cast<std::size_t>(object.how)];
    text += " " + shown(object.callable) + shown(object.args);
    if (object.kwargs.is(CellKind::dict)) text += shown(object.kwargs);
    if (object.has_state) text += " state " + shown(object.state);
    if (object.items.size > 0) text += " items " + joined(object.items);
    if (object.pairs.size > 0) text += " pairs " + joined(object.pairs);
    return "<" + text + ">";
}

}  // namespace

// Each kind with brackets of its own; only for values of little depth and without cycles.
std::string shown(const Cell& cell) {
    switch (cell.kind()) {
        case CellKind::none:
            return "None";
        case CellKind::boolean:
            return cell.boolean ? "True" : "False";
        case CellKind::integer:
            return std::to_string(cell.integer);
        case CellKind::big_integer:
            return "0x" + hex(cell.span());
        case CellKind::real:
            return std::to_string(cell.real);
        case CellKind::complex:
            return std::to_string(cell.pair->real) + "+" + std::to_string(cell.pair->imag) + "j";
        case CellKind::text:
            return "'" + std::string(cell.text()) + "'";
        case CellKind::bytes:
            return "b:" + hex(cell.span());
        case CellKind::bytearray:
            return "ba:" + hex(cell.span());
        case CellKind::list:
            return "[" + joined(cell.sequence->items) + "]";
        case CellKind::tuple:
            return "(" + joined(cell.sequence->items) + ")";
        case CellKind::set:
            return "{" + joined(cell.sequence->items) + "}";
        case CellKind::frozenset:
            return "f{" + joined(cell.sequence->items) + "}";
        case CellKind::dict:
            return "d{" + joined(cell.dict->items) + "}";
        case CellKind::object:
            return object(*cell.object);
        case CellKind::class_ref:
            return std::string(cell.class_ref->module) + "." + std::string(cell.class_ref->name);
        default:
            return "?";
    }
}

}  // namespace jl::test
