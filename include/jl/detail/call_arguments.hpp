// Arguments of a call brought to the function's own parameter types, so that one value has one key however it is
// written: an lvalue, a temporary, a lazy expression.
#pragma once

#include <concepts>
#include <type_traits>
#include <typeinfo>
#include <utility>

#include <jl/detail/cached_call.hpp>
#include <jl/mapping.hpp>

namespace jl::detail {

template <class P>
inline constexpr bool changes_its_argument =
    std::is_lvalue_reference_v<P> && !std::is_const_v<std::remove_reference_t<P>>;

template <class P>
constexpr ParameterKind parameter_kind() {
    return {HasMapping<std::remove_cvref_t<P>>, changes_its_argument<P>};
}

// The argument itself where it has the parameter's type (or one that nothing can be known of), else a value of it.
template <class P, class A>
decltype(auto) as_parameter(A&& argument) {
    using Plain = std::remove_cvref_t<P>;
    using Given = std::remove_cvref_t<A>;
    if constexpr (std::same_as<Given, Plain> || !HasMapping<Plain> || changes_its_argument<P>) {
        return static_cast<A&&>(argument);
    } else {
        static_assert(!std::is_base_of_v<Plain, Given>,
                      "an object of a derived class as a base: its key would leave out what the derived class adds; "
                      "make the parameter's type the derived class");
        static_assert(std::convertible_to<A, Plain>, "an argument cannot be converted to the parameter's type");
        return static_cast<Plain>(static_cast<A&&>(argument));
    }
}

template <class T>
void emit_argument(Emitter& out, const T& value) {
    if constexpr (HasMapping<T>)
        jl::emit(out, value);
    else
        out.text(typeid(T).name());  // ignored: for people only
}

template <class T>
constexpr void require_result() {
    static_assert(!std::is_void_v<T>,
                  "a function that returns nothing has no result to keep: return what it makes, or call it without a "
                  "cache");
    if constexpr (!std::is_void_v<T>)
        static_assert(
            HasMapping<T> && !std::is_pointer_v<T>,
            "the result of a cached function has to be a value that jl can dump and load: see docs/memory.md");
}

// A function that its type tells, with its signature.
template <auto Function, class Pointer = decltype(Function)>
struct FixedFunction;
template <auto Function, class R, class... P>
struct FixedFunction<Function, R (*)(P...)> {
    R operator()(P... arguments) const { return Function(std::forward<P>(arguments)...); }
};
template <auto Function, class R, class... P>
struct FixedFunction<Function, R (*)(P...) noexcept> : FixedFunction<Function, R (*)(P...)> {};

// A member function with the object that it is called on, which is part of the key.
template <class Object, class Method>
class BoundMember {
  public:
    BoundMember(Object object, Method method) : object_(std::move(object)), method_(method) {}
    template <class... A>
    decltype(auto) operator()(A&&... arguments) const {
        return (object_.*method_)(std::forward<A>(arguments)...);
    }
    const Object& state() const noexcept { return object_; }

  private:
    Object object_;
    Method method_;
};

template <class F>
inline constexpr bool is_bound_member = false;
template <class Object, class Method>
inline constexpr bool is_bound_member<BoundMember<Object, Method>> = true;

// What of a function object makes a difference to its results: nothing of functions, and of objects without a mapping
// nothing that could be known.
template <class F>
std::function<void(Emitter&)> state_of(const F& function) {
    if constexpr (is_bound_member<F>)
        return [&function](Emitter& out) { jl::emit(out, function.state()); };
    else if constexpr (std::is_class_v<F> && !std::is_empty_v<F> && HasMapping<F>)
        return [&function](Emitter& out) { jl::emit(out, function); };
    else
        return {};
}

}  // namespace jl::detail
