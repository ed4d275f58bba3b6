#include <string>

#include <jl/detail/enum_names.hpp>
#include <jl/detail/object_record.hpp>

#include "graph/type_name.hpp"

namespace jl::detail {

namespace {

std::string listed(std::span<const NamedValue> entries) {
    constexpr std::size_t most = 12;
    std::string text;
    for (std::size_t i = 0; i < std::min(entries.size(), most); ++i) (text += i == 0 ? "" : ", ") += entries[i].name;
    return entries.size() > most ? text + ", …" : text;
}

const NamedValue* find(std::span<const NamedValue> entries, const auto& wanted) {
    const auto found = std::ranges::find_if(entries, wanted);
    return found == entries.end() ? nullptr : &*found;
}

bool same_but_case(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::ranges::equal(a, b, {}, lower, lower);
}

}  // namespace

std::string_view EnumTable::name_of(std::int64_t value) const {
    if (const NamedValue* entry = find(entries, [&](const NamedValue& e) { return e.value == value; }))
        return entry->name;
    throw Error(ErrorCode::range, "the value " + std::to_string(value) + " of " + type_name(*type) +
                                      " has no name; names are known of " + listed(entries));
}

void EnumTable::check(const Record& in, std::int64_t value) const {
    if (!find(entries, [&](const NamedValue& e) { return e.value == value; }))
        in.fail(ErrorCode::range,
                std::to_string(value) + " is no value of " + type_name(*type) + ", which has " + listed(entries));
}

std::int64_t EnumTable::value_of(const Record& in, std::string_view name) const {
    if (const NamedValue* entry = find(entries, [&](const NamedValue& e) { return e.name == name; }))
        return entry->value;
    in.fail(ErrorCode::range, "'" + std::string(name.substr(0, 100)) + "' is no name of " + type_name(*type) +
                                  ", which has " + listed(entries));
}

std::int64_t EnumTable::value_of_member(const Record& in, std::string_view name) const {
    const auto similar = [&](const NamedValue& e) { return same_but_case(e.name, name); };
    const bool exact = find(entries, [&](const NamedValue& e) { return e.name == name; }) != nullptr;
    if (!exact && std::ranges::count_if(entries, similar) == 1) return find(entries, similar)->value;
    return value_of(in, name);
}

EnumMember enum_member(const Record& in, std::string_view python_class) {
    const bool by_name = in.class_name() == "builtins.getattr" && in.argument_count() == 2;
    if (in.kind() != Kind::object || (!by_name && in.argument_count() != 1))
        in.fail_kind("an integer, a name or a member of a Python enum");
    if (!python_class.empty()) check_class(by_name ? in.argument(0) : in, python_class);
    return {by_name, in.argument(by_name ? 1 : 0)};
}

}  // namespace jl::detail
