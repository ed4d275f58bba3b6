// Aliases of a Schema are held against the fields of its structure when a program is compiled.
#pragma once

#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include <jl/detail/struct_fields.hpp>
#include <jl/schema.hpp>

namespace jl::detail {

template <class T>
constexpr bool has_field(std::string_view name);

template <template <class...> class List, class... Descriptor>
constexpr bool is_among(std::string_view name, List<Descriptor...>) {
    return ((name == Descriptor::name) || ...);
}
template <template <class...> class List, class... Descriptor>
constexpr bool is_in_base(std::string_view name, List<Descriptor...>) {
    return (has_field<typename Descriptor::type>(name) || ...);
}

template <class T>
constexpr bool has_field(std::string_view name) {
    if constexpr (BoostDescribed<T>) {
        constexpr T** p = nullptr;
        bool found = is_among(name, boost_public_member_descriptor_fn(p));
        if constexpr (requires { boost_base_descriptor_fn(p); })
            found = found || is_in_base(name, boost_base_descriptor_fn(p));
        if constexpr (requires { boost_protected_member_descriptor_fn(p); })
            found = found || is_among(name, boost_protected_member_descriptor_fn(p));
        if constexpr (requires { boost_private_member_descriptor_fn(p); })
            found = found || is_among(name, boost_private_member_descriptor_fn(p));
        return found;
    } else if constexpr (has_plain_fields<T>()) {
        using Fields = decltype(tie_fields(std::declval<T&>()));
        return [name]<std::size_t... I>(std::index_sequence<I...>) { return ((field_name<T, I> == name) || ...); }
        (std::make_index_sequence<std::tuple_size_v<Fields>>());
    } else {
        return true;
    }
}

template <class T>
constexpr bool aliases_name_fields() {
    if constexpr (requires { Schema<T>::aliases; })
        for (const Alias& alias : Schema<T>::aliases)
            if (!has_field<T>(alias.field)) return false;
    return true;
}

// Aliases that are no constants are not looked at.
template <class T>
constexpr bool has_sound_aliases() {
    if constexpr (requires { typename std::bool_constant<aliases_name_fields<T>()>; })
        return aliases_name_fields<T>();
    else
        return true;
}

// Instantiated wherever the aliases of T are used.
template <class T>
struct CheckedAliases {
    static constexpr bool value = has_sound_aliases<T>();
    static_assert(value,
                  "Schema<T>::aliases: an Alias is a field of T and then the name that it has in older files; one of "
                  "them names no field");
};

}  // namespace jl::detail
