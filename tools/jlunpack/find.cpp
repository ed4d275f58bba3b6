#include "jlunpack/find.hpp"

#include <charconv>
#include <optional>
#include <utility>
#include <vector>

#include "jlunpack/table.hpp"
#include "shell/printable.hpp"
#include "shell/traversal.hpp"

namespace jl::unpack {
namespace {

using Pairs = std::vector<std::pair<Value, Value>>;

std::optional<std::size_t> index_of(const std::string& step) {
    std::size_t index = 0;
    const auto [end, error] = std::from_chars(step.data(), step.data() + step.size(), index);
    const bool whole = error == std::errc() && end == step.data() + step.size() && std::to_string(index) == step;
    return whole ? std::optional(index) : std::nullopt;
}

std::optional<Value> entry(const Pairs& pairs, const std::string& step) {
    for (std::size_t i = 0; i < pairs.size(); ++i)
        if (shell::step_to(pairs[i].first, i) == step) return pairs[i].second;
    return std::nullopt;
}

std::optional<Value> item(const std::vector<Value>& items, const std::string& step) {
    const auto index = index_of(step);
    return index && *index < items.size() ? std::optional(items[*index]) : std::nullopt;
}

// Attributes stand in the state, a dict or (dict or None, dict of slots).
std::optional<Value> attribute(const Value& state, const std::string& step) {
    if (state.kind() == Kind::dict) return entry(state.items(), step);
    if (state.kind() != Kind::tuple) return std::nullopt;
    for (const Value& part : state.elements())
        if (part.kind() == Kind::dict)
            if (auto found = entry(part.items(), step)) return found;
    return std::nullopt;
}

std::optional<Value> column(const DataFrame& table, const std::string& step) {
    if (step == "index") return table.index();
    for (std::size_t i = 0; i < table.names().size(); ++i)
        if (shell::step_to(table.names()[i], i) == step) return table.column(i);
    return std::nullopt;
}

std::optional<Value> below_object(const Value& object, const std::string& step) {
    if (step == "args" && !object.args().is_none()) return object.args();
    if (auto found = item(object.list_items(), step)) return found;
    if (auto found = entry(object.dict_items(), step)) return found;
    const Value state = object.state();
    if (auto found = attribute(state, step)) return found;
    if (step == "state" && !state.is_none()) return state;
    if (auto found = object.get(step)) return found;  // by the name that people know
    const auto table = table_of(object);
    return table ? column(*table, step) : std::nullopt;
}

std::optional<Value> below(const Value& value, const std::string& step) {
    switch (value.kind()) {
        case Kind::dict:
            return entry(value.items(), step);
        case Kind::object:
            return below_object(value, step);
        case Kind::list:
        case Kind::tuple:
        case Kind::set:
        case Kind::frozenset:
        case Kind::array: {
            if (value.kind() == Kind::array && !value.dtype().has_object()) return std::nullopt;
            const auto index = index_of(step);
            return index && *index < value.size() ? std::optional(value[*index]) : std::nullopt;
        }
        default:
            return std::nullopt;
    }
}

std::string unescaped(std::string_view step) {
    std::string text;
    for (std::size_t i = 0; i < step.size(); ++i) {
        const std::string_view code = step.substr(i, 3);
        const bool escape = code == "%2F" || code == "%25";
        text += escape ? (code == "%2F" ? '/' : '%') : step[i];
        if (escape) i += 2;
    }
    return text;
}

// What could have been meant: the first few steps that there are.
std::string possible_steps(const Value& value) {
    if (value.kind() != Kind::dict) return "a value of kind " + std::string(value.kind_name()) + " is there";
    const Pairs pairs = value.items();
    std::string text = "its keys are";
    for (std::size_t i = 0; i < pairs.size() && i < 8; ++i)
        text += (i > 0 ? ", " : " ") + shell::step_to(pairs[i].first, i);
    return pairs.empty() ? "an empty dict is there" : text + (pairs.size() > 8 ? ", …" : "");
}

}  // namespace

Value find(const Value& root, std::string_view path) {
    Value value = root;
    std::string_view rest = path.starts_with('/') ? path.substr(1) : path;
    while (!rest.empty()) {
        const std::size_t slash = std::min(rest.find('/'), rest.size());
        const std::string step = unescaped(rest.substr(0, slash));
        rest.remove_prefix(std::min(slash + 1, rest.size()));
        const std::optional<Value> next = below(value, step);
        if (!next)
            throw Error(ErrorCode::missing, "there is no '" + step + "': " + possible_steps(value)).at_path(path);
        value = *next;
    }
    return value;
}

}  // namespace jl::unpack
