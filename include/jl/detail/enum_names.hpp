// The names of an enum's values: from its Schema, from Boost.Describe, or from the text that the compiler gives a
// value.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <type_traits>
#include <typeinfo>
#include <utility>

#include <jl/detail/aggregate.hpp>
#include <jl/detail/schema_check.hpp>
#include <jl/detail/unsupported.hpp>

namespace jl::detail {

struct NamedValue {
    std::string_view name;
    std::int64_t value;  // unsigned ones by their bits
};

// What is looked up in the names of one enum.
struct EnumTable {
    std::span<const NamedValue> entries;
    const std::type_info* type;

    std::string_view name_of(std::int64_t value) const;  // Error{range} without one
    void check(const Record& in, std::int64_t value) const;
    std::int64_t value_of(const Record& in, std::string_view name) const;
    // Python's names, mostly in capitals: where none is exactly the same, the one that differs in case.
    std::int64_t value_of_member(const Record& in, std::string_view name) const;
};

// A member of a Python enum, as the call of its class with the value, or looked up there by its name.
struct EnumMember {
    bool by_name;
    Record what;  // the value or the name
};
// Error{type} for anything else, and for a member of another class where `python_class` is not empty.
EnumMember enum_member(const Record& in, std::string_view python_class);

template <class E>
concept BoostDescribedEnum = requires(E** p) {
    boost_enum_descriptor_fn(p);
};

// Empty where no enumerator has the value.
template <auto Value>
constexpr std::string_view enumerator_name() {
    constexpr std::string_view name = last_name(text_of<Value>());
    return name.empty() || (name[0] >= '0' && name[0] <= '9') ? std::string_view() : name;
}

template <class E>
struct CompilerNames {
    using Integer = std::underlying_type_t<E>;
    static_assert(
        requires { E{0}; },
        "the compiler tells the names of an enum only where its underlying type is fixed: declare it so (enum class, "
        "or "
        "enum E : int), describe it with BOOST_DESCRIBE_ENUM (Boost.Describe), or give Schema<E>::names");
    static constexpr int low = std::is_signed_v<Integer> ? -128 : 0;
    static constexpr int high = std::is_same_v<Integer, bool> ? 1 : std::is_signed_v<Integer> ? 127 : 255;

    static constexpr auto all = []<int... I>(std::integer_sequence<int, I...>) {
        constexpr std::string_view names[] = {enumerator_name<static_cast<E>(low + I)>()...};
        constexpr auto count = static_cast<std::size_t>(
            std::count_if(std::begin(names), std::end(names), [](std::string_view name) { return !name.empty(); }));
        std::array<NamedValue, count> found{};
        std::size_t next = 0;
        for (int i = 0; i <= high - low; ++i)
            if (!names[i].empty()) found[next++] = {names[i], low + i};
        return found;
    }
    (std::make_integer_sequence<int, high - low + 1>());
};

template <class E>
struct EnumNames {
    static constexpr bool by_name = [] {
        if constexpr (requires { Schema<E>::by_name; })
            return Schema<E>::by_name;
        else
            return false;
    }();
    static constexpr bool listed = requires { Schema<E>::names; };
    // Python writes members of its enums by value or by name, as its release has it.
    static constexpr bool known = by_name || listed || BoostDescribedEnum<E> || CheckedSchema<E>::named;

    static constexpr auto all() {
        if constexpr (listed) {
            std::array<NamedValue, Schema<E>::names.size()> found{};
            for (std::size_t i = 0; i < found.size(); ++i)
                found[i] = {Schema<E>::names[i].name, static_cast<std::int64_t>(Schema<E>::names[i].value)};
            return found;
        } else if constexpr (BoostDescribedEnum<E>) {
            constexpr E** p = nullptr;
            return []<template <class...> class List, class... D>(List<D...>) {
                return std::array<NamedValue, sizeof...(D)>{{{D::name, static_cast<std::int64_t>(D::value)}...}};
            }(decltype(boost_enum_descriptor_fn(p))());
        } else {
            return CompilerNames<E>::all;
        }
    }
    static EnumTable table() {
        static constexpr auto names = all();
        return {names, &typeid(E)};
    }
};

}  // namespace jl::detail
