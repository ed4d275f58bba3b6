// numpy's texts of a dtype: the short form, the list of fields, and the form with offsets for what no list can say.
#include <algorithm>
#include <cstdio>

#include <jl/dtype.hpp>

namespace jl {
namespace {

void put_json(std::string& out, std::string_view text) {
    out += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            char escaped[8];
            std::snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned>(c));
            out += escaped;
        } else {
            out += c;
        }
    }
    out += '"';
}

template <class Range, class Put>
void put_list(std::string& out, const Range& items, Put put) {
    out += '[';
    const char* separator = "";
    for (const auto& item : items) {
        out += separator;
        put(item);
        separator = ", ";
    }
    out += ']';
}

bool is_in_order(const DType& dtype) {
    std::uint64_t end = 0;
    for (const DTypeField& field : dtype.fields()) {
        if (field.offset < end) return false;
        end = field.offset + field.type.itemsize();
    }
    return true;
}

void put_descr(std::string& out, const DType& dtype);

void put_type(std::string& out, const DType& type) {
    if (type.is_structure())
        put_descr(out, type);
    else
        put_json(out, type.str());
}

void put_shape(std::string& out, const DType& type) {
    put_list(out, type.subshape(), [&](std::uint64_t extent) { out += std::to_string(extent); });
}

void put_padding(std::string& out, std::uint64_t bytes) {
    if (bytes != 0) out += R"(["", "|V)" + std::to_string(bytes) + "\"]";
}

void put_field(std::string& out, const DTypeField& field) {
    out += '[';
    if (!field.title.empty()) {
        out += '[';
        put_json(out, field.title);
        out += ", ";
        put_json(out, field.name);
        out += "], ";
    } else {
        put_json(out, field.name);
        out += ", ";
    }
    put_type(out, field.type.is_subarray() ? field.type.element() : field.type);
    if (field.type.is_subarray()) {
        out += ", ";
        put_shape(out, field.type);
    }
    out += ']';
}

void put_fields_in_order(std::string& out, const DType& dtype) {
    std::uint64_t end = 0;
    const char* separator = "";
    out += '[';
    for (const DTypeField& field : dtype.fields()) {
        out += separator;
        put_padding(out, field.offset - end);
        if (field.offset != end) out += ", ";
        put_field(out, field);
        end = field.offset + field.type.itemsize();
        separator = ", ";
    }
    if (end != dtype.itemsize()) out += separator;
    put_padding(out, dtype.itemsize() - end);
    out += ']';
}

// "<f8" or ["<f8", [2, 3]]: a type that stands alone.
void put_format(std::string& out, const DTypeField& field) {
    if (!field.type.is_subarray()) return put_type(out, field.type);
    out += '[';
    put_type(out, field.type.element());
    out += ", ";
    put_shape(out, field.type);
    out += ']';
}

void put_fields_with_offsets(std::string& out, const DType& dtype) {
    const auto& fields = dtype.fields();
    out += R"({"names": )";
    put_list(out, fields, [&](const DTypeField& field) { put_json(out, field.name); });
    out += R"(, "formats": )";
    put_list(out, fields, [&](const DTypeField& field) { put_format(out, field); });
    out += R"(, "offsets": )";
    put_list(out, fields, [&](const DTypeField& field) { out += std::to_string(field.offset); });
    if (std::ranges::any_of(fields, [](const DTypeField& field) { return !field.title.empty(); })) {
        out += R"(, "titles": )";
        put_list(out, fields, [&](const DTypeField& field) {
            if (field.title.empty())
                out += "null";
            else
                put_json(out, field.title);
        });
    }
    out += R"(, "itemsize": )" + std::to_string(dtype.itemsize()) + "}";
}

void put_descr(std::string& out, const DType& dtype) {
    if (is_in_order(dtype))
        put_fields_in_order(out, dtype);
    else
        put_fields_with_offsets(out, dtype);
}

}  // namespace

bool DType::has_descr_list() const noexcept {
    if (is_subarray()) return element().has_descr_list();
    return is_in_order(*this) &&
           std::ranges::all_of(fields(), [](const DTypeField& field) { return field.type.has_descr_list(); });
}

std::string DType::str() const {
    const char order = !has_order() ? '|' : big_endian_ ? '>' : '<';
    std::string text{order, kind_};
    if (kind_ == 'O') return text;
    text += std::to_string(kind_ == 'U' ? itemsize_ / 4 : itemsize_);
    if (unit_.empty() || unit_ == "generic") return text;
    return text + '[' + (unit_count_ == 1 ? "" : std::to_string(unit_count_)) + unit_ + ']';
}

std::string DType::descr() const {
    if (!is_structure()) return str();
    std::string text;
    put_descr(text, *this);
    return text;
}

}  // namespace jl
