// Containers of the standard library and those that look like them: arrays, lists, tuples, sets, dicts.
//
//     jl::dump(std::map<std::string, std::vector<double>>{…}, "x.pkl");      // Python: {str: numpy.ndarray}
//
// Contiguous sequences of numbers are arrays (bytes when of std::byte); other sequences lists; pair and tuple tuples;
// set-like types sets, map-like types dicts, both written in ascending order when unordered (their keys need
// operator<).
#pragma once

#include <algorithm>
#include <array>
#include <filesystem>
#include <functional>
#include <ranges>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include <jl/detail/array_vector.hpp>
#include <jl/detail/for_each_in_order.hpp>
#include <jl/mapping.hpp>
#include <jl/mapping_enum.hpp>

namespace jl {

namespace detail {

template <class T>
inline constexpr bool is_std_array = false;
template <class T, std::size_t N>
inline constexpr bool is_std_array<std::array<T, N>> = true;

template <class T>
inline constexpr bool is_std_span = false;
template <class T, std::size_t N>
inline constexpr bool is_std_span<std::span<T, N>> = true;

// Mapped by a header of their own, or not at all: jl::Array, expressions of xtensor, expressions of Eigen.
template <class T>
concept ForeignArray = requires {
    typename T::jl_own_mapping;
}
|| requires {
    T::static_layout;
    T::contiguous_layout;
}
|| requires {
    typename T::StorageKind;
    typename T::PlainObject;
};
template <class T>
concept SequenceLike = !ForeignArray<T> && std::ranges::sized_range<const T> && !TextLike<T> && !requires {
    typename T::key_type;
}
&&!std::same_as<T, std::filesystem::path> && requires { typename T::value_type; };
template <class T>
concept ContiguousSequence = SequenceLike<T> && std::ranges::contiguous_range<const T>;
template <class T>
concept ByteSequence = ContiguousSequence<T> && std::same_as<std::remove_cv_t<typename T::value_type>, std::byte>;
template <class T>
concept NumberSequence = ContiguousSequence<T> && ArrayElement<std::remove_cv_t<typename T::value_type>>;
template <class T>
concept GrowingSequence = SequenceLike<T> && requires(T& c, typename T::value_type v) {
    c.clear();
    c.push_back(std::move(v));
};

template <class T>
concept MapLike = requires {
    typename T::key_type;
    typename T::mapped_type;
}
&&std::ranges::sized_range<const T>;
template <class T>
concept SetLike = requires {
    typename T::key_type;
}
&&!MapLike<T> && std::ranges::sized_range<const T>;
template <class T>
concept Unordered = requires {
    typename T::hasher;
};

// Specialised by the structure mapping: items that form a structured array.
template <class T>
struct StructuredItems {
    static constexpr bool value = false;
};

template <class T>
void read_item(const Record& in, T& item) {
    jl::read(in, item);
}

struct Nesting {
    explicit Nesting(const Record& record) : loading(record.loading()) { loading.enter(record); }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;
    ~Nesting() { loading.leave(); }
    Loading& loading;
};

}  // namespace detail

// ---- bytes and arrays of numbers ----

template <detail::ByteSequence T>
struct Mapping<T> {
    static void emit(Emitter& out, const T& value) { out.bytes(std::span<const std::byte>(value)); }
    static void read(const Record& in, T& value) {
        const std::span<const std::byte> bytes = in.bytes();
        if constexpr (requires { value.assign(bytes.begin(), bytes.end()); }) {
            value.assign(bytes.begin(), bytes.end());
        } else {
            static_assert(!detail::is_std_span<T>,
                          "a std::span cannot be loaded: it owns nothing; use std::vector<std::byte>");
            if (bytes.size() != value.size())
                in.fail(ErrorCode::range, std::to_string(value.size()) + " bytes are needed, " +
                                              std::to_string(bytes.size()) + " are there");
            std::copy(bytes.begin(), bytes.end(), value.begin());
        }
    }
};

template <detail::NumberSequence T>
struct Mapping<T> {
    using Item = std::remove_cv_t<typename T::value_type>;

    static void emit(Emitter& out, const T& value) {
        if (out.frozen()) return emit_frozen(out, value);
        const std::uint64_t shape[] = {value.size()};
        out.array({DType::of<Item>(), shape, 'C', std::as_bytes(std::span(value))});
    }

    static void read(const Record& in, T& value) {
        static_assert(!detail::is_std_span<T>, "a std::span cannot be loaded: it owns nothing; use std::vector");
        if (!in.is_array()) return read_list(in, value);
        const ArrayRecord array = in.array();
        if (array.shape().size() != 1)
            in.fail(ErrorCode::type,
                    "an array of 1 dimension is needed, one of " + std::to_string(array.shape().size()) + " is there");
        bool movable = false;
        if (T* held = array.held<T>(movable)) {
            if (movable)
                value = std::move(*held);
            else
                value = *held;
            return;
        }
        make_room(in, value, array.size());
        array.copy_to(DType::of<Item>(), 'C', std::as_writable_bytes(std::span(value)));
    }

    static void places(ArrayPlaces& places) requires requires(T& c) { c.resize(1); }
    { places.add({DType::of<Item>(), 1, 0, &typeid(T), &detail::make_vector_place<T>}); }

  private:
    static void make_room(const Record& in, T& value, std::uint64_t count) {
        if constexpr (requires { value.resize(1); }) {
            detail::resize_for_load(value, static_cast<std::size_t>(count));
        } else if (value.size() != count) {
            in.fail(ErrorCode::range,
                    std::to_string(value.size()) + " items are needed, " + std::to_string(count) + " are there");
        }
    }
    static void read_list(const Record& in, T& value) {
        if (!in.is_sequence()) in.fail_kind("a 1-d array");
        make_room(in, value, in.size());
        for (std::size_t i = 0; i < value.size(); ++i) jl::read(in.item(i), value[i]);
    }
    static void emit_frozen(Emitter& out, const T& value) {
        out.begin(Container::tuple, value.size());
        for (const Item& item : value) jl::emit(out, item);
        out.end();
    }
};

// std::vector<bool> holds bits: it becomes an array of bool through a buffer of its own.
template <class A>
struct Mapping<std::vector<bool, A>> {
    static void emit(Emitter& out, const std::vector<bool, A>& value) {
        const std::uint64_t shape[] = {value.size()};
        const auto fill = [&](std::uint64_t first, std::span<std::byte> items) {
            for (std::size_t i = 0; i < items.size(); ++i)
                items[i] = value[static_cast<std::size_t>(first) + i] ? std::byte{1} : std::byte{0};
        };
        out.array({DType::of<bool>(), shape, 'C', {}, fill});
    }
    static void read(const Record& in, std::vector<bool, A>& value) {
        std::vector<std::uint8_t> bytes;
        jl::read(in, bytes);
        value.resize(bytes.size());
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            if (bytes[i] > 1)
                in.fail(ErrorCode::range,
                        "item " + std::to_string(i) + " is " + std::to_string(bytes[i]) + ", not a bool");
            value[i] = bytes[i] != 0;
        }
    }
};

// ---- other sequences ----

template <detail::SequenceLike T>
requires(!detail::ByteSequence<T> && !detail::NumberSequence<T>) struct Mapping<T> {
    using Item = std::remove_cv_t<typename T::value_type>;
    static constexpr bool structured = detail::ContiguousSequence<T> && detail::StructuredItems<Item>::value;

    static void emit(Emitter& out, const T& value) {
        if constexpr (structured) {
            if (!out.frozen()) return detail::StructuredItems<Item>::emit(out, std::span<const Item>(value));
        }
        const Emitter::Nest nest(out);
        out.begin(out.frozen() ? Container::tuple : Container::list, std::ranges::size(value));
        for (const auto& item : value) jl::emit(out, static_cast<const Item&>(item));
        out.end();
    }

    static void read(const Record& in, T& value) {
        static_assert(!detail::is_std_span<T>, "a std::span cannot be loaded: it owns nothing; use std::vector");
        if constexpr (structured) {
            if (in.is_array()) return detail::StructuredItems<Item>::read(in, value);
        }
        if (!in.is_sequence()) in.fail_kind("a list");
        const detail::Nesting nesting(in);
        if constexpr (detail::GrowingSequence<T>) {
            value.clear();
            if constexpr (requires { value.reserve(1); }) value.reserve(in.size());
            for (std::size_t i = 0; i < in.size(); ++i) {
                value.push_back(detail::made<Item>());
                jl::read(in.item(i), value.back());
            }
        } else {
            read_exact(in, value);
        }
    }

    static void places(ArrayPlaces& places) { collect_places<Item>(places); }

  private:
    static void read_exact(const Record& in, T& value) {
        static_assert(detail::is_std_array<T>,
                      "this sequence type cannot be loaded: it has neither push_back nor a fixed size; specialise "
                      "jl::Mapping for it");
        if (in.size() != value.size())
            in.fail(ErrorCode::range,
                    std::to_string(value.size()) + " items are needed, " + std::to_string(in.size()) + " are there");
        for (std::size_t i = 0; i < value.size(); ++i) jl::read(in.item(i), value[i]);
    }
};

// ---- tuples ----

namespace detail {

template <class T>
struct TupleMapping {
    static constexpr std::size_t count = std::tuple_size_v<T>;

    static void emit(Emitter& out, const T& value) {
        const Emitter::Nest nest(out);
        out.begin(Container::tuple, count);
        std::apply([&](const auto&... items) { (jl::emit(out, items), ...); }, value);
        out.end();
    }
    static void read(const Record& in, T& value) {
        if (!in.is_sequence()) in.fail_kind("a tuple");
        if (in.size() != count)
            in.fail(ErrorCode::range, "a tuple of " + std::to_string(count) + " items is needed, one of " +
                                          std::to_string(in.size()) + " is there");
        const Nesting nesting(in);
        read_items(in, value, std::make_index_sequence<count>());
    }
    static void places(ArrayPlaces& places) { collect(places, std::make_index_sequence<count>()); }

  private:
    template <std::size_t... I>
    static void read_items(const Record& in, T& value, std::index_sequence<I...>) {
        (jl::read(in.item(I), std::get<I>(value)), ...);
    }
    template <std::size_t... I>
    static void collect(ArrayPlaces& places, std::index_sequence<I...>) {
        (collect_places<std::remove_cv_t<std::tuple_element_t<I, T>>>(places), ...);
    }
};

}  // namespace detail

template <class A, class B>
struct Mapping<std::pair<A, B>> : detail::TupleMapping<std::pair<A, B>> {};
template <class... T>
struct Mapping<std::tuple<T...>> : detail::TupleMapping<std::tuple<T...>> {};

// ---- sets and maps ----

template <detail::SetLike T>
struct Mapping<T> {
    using Item = typename T::key_type;

    static void emit(Emitter& out, const T& value) {
        const Emitter::Nest nest(out);
        const bool frozen = out.frozen();
        const Emitter::Freeze freeze(out);
        out.begin(frozen ? Container::frozenset : Container::set, value.size());
        if constexpr (detail::Unordered<T>) {
            detail::for_each_in_order(value, std::identity(), [&](const Item& item) { jl::emit(out, item); });
        } else {
            for (const Item& item : value) jl::emit(out, item);
        }
        out.end();
    }
    static void read(const Record& in, T& value) {
        if (!in.is_sequence()) in.fail_kind("a set");
        const detail::Nesting nesting(in);
        value.clear();
        if constexpr (requires { value.reserve(1); }) value.reserve(in.size());
        for (std::size_t i = 0; i < in.size(); ++i) {
            auto item = detail::made<Item>();
            jl::read(in.item(i), item);
            value.insert(value.end(), std::move(item));
        }
    }
    static void places(ArrayPlaces& places) { collect_places<Item>(places); }
};

template <detail::MapLike T>
struct Mapping<T> {
    using Key = typename T::key_type;
    using Mapped = typename T::mapped_type;

    static void emit(Emitter& out, const T& value) {
        if (out.frozen())
            throw Error(ErrorCode::type, "a dict cannot be a dict key or a set member: Python could not hash it");
        const Emitter::Nest nest(out);
        out.begin(Container::dict, value.size());
        if constexpr (detail::Unordered<T>) {
            detail::for_each_in_order(
                value, [](const auto& pair) -> const Key& { return pair.first; },
                [&](const auto& pair) { emit_pair(out, pair); });
        } else {
            for (const auto& pair : value) emit_pair(out, pair);
        }
        out.end();
    }

    // Later pairs replace earlier ones with the same key, as in Python; multimaps keep all.
    static void read(const Record& in, T& value) {
        if (!in.is_mapping()) in.fail_kind("a dict");
        const detail::Nesting nesting(in);
        value.clear();
        const std::size_t count = in.size();
        if constexpr (requires { value.reserve(count); }) value.reserve(count);
        for (std::size_t i = 0; i < count; ++i) {
            auto key = detail::made<Key>();
            jl::read(in.key(i), key);
            Mapped& mapped = slot(value, std::move(key));
            jl::read(in.value(i), mapped);
        }
    }
    static void places(ArrayPlaces& places) {
        collect_places<Key>(places);
        collect_places<Mapped>(places);
    }

  private:
    static Mapped& slot(T& value, Key&& key) {
        constexpr bool has_slots = requires { value.try_emplace(value.end(), std::move(key)); };
        if constexpr (has_slots && std::is_default_constructible_v<Mapped>) {
            return value.try_emplace(value.end(), std::move(key))->second;
        } else if constexpr (has_slots) {
            return value.try_emplace(value.end(), std::move(key), detail::made<Mapped>())->second;
        } else {
            return value.emplace(std::move(key), detail::made<Mapped>())->second;
        }
    }
    static void emit_pair(Emitter& out, const auto& pair) {
        {
            const Emitter::Freeze freeze(out);
            jl::emit(out, pair.first);
        }
        jl::emit(out, pair.second);
    }
};

}  // namespace jl
