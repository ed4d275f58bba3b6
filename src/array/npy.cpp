#include <algorithm>

#include <jl/error.hpp>
#include <jl/npy.hpp>

#include "array/layout.hpp"
#include "array/python_literal.hpp"

namespace jl {
namespace {

using detail::Literal;
using detail::python_text;

constexpr std::size_t alignment = 64;
constexpr std::size_t header_keys = 3;
constexpr std::uint64_t longest_header = std::uint64_t{1} << 20;  // of 30 000 fields, and more

[[noreturn]] void refuse(const std::string& what) { throw Error(ErrorCode::format, what); }

unsigned byte_at(std::string_view bytes, std::size_t i) { return static_cast<unsigned char>(bytes[i]); }

const Literal& need(const Literal& header, std::string_view key, Literal::Kind kind) {
    const Literal* found = header.find(key);
    if (!found || !found->is(kind)) refuse("the .npy header has no proper '" + std::string(key) + "'");
    return *found;
}

std::vector<std::uint64_t> shape_of(const Literal& literal) {
    std::vector<std::uint64_t> shape;
    for (const Literal& extent : literal.items) {
        if (!extent.is(Literal::Kind::integer) || extent.integer < 0)
            refuse("the .npy header's shape holds what is no size");
        shape.push_back(static_cast<std::uint64_t>(extent.integer));
    }
    if (shape.size() > 64)
        refuse("the .npy header claims " + std::to_string(shape.size()) + " dimensions (at most 64)");
    return shape;
}

DType dtype_of(const Literal& descr);

// (name, type), (name, type, shape), (name, (type, shape)); padding has no name.
DTypeField field_of(const Literal& field, std::size_t index, std::uint64_t offset) {
    if (!field.is(Literal::Kind::tuple) || field.items.size() < 2)
        refuse("a field of the .npy header's descr is not a tuple");
    DTypeField result{{}, dtype_of(field.items[1]), offset};
    const Literal& name = field.items[0];
    if (name.is(Literal::Kind::tuple) && name.items.size() == 2) {
        result.title = name.items[0].text;
        result.name = name.items[1].text;
    } else {
        result.name = name.text;
    }
    if (field.items.size() > 2) {
        const Literal& shape = field.items[2];
        const Literal one{.kind = Literal::Kind::tuple, .items = {shape}};
        result.type = DType::subarray(result.type, shape_of(shape.is(Literal::Kind::integer) ? one : shape));
    }
    const bool padding =
        result.name.empty() && result.title.empty() && result.type.kind() == 'V' && !result.type.is_structure();
    if (result.name.empty() && !padding) result.name = "f" + std::to_string(index);
    return result;
}

DType dtype_of(const Literal& descr) {
    if (descr.is(Literal::Kind::text)) return DType(descr.text);
    const bool pair =
        descr.is(Literal::Kind::tuple) && descr.items.size() == 2 && descr.items[1].is(Literal::Kind::tuple);
    if (pair) return DType::subarray(dtype_of(descr.items[0]), shape_of(descr.items[1]));
    if (!descr.is(Literal::Kind::list)) refuse("the .npy header's descr is neither a str nor a list");
    std::vector<DTypeField> fields;
    std::uint64_t offset = 0;
    for (const Literal& literal : descr.items) {
        DTypeField field = field_of(literal, fields.size(), offset);
        offset += field.type.itemsize();
        if (!field.name.empty()) fields.push_back(std::move(field));
    }
    return DType::structure(std::move(fields), offset, false);
}

std::string descr_text(const DType& dtype);

std::string field_text(const DTypeField& field) {
    const DType& type = field.type.is_subarray() ? field.type.element() : field.type;
    std::string name = python_text(field.name);
    if (!field.title.empty()) name = "(" + python_text(field.title) + ", " + name + ")";
    return "(" + name + ", " + descr_text(type) +
           (field.type.is_subarray() ? ", " + to_string(field.type.subshape()) : "") + ")";
}

std::string descr_text(const DType& dtype) {
    if (!dtype.is_structure()) return "'" + dtype.str() + "'";
    std::string text;
    std::uint64_t end = 0;
    const auto pad_to = [&](std::uint64_t offset) {
        if (offset < end)
            throw Error(ErrorCode::unsupported, ".npy cannot say that fields of a structure overlap or go back");
        if (offset > end) text += (text.empty() ? "" : ", ") + ("('', '|V" + std::to_string(offset - end)) + "')";
    };
    for (const DTypeField& field : dtype.fields()) {
        pad_to(field.offset);
        text += (text.empty() ? "" : ", ") + field_text(field);
        end = field.offset + field.type.itemsize();
    }
    pad_to(dtype.itemsize());
    return "[" + text + "]";
}

// numpy leaves room for the axis along which a file can grow to become 20 digits long.
std::size_t room_to_grow(std::span<const std::uint64_t> shape, char order) {
    if (shape.empty()) return 0;
    return 21 - std::to_string(order == 'F' ? shape.back() : shape.front()).size();
}

}  // namespace

std::uint64_t npy_payload_offset(std::string_view prefix) {
    if (!prefix.starts_with(npy_magic)) refuse("no .npy file: it does not begin with \\x93NUMPY");
    if (prefix.size() < npy_prefix)
        throw Error(ErrorCode::truncated, "the .npy header ends after " + std::to_string(prefix.size()) + " bytes");
    const unsigned major = byte_at(prefix, 6);
    if (major < 1 || major > 3) refuse(".npy version " + std::to_string(major) + " is not known (1 to 3)");
    std::uint64_t length = byte_at(prefix, 8) | byte_at(prefix, 9) << 8;
    if (major == 1) return 10 + length;
    length |= std::uint64_t{byte_at(prefix, 10)} << 16 | std::uint64_t{byte_at(prefix, 11)} << 24;
    if (length > longest_header)
        refuse("a .npy header of " + std::to_string(length) + " bytes is claimed (at most 1 MiB)");
    return npy_prefix + length;
}

NpyHeader parse_npy_header(std::string_view bytes) {
    const std::uint64_t payload = npy_payload_offset(bytes.substr(0, npy_prefix));
    if (payload > bytes.size())
        throw Error(ErrorCode::truncated, "a .npy header of " + std::to_string(payload) + " bytes is claimed, " +
                                              std::to_string(bytes.size()) + " are there");
    const std::size_t begin = byte_at(bytes, 6) == 1 ? 10 : npy_prefix;
    const std::string_view text = bytes.substr(begin, static_cast<std::size_t>(payload) - begin);
    const bool latin1 = byte_at(bytes, 6) < 3;
    if (!latin1 && !detail::is_utf8(text)) refuse("the .npy header is not UTF-8, as version 3 has it");
    const Literal header = detail::parse_literal(latin1 ? detail::utf8_from_latin1(text) : std::string(text));
    const Literal* descr = header.find("descr");
    if (!descr) refuse("the .npy header has no proper 'descr'");
    if (header.items.size() != 2 * header_keys)
        refuse("the .npy header has other keys than descr, fortran_order, shape");
    NpyHeader result{dtype_of(*descr), shape_of(need(header, "shape", Literal::Kind::tuple))};
    if (result.dtype.is_subarray()) refuse("the .npy header's descr is a sub-array, which is no array's type");
    result.order = need(header, "fortran_order", Literal::Kind::boolean).boolean ? 'F' : 'C';
    result.payload = payload;
    result.nbytes = checked_nbytes(result.shape, result.dtype.itemsize());
    return result;
}

std::string make_npy_header(const DType& dtype, std::span<const std::uint64_t> shape, char order) {
    std::string text = "{'descr': " + descr_text(dtype) + ", 'fortran_order': " + (order == 'F' ? "True" : "False") +
                       ", 'shape': " + to_string(shape) + ", }";
    text.append(room_to_grow(shape, order), ' ');
    const bool ascii = std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    const bool small = ascii && text.size() + 1 + 10 + alignment <= 0xFFFF;
    const std::size_t begin = small ? 10 : npy_prefix;
    text.append((alignment - (begin + text.size() + 1) % alignment) % alignment, ' ');
    text += '\n';
    std::string header(npy_magic);
    header += small ? '\1' : ascii ? '\2' : '\3';
    header += '\0';
    for (std::size_t i = 0; i < begin - 8; ++i)
        header += static_cast<char>(static_cast<unsigned char>(text.size() >> 8 * i & 0xFF));
    return header + text;
}

}  // namespace jl
