// Structures: aggregates as they stand, other classes described with Boost.Describe.
//
//     struct Model { std::string name; xt::xarray<float> weights; std::optional<double> score; };     // nothing to add
//     class Circle : public Shape { … BOOST_DESCRIBE_CLASS(Circle, (Shape), (), (), (radius_)) };     // bases, private
//     members
//
// Python sees an object with attributes (types.SimpleNamespace). Reading accepts any dict or object with attributes; a
// field that is not there is Error{missing} unless it is an optional or pointer, or jl::Schema<T> gives it a default;
// extra ones are ignored, or refused with LoadOptions::unknown_fields. A contiguous sequence of trivially copyable
// structures of numbers is one structured array.
#pragma once

#include <algorithm>
#include <array>
#include <cstring>
#include <initializer_list>
#include <string_view>
#include <type_traits>
#include <vector>

#include <jl/detail/aggregate.hpp>
#include <jl/mapping_containers.hpp>
#include <jl/register_type.hpp>

namespace jl {

// What the field names alone do not say. Specialise for a structure T:
//
//     template <> struct jl::Schema<Model> {
//         static constexpr std::string_view python_class = "acme.Model";              // instead of SimpleNamespace;
//         made without __init__ static constexpr bool defaults = true;                                      // a
//         missing field keeps its initialiser static constexpr std::array aliases{jl::Alias{"score", "accuracy"}}; //
//         field, and an older name to look for
//     };
template <class T>
struct Schema {};

struct Alias {
    std::string_view field;
    std::string_view older_name;
};

namespace detail {

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

// visit(name, member) for each field in order of declaration; bases first.
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
    } else if constexpr (HasBase<Plain>) {
        static_assert(always_false<Plain>,
                      "an aggregate with a base class cannot be taken apart: describe it with BOOST_DESCRIBE_STRUCT "
                      "(Boost.Describe)");
    } else if constexpr (has_array_member<Plain>()) {
        static_assert(always_false<Plain>,
                      "an aggregate with a C array as a member cannot be taken apart: make the array a std::array, or "
                      "specialise jl::Mapping");
    } else {
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

template <class T>
inline constexpr bool may_be_missing = requires(T& value) {
    value.reset();
}
|| std::same_as<T, std::monostate>;

template <class T>
std::optional<Record> find_field(const Record& in, std::string_view name) {
    if (auto found = in.field(name)) return found;
    if constexpr (requires { Schema<T>::aliases; }) {
        for (const Alias& alias : Schema<T>::aliases) {
            if (alias.field != name) continue;
            if (auto found = in.field(alias.older_name)) return found;
        }
    }
    return std::nullopt;
}

template <class T, class Field>
void read_field(const Record& in, std::string_view name, Field& field) {
    constexpr bool has_defaults = requires { Schema<T>::defaults; };
    if (const auto found = find_field<T>(in, name)) {
        jl::read(*found, field);
    } else if constexpr (may_be_missing<Field>) {
        field = Field{};
    } else if constexpr (!has_defaults) {
        in.fail(ErrorCode::missing, "the field '" + std::string(name) + "' is not there");
    }
}

// Error{unknown_field} for the first attribute that no field of T takes.
template <class T>
void refuse_unknown(const Record& in, const T& value) {
    for (std::size_t i = 0; i < in.size(); ++i) {
        const std::string_view name = in.key(i).text();
        bool known = name == "__jl_type__";
        for_each_field(value, [&](std::string_view field, const auto&) { known = known || field == name; });
        if constexpr (requires { Schema<T>::aliases; }) {
            for (const Alias& alias : Schema<T>::aliases) known = known || alias.older_name == name;
        }
        if (!known)
            in.fail(ErrorCode::unknown_field,
                    "the field '" + std::string(name) + "' is unknown to the type that is loaded");
    }
}

template <class T>
struct StructFields {
    static void emit(Emitter& out, const T& value, std::string_view registered_name) {
        const Emitter::Nest nest(out);
        if (out.frozen())
            throw Error(ErrorCode::type, "a structure cannot be a dict key or a set member: Python could not hash it");
        std::string_view class_path;
        if constexpr (requires { Schema<T>::python_class; }) class_path = Schema<T>::python_class;
        out.begin_object(class_path, field_count(value) + (registered_name.empty() ? 0 : 1));
        if (!registered_name.empty()) out.attribute("__jl_type__"), out.text(registered_name);
        for_each_field(value, [&](std::string_view name, const auto& field) {
            out.attribute(name);
            jl::emit(out, field);
        });
        out.end_object();
    }
};

}  // namespace detail

template <detail::Structure T>
struct Mapping<T> {
    static constexpr bool jl_structure = true;  // a mapping of the user's own for T has none
    static void emit(Emitter& out, const T& value) { detail::StructFields<T>::emit(out, value, {}); }
    static void read(const Record& in, T& value) {
        if (!in.is_mapping()) in.fail_kind("an object with attributes or a dict");
        const detail::Nesting nesting(in);
        detail::for_each_field(value,
                               [&](std::string_view name, auto& field) { detail::read_field<T>(in, name, field); });
        if (in.loading().refuse_unknown_fields()) detail::refuse_unknown(in, value);
    }
    static void places(ArrayPlaces& places) {
        if constexpr (std::is_default_constructible_v<T>) {
            static const T example{};
            detail::for_each_field(example, [&]<class F>(std::string_view, const F&) { collect_places<F>(places); });
        }
    }
};

// ---- structured arrays ----

namespace detail {

template <class F>
struct FieldType {
    static constexpr bool value = ArrayElement<F>;
    static DType dtype() { return DType::of<F>(); }
};
template <class F, std::size_t N>
requires(FieldType<F>::value) struct FieldType<std::array<F, N>> {
    static constexpr bool value = true;
    static DType dtype() { return DType::subarray(DType::of<F>(), {N}); }
};

template <class T>
constexpr bool all_fields_are_numbers() {
    if constexpr (BoostDescribed<T>) {
        constexpr T** p = nullptr;
        return []<template <class...> class List, class... D>(List<D...>) {
            return sizeof...(D) > 0 &&
                   (FieldType<std::remove_cvref_t<decltype(std::declval<T&>().*D::pointer)>>::value && ...);
        }(decltype(boost_public_member_descriptor_fn(p))());
    } else if constexpr (HasBase<T> || has_array_member<T>() || count_fields<T>() == 0 ||
                         count_fields<T>() > max_fields) {
        return false;
    } else {
        return []<class... F>(std::tuple<F&...>*) {
            return (FieldType<std::remove_const_t<F>>::value && ...);
        }(static_cast<decltype(tie_fields(std::declval<T&>()))*>(nullptr));
    }
}

template <class T>
constexpr bool is_structured_item() {
    if constexpr (Structure<T> && requires { Mapping<T>::jl_structure; } && std::is_trivially_copyable_v<T> &&
                  std::is_default_constructible_v<T>)
        return all_fields_are_numbers<T>();
    else
        return false;
}

template <class T>
requires(is_structured_item<T>()) struct StructuredItems<T> {
    static constexpr bool value = true;

    static const DType& dtype() {
        static const DType type = make_dtype();
        return type;
    }
    // Padding bytes are cleared on the way out: equal values give equal files, and no stray memory leaves the program.
    static void emit(Emitter& out, std::span<const T> items) {
        const std::uint64_t shape[] = {items.size()};
        const DType& type = dtype();
        std::uint64_t covered = 0;
        for (const DTypeField& field : type.fields()) covered += field.type.itemsize();
        if (covered == sizeof(T)) return out.array({type, shape, 'C', std::as_bytes(items)});
        out.array({type, shape, 'C', {}, [&](std::uint64_t first, std::span<std::byte> into) {
                       std::ranges::fill(into, std::byte{0});
                       const auto* from = reinterpret_cast<const std::byte*>(items.data() + first);
                       for (std::size_t at = 0; at < into.size(); at += sizeof(T))
                           for (const DTypeField& field : type.fields())
                               std::memcpy(into.data() + at + field.offset, from + at + field.offset,
                                           static_cast<std::size_t>(field.type.itemsize()));
                   }});
    }
    template <class Sequence>
    static void read(const Record& in, Sequence& sequence) {
        const ArrayRecord array = in.array();
        if (array.shape().size() != 1)
            in.fail(ErrorCode::type,
                    "an array of 1 dimension is needed, one of " + std::to_string(array.shape().size()) + " is there");
        if constexpr (requires { sequence.resize(1); })
            sequence.resize(static_cast<std::size_t>(array.size()));
        else if (sequence.size() != array.size())
            in.fail(ErrorCode::range, std::to_string(sequence.size()) + " items are needed, " +
                                          std::to_string(array.size()) + " are there");
        array.copy_to(dtype(), 'C', std::as_writable_bytes(std::span(sequence)));
    }

  private:
    static DType make_dtype() {
        static const T example{};
        const auto* base = reinterpret_cast<const std::byte*>(&example);
        std::vector<DTypeField> fields;
        for_each_field(example, [&]<class F>(std::string_view name, const F& field) {
            const auto* at = reinterpret_cast<const std::byte*>(&field);
            fields.push_back({std::string(name), FieldType<F>::dtype(), static_cast<std::uint64_t>(at - base)});
        });
        // Boost.Describe may list members in any order.
        std::ranges::sort(fields, {}, &DTypeField::offset);
        return DType::structure(std::move(fields), sizeof(T), false);
    }
};

}  // namespace detail

}  // namespace jl
