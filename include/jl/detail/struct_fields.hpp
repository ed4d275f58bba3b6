// The fields of a structure, whoever knows them: the compiler of an aggregate, Boost.Describe of any other class.
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <ranges>
#include <string_view>
#include <type_traits>
#include <utility>

#include <jl/detail/aggregate.hpp>
#include <jl/mapping.hpp>

namespace jl::detail {

template <class T>
concept BoostDescribed = requires(T** p) {
    boost_public_member_descriptor_fn(p);
};

template <class T>
concept PlainAggregate = std::is_aggregate_v<T> && std::is_class_v<T> && !std::ranges::range<T> && !BoostDescribed<T>;

template <class T>
concept Structure = BoostDescribed<T> || PlainAggregate<T>;

template <class Visit, template <class...> class List, class... Descriptor>
void visit_members(auto& object, Visit& visit, List<Descriptor...>) {
    [[maybe_unused]] const auto one = [&]<class D>(D) {
        if constexpr (std::is_member_object_pointer_v<std::remove_cv_t<decltype(D::pointer)>>)
            visit(std::string_view(D::name), object.*D::pointer);
    };
    (one(Descriptor()), ...);
}

template <class T, class Visit>
void for_each_field(T& object, Visit&& visit);

template <class T, class Visit, template <class...> class List, class... Descriptor>
void visit_bases(T& object, Visit& visit, List<Descriptor...>) {
    [[maybe_unused]] const auto one = [&]<class D>(D) {
        using Base = std::conditional_t<std::is_const_v<T>, const typename D::type, typename D::type>;
        for_each_field(static_cast<Base&>(object), visit);
    };
    (one(Descriptor()), ...);
}

// Says in one sentence why the fields of an aggregate cannot be told apart, where they cannot.
template <class T>
constexpr bool has_plain_fields() {
    if constexpr (HasBase<T>)
        static_assert(always_false<T>,
                      "an aggregate with a base class cannot be taken apart: describe it with BOOST_DESCRIBE_STRUCT "
                      "(Boost.Describe)");
    else if constexpr (has_array_member<T>())
        static_assert(always_false<T>,
                      "an aggregate with a C array as a member cannot be taken apart: make the array a std::array, or "
                      "specialise jl::Mapping");
    else if constexpr (count_fields<T>() > max_fields)
        static_assert(always_false<T>,
                      "an aggregate of more than 64 fields cannot be taken apart: describe it with "
                      "BOOST_DESCRIBE_STRUCT (Boost.Describe), or specialise jl::Mapping");
    else if constexpr (count_fields<T>() == 0 && !std::is_empty_v<T>)
        static_assert(always_false<T>,
                      "the fields of this aggregate cannot be counted: a reference among them refers to what others "
                      "own (make it a value or a smart pointer); anything else is described with "
                      "BOOST_DESCRIBE_STRUCT (Boost.Describe)");
    else if constexpr (!has_named_fields<T>())
        static_assert(always_false<T>,
                      "a field of this aggregate is a bit-field, a reference or volatile, which cannot be taken apart: "
                      "make it an ordinary member, or specialise jl::Mapping");
    else
        return true;
    return false;
}

// visit(name, member) for each field in order of declaration; bases first. Members that are const are handed out so.
template <class T, class Visit>
void for_each_field(T& object, Visit&& visit) {
    using Plain = std::remove_const_t<T>;
    if constexpr (BoostDescribed<Plain>) {
        constexpr Plain** p = nullptr;
        if constexpr (requires { boost_base_descriptor_fn(p); })
            visit_bases(object, visit, boost_base_descriptor_fn(p));
        visit_members(object, visit, boost_public_member_descriptor_fn(p));
        if constexpr (requires { boost_protected_member_descriptor_fn(p); })
            visit_members(object, visit, boost_protected_member_descriptor_fn(p));
        if constexpr (requires { boost_private_member_descriptor_fn(p); })
            visit_members(object, visit, boost_private_member_descriptor_fn(p));
    } else if constexpr (has_plain_fields<Plain>()) {
        const auto fields = tie_fields(object);
        [&]<std::size_t... I>(std::index_sequence<I...>) { (visit(field_name<Plain, I>, std::get<I>(fields)), ...); }
        (std::make_index_sequence<std::tuple_size_v<decltype(tie_fields(object))>>());
    }
}

template <class T>
std::size_t field_count(const T& object) {
    std::size_t count = 0;
    for_each_field(object, [&](std::string_view, const auto&) { ++count; });
    return count;
}

// Gives a field its value. A const one, which cannot be assigned, is replaced by a new object in its place: since C++20
// every name of the old one then means the new one.
template <class Field>
void set_field(Field& field, std::remove_const_t<Field>&& value) {
    if constexpr (std::is_const_v<Field>) {
        using Plain = std::remove_const_t<Field>;
        static_assert(
            std::is_nothrow_move_constructible_v<Plain>,
            "a const member is loaded by putting a new object in its place, which must not fail half-way: its "
            "type has to move without throwing; drop the const, or specialise jl::Mapping");
        std::destroy_at(std::addressof(field));
        ::new (const_cast<Plain*>(std::addressof(field))) Field(std::move(value));
    } else {
        field = std::move(value);
    }
}

template <class Field>
void read_into_field(const Record& in, Field& field) {
    if constexpr (std::is_const_v<Field>) {
        auto value = made<std::remove_const_t<Field>>();
        jl::read(in, value);
        set_field(field, std::move(value));
    } else {
        jl::read(in, field);
    }
}

}  // namespace jl::detail
