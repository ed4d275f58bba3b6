#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <unordered_set>

#include <jl/detail/checked.hpp>
#include <jl/dtype.hpp>
#include <jl/error.hpp>

namespace jl {
namespace {

constexpr std::uint64_t largest_item = 0x7FFFFFFF;  // numpy counts an item's bytes in int
constexpr std::uint8_t deepest = 100;
constexpr std::uint32_t most_parts =
    65536;  // small types can be shared into huge ones: every walk over the parts stays short
constexpr std::size_t most_axes = 64;  // as numpy
constexpr bool native_is_big = std::endian::native == std::endian::big;
constexpr std::array<std::string_view, 14> units = {"Y",  "M",  "W",  "D",  "h",  "m",  "s",
                                                    "ms", "us", "ns", "ps", "fs", "as", "generic"};

[[noreturn]] void refuse(std::string_view text, std::string_view why) {
    constexpr std::size_t shown = 40;
    std::string quoted(text.substr(0, shown));
    if (text.size() > shown) quoted += "...";
    throw Error(ErrorCode::format, "'" + quoted + "' is no dtype: " + std::string(why));
}

[[noreturn]] void refuse_size(char kind, std::uint64_t itemsize) {
    const bool printable = kind > ' ' && kind < 127;
    const std::string name = printable ? std::string(1, kind) : "#" + std::to_string(static_cast<unsigned char>(kind));
    throw Error(ErrorCode::format, "no dtype of kind " + name + " has items of " + std::to_string(itemsize) + " bytes");
}

bool is_possible(char kind, std::uint64_t itemsize) noexcept {
    if (itemsize > largest_item) return false;
    const bool power = std::has_single_bit(itemsize);
    switch (kind) {
        case 'b':
            return itemsize == 1;
        case 'i':
        case 'u':
            return power && itemsize <= 8;
        case 'f':
            return power && itemsize >= 2 && itemsize <= 16;
        case 'c':
            return power && itemsize >= 8 && itemsize <= 32;
        case 'O':
        case 'M':
        case 'm':
            return itemsize == 8;
        case 'U':
            return itemsize % 4 == 0;
        case 'S':
        case 'V':
            return true;
        default:
            return false;
    }
}

// Takes a decimal number off the front; nothing taken leaves `otherwise`. Too big for 64 bits counts as too big for any
// use.
std::uint64_t take_number(std::string_view& text, std::uint64_t otherwise) {
    std::uint64_t number = otherwise;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return error == std::errc::result_out_of_range ? ~std::uint64_t{0} : number;
}

std::uint64_t size_in_text(char kind, std::string_view& rest) {
    if (kind == 'O') {
        const std::uint64_t size = take_number(rest, 8);
        return size == 4 ? 8 : size;  // written by a 32-bit Python
    }
    if (kind == 'S' || kind == 'V') return take_number(rest, 0);
    if (kind != 'U') return take_number(rest, ~std::uint64_t{0});
    const std::uint64_t characters = take_number(rest, 0);
    return characters > largest_item ? characters : 4 * characters;
}

}  // namespace

DType::DType(char kind, std::uint64_t itemsize) : kind_(kind), has_object_(kind == 'O'), itemsize_(itemsize) {
    if (!is_possible(kind, itemsize)) refuse_size(kind, itemsize);
    if (kind == 'M' || kind == 'm') unit_ = "generic";
    set_order(native_is_big);
}

DType::DType(std::string_view text) {
    std::string_view rest = text;
    bool big = native_is_big;
    if (!rest.empty() && std::string_view("<>=|").find(rest.front()) != std::string_view::npos) {
        if (rest.front() == '<' || rest.front() == '>') big = rest.front() == '>';
        rest.remove_prefix(1);
    }
    if (rest.empty()) refuse(text, "a kind is missing");
    if (rest == "?") rest = "b1";
    const char kind = rest.front();
    rest.remove_prefix(1);
    const std::uint64_t size = size_in_text(kind, rest);
    if (!is_possible(kind, size)) refuse(text, "no such kind and size");
    *this = DType(kind, size);
    if (!rest.empty()) set_unit_text(rest, text);
    set_order(big);
}

// "[ns]", "[25s]"
void DType::set_unit_text(std::string_view rest, std::string_view text) {
    if ((kind_ != 'M' && kind_ != 'm') || rest.size() < 3 || rest.front() != '[' || rest.back() != ']') {
        refuse(text, "something follows the size");
    }
    rest = rest.substr(1, rest.size() - 2);
    const std::uint64_t count = take_number(rest, 1);
    if (count == 0 || count > largest_item || std::ranges::find(units, rest) == units.end())
        refuse(text, "no such unit");
    unit_ = rest;
    unit_count_ = static_cast<std::int64_t>(count);
}

DType DType::with_unit(std::string unit, std::int64_t count) const {
    if (kind_ != 'M' && kind_ != 'm') throw Error(ErrorCode::format, "dtype " + str() + " has no unit of time");
    if (count < 1 || count > static_cast<std::int64_t>(largest_item) || std::ranges::find(units, unit) == units.end()) {
        refuse(std::to_string(count) + unit, "no such unit of time");
    }
    DType result = *this;
    result.unit_ = std::move(unit);
    result.unit_count_ = count;
    return result;
}

DType DType::structure(std::vector<DTypeField> fields, std::uint64_t itemsize, bool aligned) {
    DType result;
    if (itemsize > largest_item) refuse_size('V', itemsize);
    result.itemsize_ = itemsize;
    result.aligned_ = aligned;
    std::unordered_set<std::string_view> names;
    for (const DTypeField& field : fields) {
        const std::uint64_t size = field.type.itemsize();
        if (!names.insert(field.name).second) {
            throw Error(ErrorCode::format, "a structure has two fields '" + field.name + "'");
        }
        if (field.offset > itemsize || size > itemsize - field.offset) {
            throw Error(ErrorCode::format, "field '" + field.name + "' of " + std::to_string(size) +
                                               " bytes at offset " + std::to_string(field.offset) +
                                               " reaches over an item of " + std::to_string(itemsize));
        }
        result.count_in(field.type);
    }
    result.fields_ = std::make_shared<const std::vector<DTypeField>>(std::move(fields));
    return result;
}

DType DType::subarray(DType element, std::vector<std::uint64_t> shape) {
    if (shape.size() > most_axes) throw Error(ErrorCode::limit, "more than 64 axes in a sub-array of a dtype");
    DType result;
    std::uint64_t size = element.itemsize();
    for (const std::uint64_t extent : shape) size = detail::checked_mul(size, extent, "the size of a sub-array");
    if (size > largest_item) refuse_size('V', size);
    result.itemsize_ = size;
    result.count_in(element);
    result.subshape_ = std::move(shape);
    result.element_ = std::make_shared<const DType>(std::move(element));
    return result;
}

void DType::count_in(const DType& part) {
    depth_ = std::max<std::uint8_t>(depth_, part.depth_ + 1);
    parts_ += part.parts_;
    if (depth_ > deepest) throw Error(ErrorCode::limit, "more than 100 structures in one another in a dtype");
    if (parts_ > most_parts) throw Error(ErrorCode::limit, "more than 65536 fields in a dtype");
    has_object_ = has_object_ || part.has_object_;
    foreign_ = foreign_ || part.foreign_;
}

const std::vector<DTypeField>& DType::fields() const noexcept {
    static const std::vector<DTypeField> none;
    return fields_ ? *fields_ : none;
}

const DTypeField* DType::field(std::string_view name) const noexcept {
    const auto found = std::ranges::find(fields(), name, &DTypeField::name);
    return found == fields().end() ? nullptr : &*found;
}

bool DType::has_order() const noexcept {
    return kind_ == 'U' || (itemsize_ > 1 && kind_ != 'S' && kind_ != 'V' && kind_ != 'O');
}

void DType::set_order(bool big_endian) noexcept {
    if (!has_order()) return;
    big_endian_ = big_endian;
    foreign_ = big_endian != native_is_big;
}

DType DType::with_order(bool big_endian) const {
    DType result = *this;
    result.set_order(big_endian);
    return result;
}

DType DType::native() const {
    if (is_native()) return *this;
    if (is_subarray()) return subarray(element().native(), subshape_);
    if (!is_structure()) return with_order(native_is_big);
    std::vector<DTypeField> parts = fields();
    for (DTypeField& part : parts) part.type = part.type.native();
    return structure(std::move(parts), itemsize_, aligned_);
}

bool operator==(const DType& a, const DType& b) {
    const auto same_element = [&] {
        return a.element_ == b.element_ || (a.element_ && b.element_ && *a.element_ == *b.element_);
    };
    return a.kind_ == b.kind_ && a.big_endian_ == b.big_endian_ && a.aligned_ == b.aligned_ &&
           a.itemsize_ == b.itemsize_ && a.unit_count_ == b.unit_count_ && a.unit_ == b.unit_ &&
           a.subshape_ == b.subshape_ && same_element() && (a.fields_ == b.fields_ || a.fields() == b.fields());
}

}  // namespace jl
