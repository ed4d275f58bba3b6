// A Schema with its defaults filled in, and refused by the compiler where its members do not go together.
#pragma once

#include <concepts>
#include <string_view>
#include <type_traits>

#include <jl/detail/class_path.hpp>
#include <jl/record.hpp>
#include <jl/schema.hpp>

namespace jl::detail {

template <class T>
concept NamesPythonClass = requires {
    { Schema<T>::python_class } -> std::convertible_to<std::string_view>;
};

// A path that is no constant is looked at when it is written.
template <class T>
constexpr bool has_sound_class() {
    if constexpr (requires { typename std::bool_constant<is_class_path(Schema<T>::python_class)>; })
        return is_class_path(Schema<T>::python_class);
    else
        return true;
}

template <class T>
struct CheckedSchema {
    static constexpr bool named = NamesPythonClass<T>;
    static constexpr PythonForm python_form = [] {
        if constexpr (requires { Schema<T>::python_form; })
            return Schema<T>::python_form;
        else
            return PythonForm::attributes;
    }();
    static constexpr bool is_positional = python_form == PythonForm::values || python_form == PythonForm::arguments;
    static constexpr bool require_class = [] {
        if constexpr (requires { Schema<T>::require_class; })
            return Schema<T>::require_class;
        else
            return false;
    }();
    static constexpr bool defaults = [] {
        if constexpr (requires { Schema<T>::defaults; })
            return Schema<T>::defaults;
        else
            return false;
    }();
    static constexpr bool has_version = requires { Schema<T>::version; };
    static constexpr unsigned version = [] {
        if constexpr (has_version)
            return unsigned{Schema<T>::version};
        else
            return 0U;
    }();
    static constexpr bool migrates = requires { Schema<T>::migrate; };

    static std::string_view python_class() {
        if constexpr (named)
            return Schema<T>::python_class;
        else
            return {};
    }

    static_assert(!named || has_sound_class<T>(),
                  "Schema<T>::python_class has to be \"module.Name\", or \"module:Outer.Inner\" for a class inside "
                  "another: identifiers of Python, joined by dots");
    static_assert(named || python_form == PythonForm::attributes,
                  "Schema<T>::python_form says how a class takes its fields: Schema<T>::python_class has to name it");
    static_assert(named || !require_class, "Schema<T>::require_class needs the name in Schema<T>::python_class");
    static_assert(!has_version || python_form == PythonForm::attributes,
                  "Schema<T>::version is written as an attribute: a class that takes its fields as slots, values or "
                  "arguments has no room for it");
    static_assert(
        !migrates || requires(T & value, const Record& in) { Schema<T>::migrate(value, 0U, in); },
        "Schema<T>::migrate is: static void migrate(T& value, unsigned from, const jl::Record& in)");
    static_assert(has_version || !migrates, "Schema<T>::migrate is called for older versions: give Schema<T>::version");
};

}  // namespace jl::detail
