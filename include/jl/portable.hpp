// Which values can go to another process and come back: those that jl maps, all the way down.
//
//     static_assert(jl::is_portable<std::map<std::string, std::vector<double>>>);
//     template <> inline constexpr bool jl::is_portable<Session> = false;     // though its fields could
//
// Arguments, results and function objects of Parallel's tasks are asked; a task with one that is not portable runs in
// this process only. Never ill-formed: what cannot be taken apart is not portable.
#pragma once

#include <array>
#include <concepts>
#include <memory>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <jl/detail/struct_fields.hpp>
#include <jl/mapping_chrono.hpp>
#include <jl/mapping_containers.hpp>
#include <jl/mapping_dtype.hpp>
#include <jl/mapping_pointers.hpp>
#include <jl/mapping_struct.hpp>
#include <jl/mapping_variant.hpp>

namespace jl {

namespace detail {

// Seen: types that this one is a part of.
template <class T, class... Seen>
constexpr bool is_mapped_deeply();

template <class T>
struct Parts {  // of anything that is no template of the standard library's
    static constexpr bool known = false;
};
template <class... T>
struct PartList {
    static constexpr bool known = true;
    template <class... Seen>
    static constexpr bool all() {
        return (is_mapped_deeply<std::remove_const_t<T>, Seen...>() && ...);
    }
};
template <class A, class B>
struct Parts<std::pair<A, B>> : PartList<A, B> {};
template <class... T>
struct Parts<std::tuple<T...>> : PartList<T...> {};
template <class... T>
struct Parts<std::variant<T...>> : PartList<T...> {};
template <class T>
struct Parts<std::optional<T>> : PartList<T> {};
template <class T>
struct Parts<std::unique_ptr<T>> : PartList<T> {};
template <class T>
struct Parts<std::shared_ptr<T>> : PartList<T> {};
template <class T>
struct Parts<std::weak_ptr<T>> : PartList<T> {};

template <class T>
constexpr bool has_ordinary_fields() {
    if constexpr (!std::is_aggregate_v<T> || std::is_polymorphic_v<T> || !std::is_default_constructible_v<T>)
        return false;
    else if constexpr (HasBase<T> || has_array_member<T>() || count_fields<T>() > max_fields ||
                       (count_fields<T>() == 0 && !std::is_empty_v<T>))
        return false;
    else
        return has_named_fields<T>();
}

template <class T, class... Seen>
constexpr bool are_fields_mapped() {
    if constexpr (!has_ordinary_fields<T>()) {
        return false;
    } else {
        using Fields = decltype(tie_fields(std::declval<T&>()));
        return []<std::size_t... I>(std::index_sequence<I...>) {
            return (is_mapped_deeply<std::remove_cvref_t<std::tuple_element_t<I, Fields>>, Seen...>() && ...);
        }
        (std::make_index_sequence<std::tuple_size_v<Fields>>());
    }
}

template <class T, class... Seen>
constexpr bool is_mapped_deeply() {
    if constexpr ((std::same_as<T, Seen> || ...)) {
        return true;
    } else if constexpr (std::is_reference_v<T> || std::is_pointer_v<T> || std::is_volatile_v<T> ||
                         std::is_const_v<T> || std::is_array_v<T> || std::is_union_v<T> || std::is_void_v<T> ||
                         std::is_member_pointer_v<T> || std::same_as<T, std::string_view> || is_std_span<T>) {
        return false;
    } else if constexpr (std::is_arithmetic_v<T> || std::same_as<T, std::string>) {
        return true;
    } else if constexpr (Parts<T>::known) {
        return Parts<T>::template all<T, Seen...>();
    } else if constexpr (std::is_polymorphic_v<T>) {
        return BoostDescribed<T>;
    } else if constexpr (!std::is_default_constructible_v<T> || !HasMapping<T>) {
        return false;
    } else if constexpr (MapLike<T>) {
        return is_mapped_deeply<typename T::key_type, T, Seen...>() &&
               is_mapped_deeply<typename T::mapped_type, T, Seen...>();
    } else if constexpr (SetLike<T>) {
        return is_mapped_deeply<typename T::key_type, T, Seen...>();
    } else if constexpr (ByteSequence<T>) {
        return true;
    } else if constexpr (SequenceLike<T>) {
        constexpr bool can_be_filled = GrowingSequence<T> || is_std_array<T> || NumberSequence<T>;
        return can_be_filled && is_mapped_deeply<std::remove_cv_t<typename T::value_type>, T, Seen...>();
    } else if constexpr (PlainAggregate<T> && requires { Mapping<T>::jl_structure; }) {
        return are_fields_mapped<T, T, Seen...>();
    } else {
        return requires(Emitter & out, const Record& in, const T& from, T& to) {
            Mapping<T>::emit(out, from);
            Mapping<T>::read(in, to);
        };
    }
}

}  // namespace detail

template <class T>
inline constexpr bool is_portable = detail::is_mapped_deeply<T>();

}  // namespace jl
