// A call that is made later, perhaps on another thread: what Parallel takes.
//
//     auto task = jl::delayed(root)(16);            // nothing runs yet
//     auto same = jl::delayed<&root>(16);           // the function as part of the type
//     std::move(task)(std::stop_token{});           // 4.0
//
// Function and arguments are copied, or moved, into the task, as by std::thread. A task in a container that outlives
// the call is not copied again: its arguments are then passed as const. A function whose first parameter is a
// std::stop_token is told when the others are given up.
#pragma once

#include <functional>
#include <stop_token>
#include <tuple>
#include <type_traits>
#include <utility>

namespace jl {

namespace detail {
template <class Task>
struct TaskCodec;
}

template <class F, class... A>
class Delayed {
  public:
    template <class G, class... B>
    explicit Delayed(std::in_place_t, G&& function, B&&... arguments)
        : function_(std::forward<G>(function)), arguments_(std::forward<B>(arguments)...) {}

    decltype(auto) operator()(std::stop_token stop) const& requires(
        std::invocable<const F&, const A&...> || std::invocable<const F&, std::stop_token, const A&...>) {
        return std::apply([&](const A&... a) -> decltype(auto) { return call(function_, std::move(stop), a...); },
                          arguments_);
    }
    decltype(auto) operator()(std::stop_token stop) && {
        static_assert(std::invocable<F, A...> || std::invocable<F, std::stop_token, A...>,
                      "the function cannot be called with these arguments: they are passed as values that may be moved "
                      "from, so a parameter that is a reference to something not const needs std::ref");
        return std::apply(
            [&](A&... a) -> decltype(auto) { return call(std::move(function_), std::move(stop), std::move(a)...); },
            arguments_);
    }

  private:
    friend struct detail::TaskCodec<Delayed>;
    template <class G, class... B>
    static decltype(auto) call(G&& function, std::stop_token stop, B&&... arguments) {
        if constexpr (std::invocable<G, B...>)
            return std::invoke(std::forward<G>(function), std::forward<B>(arguments)...);
        else
            return std::invoke(std::forward<G>(function), std::move(stop), std::forward<B>(arguments)...);
    }

    F function_;
    std::tuple<A...> arguments_;
};

namespace detail {

template <class F>
class Delay {
  public:
    explicit Delay(F function) : function_(std::move(function)) {}

    template <class... A>
    Delayed<F, std::decay_t<A>...> operator()(A&&... arguments) const& {
        return Delayed<F, std::decay_t<A>...>(std::in_place, function_, std::forward<A>(arguments)...);
    }
    template <class... A>
    Delayed<F, std::decay_t<A>...> operator()(A&&... arguments) && {
        return Delayed<F, std::decay_t<A>...>(std::in_place, std::move(function_), std::forward<A>(arguments)...);
    }

  private:
    F function_;
};

template <auto Function>
struct Constant {
    template <class... A>
    requires std::invocable<decltype(Function), A...>
    decltype(auto) operator()(A&&... arguments) const { return std::invoke(Function, std::forward<A>(arguments)...); }
};

}  // namespace detail

template <class F>
detail::Delay<std::decay_t<F>> delayed(F&& function) {
    return detail::Delay<std::decay_t<F>>(std::forward<F>(function));
}

template <auto Function, class... A>
Delayed<detail::Constant<Function>, std::decay_t<A>...> delayed(A&&... arguments) {
    return Delayed<detail::Constant<Function>, std::decay_t<A>...>(std::in_place, detail::Constant<Function>(),
                                                                   std::forward<A>(arguments)...);
}

}  // namespace jl
