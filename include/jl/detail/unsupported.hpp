// What the compiler says of a type that has no mapping: one sentence that says what to do.
#pragma once

#include <concepts>
#include <type_traits>

namespace jl {

template <class T>
struct Mapping;

namespace detail {

template <class T>
inline constexpr bool always_false = false;

template <class T>
concept HasMapping = requires {
    sizeof(Mapping<T>);
};

// By what they offer, since their headers may not be there.
template <class T>
concept AtomicLike = requires(const T& value) {
    { value.is_lock_free() } -> std::same_as<bool>;
    value.load();
};
template <class T>
concept ReferenceLike = requires(const T& value) {
    typename T::type;
    { value.get() } -> std::same_as<typename T::type&>;
};
template <class T>
concept XtensorLike = requires {
    T::static_layout;
    T::contiguous_layout;
};
template <class T>
concept EigenLike = requires {
    typename T::StorageKind;
    typename T::PlainObject;
};

template <class T>
constexpr void refuse() {
    if constexpr (std::is_volatile_v<T>)
        static_assert(always_false<T>, "a volatile object may change while it is written: copy it first");
    else if constexpr (std::is_const_v<T>)
        static_assert(always_false<T>, "a const object cannot be filled: drop the const, or specialise jl::Mapping");
    else if constexpr (std::is_union_v<T>)
        static_assert(
            always_false<T>,
            "a union does not say which of its members is alive: use std::variant, or specialise jl::Mapping");
    else if constexpr (std::is_member_pointer_v<T> || std::is_function_v<std::remove_pointer_t<T>>)
        static_assert(always_false<T>,
                      "a function or a pointer to a member means nothing in another program: write what chooses it, "
                      "an enum or a name");
    else if constexpr (std::is_pointer_v<T>)
        static_assert(always_false<T>,
                      "a raw pointer says nothing about who owns what it points to; use std::unique_ptr, "
                      "std::shared_ptr or std::weak_ptr");
    else if constexpr (std::is_array_v<T>)
        static_assert(always_false<T>, "an array of C's kind knows no assignment: use std::array or std::vector");
    else if constexpr (AtomicLike<T>)
        static_assert(always_false<T>, "an atomic belongs to running threads: write what its load() returns");
    else if constexpr (ReferenceLike<T>)
        static_assert(always_false<T>,
                      "a reference says nothing about who owns what it refers to: use the value itself, "
                      "std::unique_ptr or std::shared_ptr");
    else if constexpr (XtensorLike<T>)
        static_assert(always_false<T>, "arrays and expressions of xtensor need #include <jl/xtensor.hpp>");
    else if constexpr (EigenLike<T>)
        static_assert(always_false<T>, "matrices and expressions of Eigen need #include <jl/eigen.hpp>");
    else if constexpr (std::is_class_v<T> && requires { &T::operator(); })
        static_assert(always_false<T>, "code cannot be in a file: write what chooses it, an enum or a name");
    else if constexpr (std::is_class_v<T>)
        static_assert(always_false<T>,
                      "the members of this class are its own: describe it with BOOST_DESCRIBE_CLASS (Boost.Describe), "
                      "or specialise jl::Mapping for it; a function, a thread, a lock, a stream or a std::any cannot "
                      "be in a file");
    else
        static_assert(always_false<T>, "there is no mapping for this type: specialise jl::Mapping for it");
}

// An empty T to be filled.
template <class T>
T made() {
    if constexpr (requires { T{}; })
        return T{};
    else
        static_assert(always_false<T>,
                      "a value is loaded by making an empty one and filling it: give the type a default constructor, "
                      "or specialise jl::Mapping for what holds it");
}

}  // namespace detail

}  // namespace jl
