// Structures: aggregates as they stand, other classes described with Boost.Describe.
//
//     struct Model { std::string name; xt::xarray<float> weights; std::optional<double> score; };  // nothing to add
//     class Circle : public Shape { … BOOST_DESCRIBE_CLASS(Circle, (Shape), (), (), (radius_)) };  // bases, private
//
// Python sees an object with attributes (types.SimpleNamespace, or the class that jl::Schema<T> names). Reading accepts
// any dict or object with attributes; a field that is not there is Error{missing} unless it is an optional or pointer,
// or the Schema gives it a default; extra ones are ignored, or refused with LoadOptions::unknown_fields. A contiguous
// sequence of trivially copyable structures of numbers is one structured array.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include <jl/detail/alias_check.hpp>
#include <jl/detail/object_record.hpp>
#include <jl/detail/schema_check.hpp>
#include <jl/detail/struct_fields.hpp>
#include <jl/detail/structured_items.hpp>
#include <jl/mapping_containers.hpp>
#include <jl/register_type.hpp>
#include <jl/schema.hpp>

namespace jl {

namespace detail {

template <class T>
inline constexpr bool may_be_missing = requires(T& value) {
    value.reset();
}
|| std::same_as<T, std::monostate>;

template <class T>
std::optional<Record> find_field(const Record& in, std::string_view name) {
    if (auto found = in.field(name)) return found;
    if constexpr (requires { Schema<T>::aliases; }) {
        for (const Alias& alias : Schema<T>::aliases) {
            if (alias.field != name) continue;
            if (auto found = in.field(alias.older_name)) return found;
        }
    }
    return std::nullopt;
}

// Error{unknown_field} for the first attribute that no field of T takes.
template <class T>
void refuse_unknown(const Record& in, const T& value) {
    for (std::size_t i = 0; i < in.size(); ++i) {
        const std::string_view name = in.key(i).text();
        bool known = name == type_attribute || name == version_attribute;
        for_each_field(value, [&](std::string_view field, const auto&) { known = known || field == name; });
        if constexpr (requires { Schema<T>::aliases; }) {
            for (const Alias& alias : Schema<T>::aliases) known = known || alias.older_name == name;
        }
        if (!known)
            in.fail(ErrorCode::unknown_field,
                    "the field '" + std::string(name) + "' is unknown to the type that is loaded");
    }
}

// Out and in of one structure, by its Schema.
template <class T>
struct StructFields {
    using Form = CheckedSchema<T>;
    static_assert(CheckedAliases<T>::value);

    // `registered_name`: of a polymorphic type, empty for others. Where there are no attributes, its class tells it.
    static void emit(Emitter& out, const T& value, std::string_view registered_name) {
        const Emitter::Nest nest(out);
        if (out.frozen() && Form::python_form != PythonForm::arguments)
            throw Error(ErrorCode::type, "a structure cannot be a dict key or a set member: Python could not hash it");
        if constexpr (Form::is_positional) {
            emit_positional(out, value);
        } else if constexpr (Form::python_form == PythonForm::slots) {
            out.begin_slotted(Form::python_class(), field_count(value));
            emit_fields(out, value, [&](std::string_view name) { out.attribute(name); });
            out.end_object();
        } else {
            out.begin_object(Form::python_class(),
                             field_count(value) + (registered_name.empty() ? 0 : 1) + (Form::version == 0 ? 0 : 1));
            if (!registered_name.empty()) out.attribute(type_attribute), out.text(registered_name);
            if constexpr (Form::version != 0) out.attribute(version_attribute), out.unsigned_integer(Form::version);
            emit_fields(out, value, [&](std::string_view name) { out.attribute(name); });
            out.end_object();
        }
    }

    static void read(const Record& in, T& value) {
        if constexpr (Form::require_class) check_class(in, Form::python_class());
        if (!in.is_mapping()) in.fail_kind("an object with attributes or a dict");
        const Nesting nesting(in);
        if constexpr (Form::is_positional) {
            if (const auto fields = PositionalFields::find(in, Form::python_form))
                return read_positional(in, *fields, value);
        } else if (const auto fields = PositionalFields::of_named_tuple(in);
                   fields && fields->size() == field_count(value)) {
            return read_positional(in, *fields, value);
        }
        read_named(in, value);
    }

  private:
    static void emit_fields(Emitter& out, const T& value, const auto& announce) {
        for_each_field(value, [&](std::string_view name, const auto& field) {
            announce(name);
            jl::emit(out, field);
        });
    }
    static void emit_positional(Emitter& out, const T& value) {
        constexpr bool call = Form::python_form == PythonForm::arguments;
        const ClassPath path = class_path_of(Form::python_class());
        out.begin_call(call ? Emitter::Call::reduce : Emitter::Call::newobj);
        out.class_ref(path.module, path.name);
        out.begin(Container::tuple, call ? field_count(value) : 0);
        if constexpr (call) emit_fields(out, value, [](std::string_view) {});
        out.end();
        out.called();
        if constexpr (!call) {
            out.begin_state();
            out.begin(Container::list, field_count(value));
            emit_fields(out, value, [](std::string_view) {});
            out.end();
            out.end_state();
        }
        out.end_call();
    }

    static void read_named(const Record& in, T& value) {
        bool older = false;
        [[maybe_unused]] unsigned from = 0;
        if constexpr (Form::has_version) {
            from = version_of(in, Form::version);
            older = Form::migrates && from < Form::version;
        }
        for_each_field(value, [&](std::string_view name, auto& field) {
            if (const auto found = find_field<T>(in, name))
                read_into_field(*found, field);
            else
                read_missing(in, name, field, older);
        });
        if constexpr (Form::migrates) {
            if (older) return Schema<T>::migrate(value, from, in);
        }
        if (in.loading().refuse_unknown_fields()) refuse_unknown(in, value);
    }
    static void read_positional(const Record& in, const PositionalFields& fields, T& value) {
        std::size_t index = 0;
        for_each_field(value, [&](std::string_view name, auto& field) {
            if (index < fields.size())
                read_into_field(fields[index], field);
            else
                read_missing(in, name, field, false);
            ++index;
        });
        if (fields.size() > index && in.loading().refuse_unknown_fields())
            in.fail(ErrorCode::unknown_field, std::to_string(fields.size()) +
                                                  " fields are there, the type that is loaded has " +
                                                  std::to_string(index));
    }
    template <class Field>
    static void empty(Field& field) {
        if constexpr (std::is_const_v<Field> || std::is_move_assignable_v<Field>)
            set_field(field, {});
        else
            field.reset();  // an optional of what has const members
    }
    // `older`: migrate() follows and sees what is missing.
    template <class Field>
    static void read_missing(const Record& in, std::string_view name, Field& field, bool older) {
        if (older) return;
        if constexpr (may_be_missing<std::remove_const_t<Field>>)
            empty(field);
        else if constexpr (!Form::defaults)
            in.fail(ErrorCode::missing, "the field '" + std::string(name) + "' is not there");
    }
};

}  // namespace detail

template <detail::Structure T>
struct Mapping<T> {
    static constexpr bool jl_structure = true;  // a mapping of the user's own for T has none
    static void emit(Emitter& out, const T& value) { detail::StructFields<T>::emit(out, value, {}); }
    static void read(const Record& in, T& value) { detail::StructFields<T>::read(in, value); }
    static void places(ArrayPlaces& places) {
        if constexpr (requires { T{}; }) {
            static const T example{};
            detail::for_each_field(example, [&]<class F>(std::string_view, const F&) { collect_places<F>(places); });
        }
    }
};

}  // namespace jl
