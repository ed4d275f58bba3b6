#include "jlunpack/array_text.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "shell/array_items.hpp"
#include "shell/printable.hpp"
#include "shell/scalar.hpp"
#include "shell/shape.hpp"

namespace jl::unpack {
namespace {

constexpr std::uint64_t most_whole = 1000;  // items up to which nothing is cut
constexpr std::uint64_t shown_at_end = 3;
constexpr std::size_t most_items = 10'000;
constexpr std::size_t longest_item = 500;
constexpr std::size_t widest_column = 40;

std::size_t columns_of(const std::string& text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

class Printer {
  public:
    explicit Printer(const Value& array)
        : dtype_(array.dtype()), shape_(array.shape()), payload_(array), strides_(shape_.size()) {
        std::uint64_t stride = 1;
        for (std::size_t i = 0; i < shape_.size(); ++i) {
            const std::size_t axis = array.order() == 'C' ? shape_.size() - 1 - i : i;
            strides_[axis] = stride;
            stride *= shape_[axis];
        }
        cut_ = stride > most_whole;
    }

    std::string run() {
        collect(0, 0);
        for (const std::string& item : items_) width_ = std::max(width_, columns_of(item));
        put(0);
        return std::move(text_);
    }

  private:
    // Indexes of an axis that are shown; nullopt stands for the gap.
    std::vector<std::optional<std::uint64_t>> shown(std::size_t axis) const {
        std::vector<std::optional<std::uint64_t>> result;
        const std::uint64_t extent = shape_[axis];
        const bool gap = cut_ && extent > 2 * shown_at_end;
        for (std::uint64_t i = 0; i < (gap ? shown_at_end : extent); ++i) result.emplace_back(i);
        if (gap) result.emplace_back();
        for (std::uint64_t i = gap ? extent - shown_at_end : extent; i < extent; ++i) result.emplace_back(i);
        return result;
    }

    // Texts of the shown items first: they tell the width. Recursion goes as deep as the array has axes, 64 at most.
    void collect(std::size_t axis, std::uint64_t position) {
        if (items_.size() >= most_items) return;
        if (axis == shape_.size()) return items_.push_back(item(position));
        for (const auto& index : shown(axis))
            if (index) collect(axis + 1, position + *index * strides_[axis]);
    }

    std::string item(std::uint64_t position) {
        std::string text = shell::printable(shell::item_text(dtype_, payload_.at(position)));
        if (text.size() > longest_item) text.resize(longest_item), text = shell::printable(text) + "…";
        return text;
    }

    void put(std::size_t axis) {
        if (axis == shape_.size()) return put_item();
        text_ += '[';
        bool first = true;
        for (const auto& index : shown(axis)) {
            if (next_ == items_.size() && next_ >= most_items) {
                text_ += " …";
                break;
            }
            if (!first) text_ += axis + 1 == shape_.size() ? " " : gap_of_rows(axis);
            first = false;
            if (index)
                put(axis + 1);
            else
                text_ += "...";
        }
        text_ += ']';
    }

    // Between two rows, planes, …: an empty line more with each axis, as numpy.
    std::string gap_of_rows(std::size_t axis) const {
        return std::string(shape_.size() - axis - 1, '\n') + std::string(axis + 1, ' ');
    }

    void put_item() {
        if (next_ == items_.size()) return;
        const std::string& item = items_[next_++];
        if (!shape_.empty()) text_.append(width_ > widest_column ? 0 : width_ - columns_of(item), ' ');
        text_ += item;
    }

    const DType& dtype_;
    const std::vector<std::uint64_t>& shape_;
    shell::ArrayItems payload_;
    std::vector<std::uint64_t> strides_;  // in items
    bool cut_ = false;
    std::vector<std::string> items_;
    std::size_t width_ = 0;
    std::size_t next_ = 0;
    std::string text_;
};

}  // namespace

std::string array_text(const Value& array) {
    const bool empty = std::ranges::find(array.shape(), 0U) != array.shape().end();
    if (empty) return "[] (shape " + shell::shape_text(array.shape()) + ")";
    return Printer(array).run();
}

}  // namespace jl::unpack
