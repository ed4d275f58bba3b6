#include "memory/array_text.hpp"

#include <algorithm>
#include <cstring>
#include <map>
#include <vector>

#include "array/layout.hpp"
#include "memory/number_column.hpp"

namespace jl {
namespace {

constexpr std::uint64_t longest = 64;  // items that are shown one by one
constexpr std::size_t deepest = 6;     // dimensions, of longer arrays
constexpr std::size_t line_width = 75;
constexpr const char* gap = "...";

std::string dtype_name(const DType& dtype) {
    const std::string bits = std::to_string(8 * dtype.itemsize());
    switch (dtype.kind()) {
        case 'b':
            return "bool";
        case 'i':
            return "int" + bits;
        case 'u':
            return "uint" + bits;
        case 'f':
            return "float" + bits;
        case 'c':
            return "complex" + bits;
        default:
            return "'" + dtype.str() + "'";
    }
}

bool says_itself(const DType& dtype) {
    const char kind = dtype.kind();
    const std::uint64_t size = dtype.itemsize();
    return dtype.is_native() &&
           (kind == 'b' || ((kind == 'i' || kind == 'f') && size == 8) || (kind == 'c' && size == 16));
}

class ArrayText {
  public:
    explicit ArrayText(const ArrayEvent& event) : event_(event) {
        for (const std::uint64_t extent : event.shape) count_ *= extent;
        cut_ = count_ > longest;
    }

    std::string run() {
        const std::string shape = to_string(event_.shape);
        const std::string type = ", dtype=" + dtype_name(event_.dtype);
        if (count_ == 0) return "array([]" + (event_.shape.size() > 1 ? ", shape=" + shape : "") + type + ")";
        if (cut_ && event_.shape.size() > deepest) return "array(..., shape=" + shape + type + ")";
        find_items(0, 0);
        make_texts();
        put_axis(0, 0);
        text_.insert(0, "array(");
        if (cut_) text_ += ", shape=" + shape;
        return text_ + (says_itself(event_.dtype) ? "" : type) + ")";
    }

  private:
    std::uint64_t stride(std::size_t axis) const {
        std::uint64_t items = 1;
        const bool first_fastest = event_.order == 'F';
        for (std::size_t i = 0; i < event_.shape.size(); ++i)
            if (first_fastest ? i < axis : i > axis) items *= event_.shape[i];
        return items;
    }
    bool skips(std::size_t axis, std::uint64_t index) const {
        return cut_ && event_.shape[axis] > 2 && index > 0 && index + 1 < event_.shape[axis];
    }
    std::uint64_t after(std::size_t axis, std::uint64_t index) const {
        return skips(axis, index + 1) ? event_.shape[axis] - 1 : index + 1;
    }

    void find_items(std::size_t axis, std::uint64_t position) {
        if (axis == event_.shape.size()) return static_cast<void>(texts_[position]);
        for (std::uint64_t i = 0; i < event_.shape[axis]; i = after(axis, i))
            find_items(axis + 1, position + i * stride(axis));
    }

    // Fetched in ascending order, as `fill` wants it.
    std::vector<std::byte> item(std::uint64_t position) const {
        const auto size = static_cast<std::size_t>(event_.dtype.itemsize());
        std::vector<std::byte> bytes(size);
        if (event_.fill)
            event_.fill(position, bytes);
        else if (size > 0)
            std::memcpy(bytes.data(), event_.bytes.data() + position * size, size);
        make_native(bytes, event_.dtype);
        return bytes;
    }

    template <class Real>
    std::vector<std::string> column() const {
        std::vector<Real> numbers;
        for (const auto& [position, text] : texts_) {
            numbers.emplace_back();
            std::memcpy(&numbers.back(), item(position).data(), sizeof(Real));
        }
        return number_column(numbers);
    }

    void make_texts() {
        std::vector<std::string> column_texts;
        const DType native = event_.dtype.native();
        if (native.kind() == 'f' && native.itemsize() == 8) {
            column_texts = column<double>();
        } else if (native.kind() == 'f' && native.itemsize() == 4) {
            column_texts = column<float>();
        } else {
            for (const auto& [position, text] : texts_)
                column_texts.push_back(item_text(item(position).data(), native));
            if (const char kind = native.kind(); kind == 'i' || kind == 'u' || kind == 'b') align_right(column_texts);
        }
        auto next = column_texts.begin();
        for (auto& [position, text] : texts_) text = std::move(*next++);
    }

    void put_axis(std::size_t axis, std::uint64_t position) {
        const std::size_t dimensions = event_.shape.size();
        if (axis == dimensions) return put(texts_.at(position), 0);
        text_ += '[';
        for (std::uint64_t i = 0; i < event_.shape[axis]; i = after(axis, i)) {
            if (i > 0) separate(axis);
            if (i > 1 && skips(axis, i - 1)) {
                put(gap, axis);
                separate(axis);
            }
            put_axis(axis + 1, position + i * stride(axis));
        }
        text_ += ']';
    }

    // Rows stand below each other, items beside each other.
    void separate(std::size_t axis) {
        const std::size_t inner = event_.shape.size() - axis - 1;
        text_ += ',';
        if (inner == 0)
            text_ += ' ';
        else
            text_ += std::string(inner, '\n') + std::string(sizeof "array(" - 1 + axis + 1, ' ');
    }
    void put(const std::string& item, std::size_t) {
        const auto line = text_.rfind('\n');
        const std::size_t begin = line == std::string::npos ? 0 : line + 1;
        const std::size_t used = text_.size() - begin + (begin == 0 ? sizeof "array(" - 1 : 0);
        const std::size_t indent = sizeof "array(" - 1 + event_.shape.size();
        if (used + item.size() + event_.shape.size() > line_width && used > indent) {
            while (text_.ends_with(' ')) text_.pop_back();
            text_ += "\n" + std::string(indent, ' ');
        }
        text_ += item;
    }

    const ArrayEvent& event_;
    std::uint64_t count_ = 1;
    bool cut_;
    std::map<std::uint64_t, std::string> texts_;  // by position in the event's order
    std::string text_;
};

}  // namespace

std::string array_text(const ArrayEvent& event) { return ArrayText(event).run(); }

}  // namespace jl
