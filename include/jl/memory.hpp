// Memory: results of functions kept on disk, so that a call with the same arguments is loaded instead of computed.
//
//     jl::Memory mem("/tmp/joblib", {.verbose = 1});
//     auto square = mem.cache("square", [](const xt::xarray<double>& a) -> xt::xarray<double> { return a * a; });
//     auto b = square(a);                                // [Memory] Calling square...
//     auto c = square(a);                                // loaded
//     auto parse = JL_CACHE(mem, parse_file, {.version = 2});
//
// Name, version, types and values of the arguments decide. Code is not looked at: raise the version when it changes.
// What a lambda captured is not looked at either. docs/memory.md tells about keys, limits, processes and failures.
// A Memory is a handle: copies share everything; thread-safe, and safe between processes. A store that fails costs a
// warning, never a result.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <jl/cached_function.hpp>
#include <jl/detail/call_signature.hpp>
#include <jl/mapping_cached_function.hpp>
#include <jl/memory_options.hpp>
#include <jl/store_backend.hpp>

namespace jl {

class Memory {
  public:
    // Nothing is made before the first result is kept. Without a location functions are called as they are.
    // Error{usage} for an unknown backend, a negative age.
    explicit Memory(std::optional<std::filesystem::path> location = std::nullopt, const MemoryOptions& options = {});

    // `function`: a function, a lambda, a function object, a pointer to a member function (the object is then the first
    // argument). Results and arguments are what jl can dump. Where it can be called in several ways, the signature is
    // told: mem.cache<double(double)>("root", …). Error{usage} for options that do not fit.
    template <class Signature = void, class F>
    auto cache(const std::string& name, F&& function, const CacheOptions& options = {}) const {
        using Function = std::decay_t<F>;
        require_const_call<Function>();
        using Own = typename detail::CallSignature<Function>::type;
        using Chosen = std::conditional_t<std::is_void_v<Signature>, Own, Signature>;
        static_assert(!std::is_void_v<Chosen>,
                      "this can be called in several ways: name one, as in mem.cache<double(int)>(\"name\", f)");
        return cached<Function>(name, Function(std::forward<F>(function)), options,
                                static_cast<std::type_identity<Chosen>*>(nullptr));
    }
    // The function as part of the type, which then can go to worker processes: mem.cache<&root>("root").
    template <auto Function>
    requires std::is_function_v<std::remove_pointer_t<decltype(Function)>>
    auto cache(const std::string& name, const CacheOptions& options = {}) const {
        return cache(name, detail::FixedFunction<Function>(), options);
    }
    // A member function of this object, whose value is part of the key.
    template <class Object, class Method>
    requires std::is_member_function_pointer_v<Method>
    auto cache(const std::string& name, const Object& object, Method method, const CacheOptions& options = {}) const {
        static_assert(!detail::MemberSignature<Method>::changes,
                      "a member function that may change its object: the cache would not repeat that; make it const");
        static_assert(detail::HasMapping<Object>, "the object is part of the key: jl has to be able to dump it");
        using Bound = detail::BoundMember<Object, Method>;
        return cached<Bound>(name, Bound(object, method), options,
                             static_cast<std::type_identity<typename detail::MemberSignature<Method>::call>*>(nullptr));
    }

    // As cache(name, function)(arguments...).
    template <class F, class... A>
    auto eval(const std::string& name, F&& function, A&&... arguments) const {
        return cache(name, std::forward<F>(function))(std::forward<A>(arguments)...);
    }

    // Removes every result of every function.
    void clear() const;
    // Removes what was not used for the longest time until all limits hold; how many entries went.
    std::uint64_t reduce_size(const ReduceOptions& limits) const;

    std::vector<EntryInfo> entries() const;
    bool remove(const EntryId& id) const;              // false: it was not there
    bool pin(const EntryId& id, Pinned pinned) const;  // false: it is not there

    MemoryStatistics statistics() const;
    // Null without a location.
    std::shared_ptr<StoreBackend> store() const noexcept;

  private:
    template <class F>
    static constexpr void require_const_call() {
        if constexpr (std::is_class_v<F> && requires { &F::operator(); })
            static_assert(!detail::MemberSignature<decltype(&F::operator())>::changes,
                          "a function object that changes when it is called: the cache would not repeat that; make its "
                          "operator() const, a lambda without mutable");
    }
    template <class F, class R, class... P>
    CachedFunction<R(P...), F> cached(const std::string& name, F function, const CacheOptions& options,
                                      std::type_identity<R(P...)>*) const {
        return CachedFunction<R(P...), F>::make(state_, name, std::move(function), options);
    }

    std::shared_ptr<detail::MemoryState> state_;
};

// A function under its own name: JL_CACHE(mem, acme::extract, {.version = 3}).
#define JL_CACHE(memory, function, ...) (memory).cache(#function, function __VA_OPT__(, ) __VA_ARGS__)

}  // namespace jl
