// Values in Python's notation, bounded in length and depth.
#include <algorithm>
#include <string>
#include <vector>

#include "graph/loading.hpp"
#include "graph/numbers.hpp"
#include "graph/value_access.hpp"

namespace jl {

namespace {

constexpr std::size_t deepest = 24;
constexpr std::size_t array_items = 6;

class Renderer {
  public:
    explicit Renderer(std::size_t room) : room_(room) {}

    std::string run(const Cell& cell) {
        value(cell);
        if (text_.size() > room_) {
            text_.resize(room_);
            while (!text_.empty() && (static_cast<unsigned char>(text_.back()) & 0xc0) == 0x80) text_.pop_back();
            text_ += "…";
        }
        return std::move(text_);
    }

  private:
    bool full() const { return text_.size() > room_; }

    void value(const Cell& cell) {
        if (full()) return;
        switch (cell.kind()) {
            case CellKind::none:
                text_ += "None";
                return;
            case CellKind::text:
                return quoted(cell.text(), "");
            case CellKind::bytes:
                return quoted(cell.text(), "b");
            case CellKind::bytearray:
                text_ += "bytearray(";
                quoted(cell.text(), "b");
                text_ += ")";
                return;
            case CellKind::class_ref:
                text_ += "<class " + class_path(cell) + ">";
                return;
            case CellKind::complex:
                text_ += complex_text(cell.pair->real, cell.pair->imag);
                return;
            case CellKind::array:
                return array(array_of(cell));
            case CellKind::list:
            case CellKind::tuple:
            case CellKind::set:
            case CellKind::frozenset:
            case CellKind::dict:
            case CellKind::object:
                return nested(cell);
            default:
                text_ += number_text(cell);
        }
    }

    void nested(const Cell& cell) {
        const bool inside_itself = std::find(open_.begin(), open_.end(), cell.node) != open_.end();
        if (inside_itself || open_.size() >= deepest) {
            text_ += "…";
            return;
        }
        open_.push_back(cell.node);
        switch (cell.kind()) {
            case CellKind::list:
                items(cell.sequence->items, "[", "]");
                break;
            case CellKind::tuple:
                items(cell.sequence->items, "(", cell.sequence->items.size == 1 ? ",)" : ")");
                break;
            case CellKind::set:
                cell.sequence->items.size == 0 ? void(text_ += "set()") : items(cell.sequence->items, "{", "}");
                break;
            case CellKind::frozenset:
                items(cell.sequence->items, "frozenset({", "})");
                break;
            case CellKind::dict:
                pairs(cell.dict->items, "{", ": ", "}");
                break;
            default:
                object(*cell.object);
        }
        open_.pop_back();
    }

    void items(const Items<Cell>& items, const char* before, const char* after) {
        text_ += before;
        for (std::uint64_t i = 0; i < items.size && !full(); ++i) {
            if (i > 0) text_ += ", ";
            value(items.data[i]);
        }
        text_ += after;
    }

    void pairs(const Items<CellPair>& pairs, const char* before, const char* between, const char* after) {
        text_ += before;
        for (std::uint64_t i = 0; i < pairs.size && !full(); ++i) {
            if (i > 0) text_ += ", ";
            const bool name = between[0] == '=' && pairs.data[i].key.is(CellKind::text);
            if (name)
                text_ += pairs.data[i].key.text();
            else
                value(pairs.data[i].key);
            text_ += between;
            value(pairs.data[i].value);
        }
        text_ += after;
    }

    void object(const Object& object) {
        text_ += class_path(object.callable);
        if (const Dict* attributes = attributes_of(object)) return pairs(attributes->items, "(", "=", ")");
        if (object.args.is(CellKind::tuple)) items(object.args.sequence->items, "(", ")");
        if (object.has_state) text_ += " with state ", value(object.state);
        if (object.items.size > 0) items(object.items, "[", "]");
        if (object.pairs.size > 0) pairs(object.pairs, "{", ": ", "}");
    }

    void array(ArrayNode& array) {
        text_ += "array(" + to_string(array.shape) + ", " + array.dtype.str();
        if (array.order == 'F') text_ += ", F";
        if (array.dtype.has_object()) {
            text_ += ", ";
            items(array.objects, "[", "]");
        } else if (!array.deferred) {
            text_ += ", [";
            const std::uint64_t count = std::min<std::uint64_t>(array_items, item_count(array.shape));
            for (std::uint64_t i = 0; i < count; ++i) text_ += (i > 0 ? ", " : "") + item(array, i);
            text_ += item_count(array.shape) > count ? ", …]" : "]";
        }
        text_ += ")";
    }

    static std::string item(const ArrayNode& array, std::uint64_t index) {
        const auto bytes = static_cast<std::size_t>(array.dtype.itemsize());
        std::vector<std::byte> native(array.data + index * bytes, array.data + (index + 1) * bytes);
        make_native(native, array.dtype);
        return item_text(native.data(), array.dtype.native());
    }

    void quoted(std::string_view raw, const char* prefix) {
        static constexpr char hex[] = "0123456789abcdef";
        text_ += prefix;
        text_ += '\'';
        for (const char c : raw.substr(0, room_)) {
            const auto byte = static_cast<unsigned char>(c);
            const bool printable = byte >= 0x20 && byte != 0x7f && (byte < 0x80 || *prefix == 0);
            if (c == '\'' || c == '\\')
                text_ += '\\', text_ += c;
            else if (c == '\n')
                text_ += "\\n";
            else if (printable)
                text_ += c;
            else
                text_ += "\\x", text_ += hex[byte >> 4], text_ += hex[byte & 15];
        }
        text_ += '\'';
    }

    std::size_t room_;
    std::string text_;
    std::vector<const void*> open_;
};

}  // namespace

std::string render(const Cell& cell, std::size_t max_characters) { return Renderer(max_characters).run(cell); }

}  // namespace jl
