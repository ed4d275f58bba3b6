// Smart pointers: the pointee, or None. Shared ones keep their identity; cycles through shared_ptr and weak_ptr come
// back as cycles.
//
//     auto layer = std::make_shared<Layer>();  jl::dump(std::vector{layer, layer}, "x.pkl");   // Python: x[0] is x[1]
//
// Pointers to polymorphic bases need jl::register_type (register_type.hpp). A weak_ptr is written as what it points to;
// after a load it is empty unless something else in the loaded value owns that object.
#pragma once

#include <memory>
#include <type_traits>
#include <typeinfo>

#include <jl/mapping.hpp>
#include <jl/register_type.hpp>

namespace jl {

namespace detail {

template <class T>
const void* identity_of(const T& object) {
    if constexpr (std::is_polymorphic_v<T>)
        return dynamic_cast<const void*>(&object);
    else
        return std::addressof(object);  // expressions of xtensor have an operator & of their own
}

template <class T>
void emit_pointee(Emitter& out, const T& object) {
    const Emitter::Nest nest(out);
    if constexpr (std::is_polymorphic_v<T>)
        emit_polymorphic(out, object);
    else
        jl::emit(out, object);
}

// One allocation where the default constructor can be called so; members that are const may leave only braces.
template <class T>
std::shared_ptr<T> made_shared() {
    if constexpr (std::is_default_constructible_v<T>)
        return std::make_shared<T>();
    else
        return std::shared_ptr<T>(new T(made<T>()));
}

}  // namespace detail

template <class T>
struct Mapping<std::shared_ptr<T>> {
    using Plain = std::remove_const_t<T>;

    static void emit(Emitter& out, const std::shared_ptr<T>& pointer) {
        if (!pointer) return out.none();
        if (out.share(detail::identity_of(*pointer), typeid(*pointer), pointer)) return;
        detail::emit_pointee<Plain>(out, *pointer);
    }

    static void read(const Record& in, std::shared_ptr<T>& pointer) {
        if (in.is_none()) return pointer.reset();
        const void* identity = in.identity();
        if (identity) {
            if (auto known = in.loading().shared(identity, typeid(Plain))) {
                pointer = std::static_pointer_cast<Plain>(std::move(known));
                return;
            }
        }
        struct Depth {
            explicit Depth(const Record& record) : loading(record.loading()) { loading.enter(record); }
            ~Depth() { loading.leave(); }
            Loading& loading;
        } depth(in);
        auto made = make(in);
        if (identity) in.loading().remember(identity, typeid(Plain), made);
        fill(in, *made);
        pointer = std::move(made);
    }
    static void places(ArrayPlaces& places) {
        if constexpr (!std::is_abstract_v<Plain>) collect_places<Plain>(places);
    }

  private:
    static std::shared_ptr<Plain> make(const Record& in) {
        if constexpr (std::is_polymorphic_v<Plain>)
            return detail::make_polymorphic<Plain>(in);
        else
            return detail::made_shared<Plain>();
    }
    static void fill(const Record& in, Plain& object) {
        if constexpr (std::is_polymorphic_v<Plain>)
            detail::read_polymorphic(in, object);
        else
            jl::read(in, object);
    }
};

template <class T>
struct Mapping<std::weak_ptr<T>> {
    static void emit(Emitter& out, const std::weak_ptr<T>& pointer) { jl::emit(out, pointer.lock()); }
    static void read(const Record& in, std::weak_ptr<T>& pointer) {
        std::shared_ptr<T> owner;  // Loading keeps it until the load ends
        jl::read(in, owner);
        pointer = owner;
    }
    static void places(ArrayPlaces& places) { collect_places<std::shared_ptr<T>>(places); }
};

template <class T, class D>
struct Mapping<std::unique_ptr<T, D>> {
    using Plain = std::remove_const_t<T>;

    static void emit(Emitter& out, const std::unique_ptr<T, D>& pointer) {
        if (pointer)
            detail::emit_pointee<Plain>(out, *pointer);
        else
            out.none();
    }
    static void read(const Record& in, std::unique_ptr<T, D>& pointer) {
        if (in.is_none()) return pointer.reset();
        if constexpr (std::is_polymorphic_v<Plain>) {
            auto made = detail::make_unique_polymorphic<Plain>(in);
            detail::read_polymorphic(in, *made);
            pointer = std::move(made);
        } else {
            std::unique_ptr<Plain> made(new Plain(detail::made<Plain>()));
            jl::read(in, *made);
            pointer = std::move(made);
        }
    }
    static void places(ArrayPlaces& places) {
        if constexpr (!std::is_abstract_v<Plain>) collect_places<Plain>(places);
    }
};

}  // namespace jl
