// What may be one thing or another: optional, variant, monostate; and paths.
//
//     jl::dump(std::variant<int, std::string>{"text"}, "x.pkl");     // Python: 'text'
//
// An empty optional and monostate are None. A variant is written as its active alternative; on load the alternatives
// whose kind fits the value are tried first, in order, then all others. None fits: Error{type}.
#pragma once

#include <concepts>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include <jl/mapping_containers.hpp>

namespace jl {

template <class T>
struct Mapping<std::optional<T>> {
    static void emit(Emitter& out, const std::optional<T>& value) {
        if (value)
            jl::emit(out, *value);
        else
            out.none();
    }
    static void read(const Record& in, std::optional<T>& value) {
        if (in.is_none()) return value.reset();
        if constexpr (std::is_default_constructible_v<T>)
            value.emplace();
        else
            value.emplace(detail::made<T>());
        jl::read(in, *value);
    }
    static void places(ArrayPlaces& places) { collect_places<T>(places); }
};

template <>
struct Mapping<std::monostate> {
    static void emit(Emitter& out, std::monostate) { out.none(); }
    static void read(const Record& in, std::monostate&) {
        if (!in.is_none()) in.fail_kind("None");
    }
};

template <>
struct Mapping<std::filesystem::path> {
    static void emit(Emitter& out, const std::filesystem::path& value) { out.text(value.string()); }
    static void read(const Record& in, std::filesystem::path& value) { value = std::string(in.text()); }
};

namespace detail {

// Whether a record's kind is the natural one of T: bool before int before float, str only for text, and so on.
// Types of other kinds (structs, smart pointers) are tried in turn.
template <class T>
bool kind_fits(const Record& in) {
    const Kind kind = in.kind();
    if constexpr (std::same_as<T, std::monostate> || std::same_as<T, std::nullptr_t>)
        return kind == Kind::none;
    else if constexpr (std::same_as<T, bool>)
        return kind == Kind::boolean;
    else if constexpr (std::integral<T> || is_wide_integer<T>)
        return kind == Kind::integer;
    else if constexpr (std::floating_point<T>)
        return kind == Kind::real;
    else if constexpr (is_complex<T>)
        return kind == Kind::complex;
    else if constexpr (TextLike<T> || std::same_as<T, std::filesystem::path>)
        return kind == Kind::text;
    else if constexpr (std::is_enum_v<T>)
        return kind == Kind::integer || kind == Kind::object || (kind == Kind::text && EnumNames<T>::known);
    else if constexpr (ByteSequence<T>)
        return kind == Kind::bytes;
    else if constexpr (NumberSequence<T>)
        return kind == Kind::array || kind == Kind::list || kind == Kind::tuple;
    else if constexpr (MapLike<T>)
        return kind == Kind::dict;
    else if constexpr (SetLike<T>)
        return kind == Kind::set || kind == Kind::frozenset;
    else
        return kind != Kind::none && kind != Kind::boolean && kind != Kind::integer && kind != Kind::real &&
               kind != Kind::text;
}

}  // namespace detail

// Reading: alternatives whose kind fits are tried first, in order; then all others, in order (an int fits a double, a
// None an optional). The first that reads without an error of type, range, missing or unknown_field is taken.
template <class... T>
struct Mapping<std::variant<T...>> {
    using Variant = std::variant<T...>;

    static void emit(Emitter& out, const Variant& value) {
        std::visit([&](const auto& active) { jl::emit(out, active); }, value);
    }
    static void read(const Record& in, Variant& value) {
        const bool done = (attempt<T>(in, value, true) || ...) || (attempt<T>(in, value, false) || ...);
        if (!done) in.fail_kind("one of the variant's alternatives");
    }
    static void places(ArrayPlaces& places) { (collect_places<T>(places), ...); }

  private:
    template <class A>
    static bool attempt(const Record& in, Variant& value, bool fitting) {
        if (detail::kind_fits<A>(in) != fitting) return false;
        auto alternative = detail::made<A>();
        const std::size_t begun = in.loading().begin_attempt();
        try {
            jl::read(in, alternative);
            in.loading().end_attempt(begun, true);
        } catch (const Error& error) {
            in.loading().end_attempt(begun, false);
            const ErrorCode code = error.code();
            if (code == ErrorCode::type || code == ErrorCode::range || code == ErrorCode::missing ||
                code == ErrorCode::unknown_field)
                return false;
            throw;
        }
        value.template emplace<A>(std::move(alternative));
        return true;
    }
};

}  // namespace jl
