// What the names of fields and enumerators do not say: specialise jl::Schema for a structure or an enum of yours.
//
//     template <> struct jl::Schema<Model> {
//         static constexpr std::string_view python_class = "acme.models.Model";       // an instance of it in Python
//         static constexpr bool defaults = true;                                      // missing: keep the initialiser
//         static constexpr std::array aliases{jl::Alias{"score", "accuracy"}};        // field, its name in older files
//     };
//
// Every member may be left out. A Schema holds for its own type; one that is to hold for a derived structure too is
// inherited: struct jl::Schema<Derived> : jl::Schema<Base>.
#pragma once

#include <string_view>

namespace jl {

// Of a structure T:
//     std::string_view python_class   "module.Name" or, inside another class, "module:Outer.Inner"; Python makes the
//                                     object without __init__. Default: types.SimpleNamespace
//     PythonForm python_form          how that class takes its fields. Default: attributes
//     bool require_class              true: only objects of python_class are read. Default: any object, any dict
//     bool defaults                   true: a field that is missing keeps its initialiser. Default: Error{missing}
//     std::array<Alias, N> aliases    fields that have another name in older files
//     unsigned version                is written as the attribute __jl_version__ (0 is not written); a file with a
//                                     higher one is refused
//     static void migrate(T& value, unsigned from, const jl::Record& in)
//                                     called after the fields of an older version were read
//
// Of an enum E:
//     bool by_name                    true: written as the enumerator's name. Default: as an integer
//     std::array<Enumerator<E>, N> names
//                                     the names to use; an enumerator that stands twice is written by the first one.
//                                     Default: those of BOOST_DESCRIBE_ENUM, else what the compiler says
//     std::string_view python_class   a Python enum: written as a call of it with the value, by_name with the name
//     bool require_class              true: only members of python_class are read
template <class T>
struct Schema {};

struct Alias {
    std::string_view field;
    std::string_view older_name;
};

template <class E>
struct Enumerator {
    E value;
    std::string_view name;
};
template <class E>
Enumerator(E, std::string_view) -> Enumerator<E>;

// How Python puts the fields into an object of the named class.
enum class PythonForm : unsigned char {
    attributes,  // into __dict__: ordinary classes, dataclasses (frozen ones too), estimators of scikit-learn
    slots,       // one by one: classes with __slots__, dataclass(slots=True)
    values,      // as a list without names, to __setstate__: dataclass(slots=True, frozen=True)
    arguments,   // as arguments of a call in order of declaration: namedtuple, classes whose __init__ has to run
};

}  // namespace jl
