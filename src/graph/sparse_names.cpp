#include "graph/sparse_names.hpp"

#include <algorithm>
#include <string>

#include <jl/mapping_containers.hpp>

namespace jl {

std::string_view sparse_format(std::string_view class_name) {
    constexpr std::string_view formats[] = {"csr", "csc", "coo", "bsr", "dia", "lil", "dok"};
    if (!class_name.starts_with("scipy.sparse.")) return {};
    const std::string_view name = class_name.substr(class_name.rfind('.') + 1);
    const std::size_t underscore = std::min(name.find('_'), name.size());
    const std::string_view kind = name.substr(underscore);
    if (kind != "_matrix" && kind != "_array") return {};
    const auto* const format = std::ranges::find(formats, name.substr(0, underscore));
    return format == std::end(formats) ? std::string_view() : *format;
}

std::optional<Value> sparse_attribute(const Value& object, std::string_view name) {
    const bool is_coordinate = name == "row" || name == "col";
    if (name != "shape" && name != "format" && !is_coordinate) return std::nullopt;
    const std::string_view format = sparse_format(object.class_name());
    if (format.empty()) return std::nullopt;
    if (name == "format") return Value(std::string(format));
    if (name == "shape") return object.get("_shape");
    const auto coordinates = object.get("coords");
    const bool is_pair = coordinates && coordinates->kind() == Kind::tuple && coordinates->size() == 2;
    return is_pair ? std::optional<Value>((*coordinates)[name == "row" ? 0 : 1]) : std::nullopt;
}

}  // namespace jl
