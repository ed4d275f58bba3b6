// Polymorphic types: which class stands behind a pointer to a base, by a name of the program's choice.
//
//     jl::register_type<Circle, Shape>("acme.Circle");       // once, before dump or load of a pointer to Shape
//
// In Python the object has an attribute __jl_type__ with that name. An object without it is told by its class, where
// jl::Schema<Derived> names that: Python's own objects are loaded so. Registering is thread-safe; the same registration
// twice is fine. Error{usage} for a name or type that is taken by another; dump of an unregistered class is
// Error{type}, and so is a name in a file that is not registered for the base asked for.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <typeinfo>

#include <jl/detail/schema_check.hpp>
#include <jl/mapping.hpp>

namespace jl {

namespace detail {

// Type-erased operations of one registration; pointers are to the base.
struct PolymorphicType {
    std::string name;
    const std::type_info* type = nullptr;
    const std::type_info* base = nullptr;
    std::string python_class;  // of its Schema, empty without
    void (*emit)(Emitter&, const void* base, std::string_view name) = nullptr;
    void (*read)(const Record&, void* base) = nullptr;
    void* (*make)() = nullptr;  // a new Derived, as Base*
};

void register_polymorphic(PolymorphicType type);
// Error{type} when not registered.
const PolymorphicType& polymorphic_by_type(const std::type_info& base, const std::type_info& type);
const PolymorphicType& polymorphic_by_record(const Record& in, const std::type_info& base);
// By its __jl_type__, else by its class; null when neither tells.
const PolymorphicType* find_polymorphic(const Record& in, const std::type_info& base);

// Specialised by the structure mapping: writes the attributes of a structure below a leading __jl_type__.
template <class T>
struct StructFields;

template <class Base>
void emit_polymorphic(Emitter& out, const Base& object) {
    if constexpr (!std::is_abstract_v<Base>) {
        if (typeid(object) == typeid(Base)) return jl::emit(out, object);
    }
    const PolymorphicType& type = polymorphic_by_type(typeid(Base), typeid(object));
    type.emit(out, &object, type.name);
}

template <class Base>
std::unique_ptr<Base> make_unique_polymorphic(const Record& in) {
    if constexpr (!std::is_abstract_v<Base>) {
        if (!find_polymorphic(in, typeid(Base))) return std::make_unique<Base>();
    }
    return std::unique_ptr<Base>(static_cast<Base*>(polymorphic_by_record(in, typeid(Base)).make()));
}

template <class Base>
std::shared_ptr<Base> make_polymorphic(const Record& in) {
    return make_unique_polymorphic<Base>(in);
}

template <class Base>
void read_polymorphic(const Record& in, Base& object) {
    if constexpr (!std::is_abstract_v<Base>) {
        if (!find_polymorphic(in, typeid(Base))) return jl::read(in, object);
    }
    polymorphic_by_record(in, typeid(Base)).read(in, &object);
}

}  // namespace detail

template <class Derived, class Base>
void register_type(const std::string& name) {
    static_assert(std::is_base_of_v<Base, Derived> && !std::is_same_v<Base, Derived>,
                  "register_type<Derived, Base>: Derived must derive from Base");
    static_assert(std::is_polymorphic_v<Base>,
                  "register_type<Derived, Base>: Base needs a virtual function, at least the destructor");
    static_assert(std::has_virtual_destructor_v<Base>, "register_type<Derived, Base>: Base needs a virtual destructor");
    detail::PolymorphicType type;
    type.name = name;
    type.type = &typeid(Derived);
    type.base = &typeid(Base);
    type.python_class = detail::CheckedSchema<Derived>::python_class();
    type.emit = [](Emitter& out, const void* base, std::string_view registered) {
        detail::StructFields<Derived>::emit(out, static_cast<const Derived&>(*static_cast<const Base*>(base)),
                                            registered);
    };
    type.read = [](const Record& in, void* base) { jl::read(in, static_cast<Derived&>(*static_cast<Base*>(base))); };
    type.make = []() -> void* {
        static_assert(
            std::is_default_constructible_v<Derived>,
            "register_type<Derived, Base>: an object is loaded by making an empty one and filling it: Derived "
            "needs a default constructor");
        return static_cast<Base*>(new Derived());
    };
    detail::register_polymorphic(std::move(type));
}

}  // namespace jl
