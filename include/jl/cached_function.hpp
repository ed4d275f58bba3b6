// A function whose results are kept: what jl::Memory::cache returns.
//
//     auto square = mem.cache("square", [](const xt::xarray<double>& a) -> xt::xarray<double> { return a * a; });
//     auto b = square(a);                         // computed, or loaded
//     auto [value, hit, seconds] = square.timed(a);
//     auto ref = square.call_and_shelve(a);       // a reference; nothing is loaded
//
// Arguments are converted to the function's parameters first; their values, the version and the types make the key.
// Trailing arguments that the function has defaults for may be left out, and are then no part of the key. What the
// function throws comes through and is not kept. Copies share everything. Thread-safe where the function is: one call
// computes a result, others that need it wait.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <typeinfo>
#include <utility>

#include <jl/detail/cached_call.hpp>
#include <jl/detail/call_arguments.hpp>
#include <jl/memorized_result.hpp>

namespace jl {

template <class T>
struct Computed {
    T output;
    CallMetadata metadata;
};

template <class T>
struct Timed {
    T value;
    bool hit;        // loaded, not computed by this call
    double seconds;  // of the whole call
};

template <class Signature, class F>
class CachedFunction;

template <class R, class... P, class F>
class CachedFunction<R(P...), F> {
  public:
    using Result = std::remove_cvref_t<R>;
    static_assert((detail::require_result<Result>(), true));

    CachedFunction() = default;  // of nothing: to be assigned to, or loaded
    // As Memory::cache.
    static CachedFunction make(std::shared_ptr<detail::MemoryState> memory, const std::string& name, F callable,
                               const CacheOptions& options) {
        const std::string signature = typeid(std::tuple<std::remove_cvref_t<R>, std::decay_t<P>...>*).name();
        CachedFunction made;
        made.function_ = std::make_shared<const F>(std::move(callable));
        made.state_ = std::make_shared<const detail::FunctionState>(
            detail::make_function(std::move(memory), name, signature, options, {detail::parameter_kind<P>()...}));
        return made;
    }

    template <class... A>
    Result operator()(A&&... arguments) const {
        return timed(std::forward<A>(arguments)...).value;
    }

    // The same, and whether it was loaded.
    template <class... A>
    Timed<Result> timed(A&&... arguments) const {
        std::optional<Result> result;
        const auto report = call_with(result, detail::CallMode::cached, std::forward<A>(arguments)...);
        return {std::move(*result), report.hit, report.seconds};
    }

    // Computes in any case, and keeps the result.
    template <class... A>
    Computed<Result> call(A&&... arguments) const {
        std::optional<Result> result;
        auto report = call_with(result, detail::CallMode::forced, std::forward<A>(arguments)...);
        return {std::move(*result), std::move(report.metadata)};
    }

    template <class... A>
    MemorizedResult<Result> call_and_shelve(A&&... arguments) const {
        std::optional<Result> result;
        auto report = call_with(result, detail::CallMode::shelved, std::forward<A>(arguments)...);
        if (!report.stored) return MemorizedResult<Result>(std::move(*result));
        return {std::make_shared<detail::ReferredStore>(reference_to(*state_->memory), store_of(*state_->memory)),
                std::move(report.id), mode_of(*state_)};
    }

    // Whether a call would be a hit. Changes nothing.
    template <class... A>
    bool check_call_in_cache(A&&... arguments) const {
        return with_parts([&](const detail::CallParts& parts) { return is_cached(*state_, parts); },
                          std::forward<A>(arguments)...);
    }

    // Single entries. The id names it in Memory::remove, pin, and at the shell.
    template <class... A>
    EntryId entry(A&&... arguments) const {
        return with_parts([&](const detail::CallParts& parts) { return entry_of(*state_, parts); },
                          std::forward<A>(arguments)...);
    }
    template <class... A>
    bool remove(A&&... arguments) const {
        return remove_result(*state_, entry(std::forward<A>(arguments)...));
    }
    // Pinned entries stay, whatever the limits. False: there is no such entry.
    template <class... A>
    bool pin(A&&... arguments) const {
        return pin_result(*state_, entry(std::forward<A>(arguments)...), Pinned::yes);
    }
    template <class... A>
    bool unpin(A&&... arguments) const {
        return pin_result(*state_, entry(std::forward<A>(arguments)...), Pinned::no);
    }
    // Keeps a result that was computed elsewhere. Error{usage} without a location, Error{io} where it cannot be kept.
    template <class... A>
    void insert(const Result& result, A&&... arguments) const {
        with_parts(
            [&](detail::CallParts& parts) {
                parts.write = [&](Emitter& out) { jl::emit(out, result); };
                insert_result(*state_, parts, 0);
                return true;
            },
            std::forward<A>(arguments)...);
    }

    // Removes the results of every version.
    void clear() const { clear_function(*state_); }

    const std::string& name() const noexcept { return state_->name; }
    const F& function() const noexcept { return *function_; }

  private:
    friend struct Mapping<CachedFunction>;

    // `use` with the arguments as the function wants them.
    template <class Use, std::size_t... I, class... A>
    decltype(auto) bound(const Use& use, std::index_sequence<I...>, A&&... arguments) const {
        static_assert(sizeof...(A) <= sizeof...(P), "more arguments than the function has parameters");
        return use(detail::as_parameter<std::tuple_element_t<I, std::tuple<P...>>>(std::forward<A>(arguments))...);
    }

    template <class... B>
    detail::CallParts parts_of(const B&... arguments) const {
        detail::CallParts parts;
        parts.arguments = sizeof...(B);
        parts.argument = [&arguments...](std::size_t index, Emitter& out) {
            std::size_t at = 0;
            ((at++ == index ? detail::emit_argument(out, arguments) : void()), ...);
            static_cast<void>(at), static_cast<void>(index), static_cast<void>(out);
        };
        parts.state = detail::state_of(*function_);
        return parts;
    }

    template <class Use, class... A>
    auto with_parts(const Use& use, A&&... arguments) const {
        return bound(
            [&]<class... B>(B&&... given) {
                auto parts = parts_of(given...);
                return use(parts);
            },
            std::index_sequence_for<A...>(), std::forward<A>(arguments)...);
    }

    template <class... A>
    detail::CallReport call_with(std::optional<Result>& result, detail::CallMode mode, A&&... arguments) const {
        return bound(
            [&]<class... B>(B&&... given) {
                static_assert(std::is_invocable_v<const F&, B...>,
                              "the function cannot be called with these arguments: a default that a function pointer "
                              "has lost has to be given");
                auto parts = parts_of(given...);
                parts.compute = [&] { result.emplace(std::invoke(*function_, std::forward<B>(given)...)); };
                parts.write = [&](Emitter& out) { jl::emit(out, std::as_const(*result)); };
                std::optional<Result> loaded;
                parts.reading = [&] {
                    loaded.emplace(detail::made<Result>());
                    return detail::reading_into(*loaded);
                };
                parts.take_loaded = [&] { result.emplace(std::move(*loaded)); };
                return run_call(*state_, parts, mode);
            },
            std::index_sequence_for<A...>(), std::forward<A>(arguments)...);
    }

    std::shared_ptr<const F> function_;
    std::shared_ptr<const detail::FunctionState> state_;
};

}  // namespace jl
