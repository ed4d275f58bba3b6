// Cached functions go to worker processes, and into files, where their function can: lambdas without captures,
// mem.cache<&f>("f"), and function objects that are portable.
//
//     const auto square = mem.cache("square", [](int x) { return x * x; });
//     jl::Parallel({.n_jobs = 4, .backend = "multiprocessing"}).map(numbers, square);  // equal calls: one computes
//
// Location, options and the function's name, version and ignored arguments travel; the code is that of the program that
// reads it, a logger stays behind. Equal ones that a process reads share one Memory, whose store is
// opened: jl's own ones touch nothing before the first call. Error{usage} for a validation
// callback other than jl::expires_after, and for a location or options with secrets: a task then makes its own Memory.
#pragma once

#include <jl/cached_function.hpp>
#include <jl/detail/cached_form.hpp>
#include <jl/mapping_containers.hpp>
#include <jl/mapping_pointers.hpp>
#include <jl/mapping_struct.hpp>
#include <jl/portable.hpp>

namespace jl {

namespace detail {
template <class F>
inline constexpr bool is_its_type = std::is_empty_v<F>&& std::is_default_constructible_v<F>;
}

template <class R, class... P, class F>
requires(detail::is_its_type<F> || is_portable<F>) struct Mapping<CachedFunction<R(P...), F>> {
    using Function = CachedFunction<R(P...), F>;

    static void emit(Emitter& out, const Function& function) {
        out.begin(Container::tuple, 2);
        jl::emit(out, detail::form_of(*function.state_));
        if constexpr (detail::is_its_type<F>)
            out.none();
        else
            jl::emit(out, *function.function_);
        out.end();
    }
    static void read(const Record& in, Function& function) {
        detail::CachedForm form;
        jl::read(in.item(0), form);
        auto callable = detail::made<F>();
        if constexpr (!detail::is_its_type<F>) jl::read(in.item(1), callable);
        function = Function::make(detail::memory_of(form), form.name, std::move(callable), detail::options_of(form));
    }
    static void places(ArrayPlaces& places) {
        if constexpr (!detail::is_its_type<F>) collect_places<F>(places);
    }
};

}  // namespace jl
