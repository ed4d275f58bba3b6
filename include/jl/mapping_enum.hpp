// Enums: as integers; by name, or as members of a Python enum, where jl::Schema<E> asks for it.
//
//     enum class Color { red = 1, green = 2 };
//     template <> struct jl::Schema<Color> {
//         static constexpr bool by_name = true;                            // Python: 'red'
//         static constexpr std::string_view python_class = "acme.Color";   // or this, Python: Color.RED
//     };
//
// Reading takes an integer, a member of a Python enum, and a name where names are known: by_name, Schema<E>::names,
// BOOST_DESCRIBE_ENUM or a python_class. A name that no enumerator has is Error{range} and says which there are; so is,
// by_name, a value without a name, on the way out too. Names come from the compiler for values of -128 to 127 (0 to
// 255 where the underlying type is unsigned).
#pragma once

#include <concepts>
#include <cstdint>
#include <type_traits>

#include <jl/detail/class_path.hpp>
#include <jl/detail/enum_names.hpp>
#include <jl/mapping.hpp>

namespace jl {

template <class E>
requires std::is_enum_v<E> &&(!std::same_as<E, std::byte>)struct Mapping<E> {
    static void emit(Emitter& out, E value) {
        if constexpr (Form::named) {
            const detail::ClassPath path = detail::class_path_of(Form::python_class());
            out.begin_call(Emitter::Call::reduce);
            out.class_ref(path.module, path.name);
            out.begin(Container::tuple, 1);
            emit_plain(out, value);
            out.end();
            out.called();
            out.end_call();
        } else {
            emit_plain(out, value);
        }
    }

    static void read(const Record& in, E& value) {
        if (in.kind() != Kind::object && !Form::require_class) return read_plain(in, value);
        const detail::EnumMember member =
            detail::enum_member(in, Form::require_class ? Form::python_class() : std::string_view());
        if (!member.by_name) return read_plain(member.what, value);
        if constexpr (Names::known)
            value = static_cast<E>(Names::table().value_of_member(member.what, member.what.text()));
        else
            member.what.fail(ErrorCode::type,
                             "the member of a Python enum is told by its name, and the names of the "
                             "type that is loaded are not known: set jl::Schema<E>::by_name");
    }

  private:
    using Integer = std::underlying_type_t<E>;
    using Names = detail::EnumNames<E>;
    using Form = detail::CheckedSchema<E>;

    static void emit_plain(Emitter& out, E value) {
        if constexpr (Names::by_name)
            out.text(Names::table().name_of(static_cast<std::int64_t>(value)));
        else
            jl::emit(out, static_cast<Integer>(value));
    }
    static void read_plain(const Record& in, E& value) {
        if constexpr (Names::known) {
            if (in.kind() == Kind::text) {
                value = static_cast<E>(Names::table().value_of(in, in.text()));
                return;
            }
        }
        Integer number{};
        jl::read(in, number);
        if constexpr (Names::by_name) Names::table().check(in, static_cast<std::int64_t>(number));
        value = static_cast<E>(number);
    }
};

}  // namespace jl
