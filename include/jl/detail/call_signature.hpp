// The signature of anything that can be called in one way: functions, members, function objects.
//
//     CallSignature<decltype(f)>::type      // double(const std::string&, int); void where it has none or several
#pragma once

#include <type_traits>

namespace jl::detail {

template <class T>
struct FunctionSignature {
    using type = void;
};
// Qualifiers of a function type cannot stand in parentheses. NOLINTBEGIN(bugprone-macro-parentheses)
#define JL_SIGNATURE(qualifiers)                       \
    template <class R, class... P>                     \
    struct FunctionSignature<R (*)(P...) qualifiers> { \
        using type = R(P...);                          \
    };
JL_SIGNATURE()
JL_SIGNATURE(noexcept)
#undef JL_SIGNATURE

// Of a member: with the object it is called on as first parameter, or without it.
template <class T>
struct MemberSignature {
    using type = void;
    using call = void;
};
#define JL_SIGNATURE(object, qualifiers)                            \
    template <class R, class C, class... P>                         \
    struct MemberSignature<R (C::*)(P...) qualifiers> {             \
        using type = R(object, P...);                               \
        using call = R(P...);                                       \
        static constexpr bool changes = std::is_same_v<object, C&>; \
    };
JL_SIGNATURE(C&, )
JL_SIGNATURE(C&, noexcept)
JL_SIGNATURE(const C&, const)
JL_SIGNATURE(const C&, const noexcept)
JL_SIGNATURE(const C&, const&)
JL_SIGNATURE(const C&, const& noexcept)
#undef JL_SIGNATURE
// NOLINTEND(bugprone-macro-parentheses)

template <class F>
struct CallSignature {
    static auto find() {
        if constexpr (std::is_member_function_pointer_v<F>)
            return std::type_identity<typename MemberSignature<F>::type>();
        else if constexpr (requires { &F::operator(); })
            return std::type_identity<typename MemberSignature<decltype(&F::operator())>::call>();
        else
            return std::type_identity<typename FunctionSignature<F>::type>();
    }
    using type = typename decltype(find())::type;
};

}  // namespace jl::detail
