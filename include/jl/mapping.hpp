// How a C++ type becomes events and comes back: the customisation point and the scalar types.
//
//     jl::emit(out, value);   T value;  jl::read(record, value);
//
// Specialise jl::Mapping<T> for a type of your own with emit and read (and optionally places). Everything in the type
// table of the specification is mapped by the headers that jl.hpp includes. Unsupported types fail to compile with a
// sentence that says what to do.
#pragma once

#include <complex>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include <jl/detail/unsupported.hpp>
#include <jl/emitter.hpp>
#include <jl/record.hpp>

namespace jl {

template <class T>
struct Mapping;

template <class T>
void emit(Emitter& out, const T& value) {
    if constexpr (std::is_volatile_v<T> || !detail::HasMapping<T>)
        detail::refuse<T>();
    else if constexpr (requires { Mapping<T>::emit(out, value); })
        Mapping<T>::emit(out, value);
    else
        static_assert(detail::always_false<T>, "jl::Mapping of this type has no emit(jl::Emitter&, const T&)");
}

// Fills `value` from the record; on an error it is valid but unspecified.
template <class T>
void read(const Record& record, T& value) {
    if constexpr (std::is_volatile_v<T> || !detail::HasMapping<T>)
        detail::refuse<T>();
    else if constexpr (requires { Mapping<T>::read(record, value); })
        Mapping<T>::read(record, value);
    else
        static_assert(detail::always_false<T>,
                      "this type can be written but not loaded, jl::Mapping has no read(const jl::Record&, T&) for it: "
                      "load text into a std::string");
}

// Announces the array containers that T holds.
template <class T>
void collect_places(ArrayPlaces& places) {
    if constexpr (requires { Mapping<T>::places(places); }) {
        if (places.enter(typeid(T))) Mapping<T>::places(places);
    }
}

namespace detail {

template <class T>
inline constexpr bool is_wide_integer = false;
#ifdef __SIZEOF_INT128__
__extension__ using Int128 = __int128;
__extension__ using UInt128 = unsigned __int128;
template <>
inline constexpr bool is_wide_integer<Int128> = true;
template <>
inline constexpr bool is_wide_integer<UInt128> = true;
#endif

template <class T>
concept PlainInteger = std::integral<T> && !std::same_as<T, bool> && !is_wide_integer<T>;

template <class T>
concept TextLike = std::same_as<T, std::string> || std::same_as<T, std::string_view>;

template <class T>
void emit_wide(Emitter& out, T value) {
    std::byte digits[sizeof(T) + 1];
    for (std::size_t i = 0; i < sizeof(T); ++i)
        digits[i] = static_cast<std::byte>(static_cast<unsigned char>(value >> (8 * i)));
    digits[sizeof(T)] = value < 0 ? std::byte{0xff} : std::byte{0};
    out.big_integer(digits);
}

}  // namespace detail

template <>
struct Mapping<bool> {
    static void emit(Emitter& out, bool value) { out.boolean(value); }
    static void read(const Record& in, bool& value) { value = in.boolean(); }
};

template <detail::PlainInteger T>
struct Mapping<T> {
    static void emit(Emitter& out, T value) {
        if constexpr (std::is_signed_v<T>)
            out.integer(value);
        else
            out.unsigned_integer(value);
    }
    static void read(const Record& in, T& value) { value = in.integer<T>(); }
};

template <class T>
requires detail::is_wide_integer<T>
struct Mapping<T> {
    static void emit(Emitter& out, T value) { detail::emit_wide(out, value); }
    static void read(const Record& in, T& value) {
        std::byte room[sizeof(T)];
        in.integer_bytes(room, T(-1) < T(0));
        value = 0;
        for (std::size_t i = sizeof(T); i-- > 0;)
            value = static_cast<T>(value << 8 | static_cast<T>(std::to_integer<unsigned>(room[i])));
    }
};

template <>
struct Mapping<double> {
    static void emit(Emitter& out, double value) { out.real(value); }
    static void read(const Record& in, double& value) { value = in.real(); }
};

template <>
struct Mapping<float> {
    static void emit(Emitter& out, float value) { out.real(value); }
    static void read(const Record& in, float& value) {
        const double wide = in.real();
        value = static_cast<float>(wide);
        if (static_cast<double>(value) != wide && wide == wide)
            in.fail(ErrorCode::range, std::to_string(wide) + " is not exactly a float (32 bits)");
    }
};

// As a number of its own a long double is a Python float; it must be exactly one.
template <>
struct Mapping<long double> {
    static void emit(Emitter& out, long double value) {
        const auto narrow = static_cast<double>(value);
        if (static_cast<long double>(narrow) != value && value == value)
            throw Error(ErrorCode::range, "a long double that is not exactly a double cannot be a Python float");
        out.real(narrow);
    }
    static void read(const Record& in, long double& value) { value = in.real(); }
};

template <class R>
struct Mapping<std::complex<R>> {
    static void emit(Emitter& out, const std::complex<R>& value) {
        out.complex(static_cast<double>(value.real()), static_cast<double>(value.imag()));
    }
    static void read(const Record& in, std::complex<R>& value) {
        const auto [real, imag] = in.complex();
        value = {static_cast<R>(real), static_cast<R>(imag)};
        const bool exact = (static_cast<double>(value.real()) == real || real != real) &&
                           (static_cast<double>(value.imag()) == imag || imag != imag);
        if (!exact) in.fail(ErrorCode::range, "the complex number does not fit the narrower type exactly");
    }
};

// Loading into a string_view would outlive its document: only std::string is read.
template <detail::TextLike T>
struct Mapping<T> {
    static void emit(Emitter& out, const T& value) { out.text(value); }
    static void read(const Record& in, T& value) {
        static_assert(
            std::same_as<T, std::string>,
            "a std::string_view cannot be loaded: it would point into a document that is gone; use std::string");
        value = in.text();
    }
};

template <>
struct Mapping<const char*> {
    static void emit(Emitter& out, const char* value) { value ? out.text(value) : out.none(); }
};

template <std::size_t N>
struct Mapping<char[N]> {
    static void emit(Emitter& out, const char (&value)[N]) { out.text(std::string_view(value)); }
};

template <>
struct Mapping<std::nullptr_t> {
    static void emit(Emitter& out, std::nullptr_t) { out.none(); }
    static void read(const Record& in, std::nullptr_t&) {
        if (!in.is_none()) in.fail_kind("None");
    }
};

}  // namespace jl
