// A contiguous sequence of structures of numbers as one structured array of numpy.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <jl/detail/alias_check.hpp>
#include <jl/detail/schema_check.hpp>
#include <jl/detail/struct_fields.hpp>
#include <jl/mapping_containers.hpp>

namespace jl::detail {

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

// What an array has of the fields of T, by its own names for them, and what is left to T's initialisers.
struct StructuredMatch {
    DType dtype;
    std::vector<DTypeField> missing;
};
// Error{missing} for a field that is not there, under no name, unless T has defaults; Error{unknown_field} for one that
// T does not have, where the load refuses those.
StructuredMatch match_structure(const Record& in, const DType& wanted, std::span<const Alias> aliases, bool defaults);

template <class T>
requires(is_structured_item<T>()) struct StructuredItems<T> {
    static constexpr bool value = CheckedAliases<T>::value;

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
                           for (const DTypeField& field : type.fields()) copy_field(field, from + at, into.data() + at);
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
        const std::span<std::byte> room = std::as_writable_bytes(std::span(sequence));
        const StructuredMatch match = match_structure(in, dtype(), aliases(), CheckedSchema<T>::defaults);
        array.copy_to(match.dtype, 'C', room);
        static const T example{};
        for (std::size_t at = 0; !match.missing.empty() && at < room.size(); at += sizeof(T))
            for (const DTypeField& field : match.missing)
                copy_field(field, reinterpret_cast<const std::byte*>(&example), room.data() + at);
    }

  private:
    static void copy_field(const DTypeField& field, const std::byte* from, std::byte* to) {
        std::memcpy(to + field.offset, from + field.offset, static_cast<std::size_t>(field.type.itemsize()));
    }
    static std::span<const Alias> aliases() {
        if constexpr (requires { Schema<T>::aliases; })
            return Schema<T>::aliases;
        else
            return {};
    }
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

}  // namespace jl::detail
