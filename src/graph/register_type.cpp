#include <deque>
#include <mutex>

#include <jl/detail/object_record.hpp>
#include <jl/register_type.hpp>

#include "graph/type_name.hpp"

namespace jl::detail {

namespace {

struct Registry {
    std::mutex lock;
    std::deque<PolymorphicType> types;  // references stay valid
};

Registry& registry() {
    static Registry table;
    return table;
}

}  // namespace

void register_polymorphic(PolymorphicType type) {
    Registry& table = registry();
    const std::lock_guard lock(table.lock);
    if (type.name.empty())
        throw Error(ErrorCode::usage, "register_type: the name of " + type_name(*type.type) + " is empty");
    for (const PolymorphicType& known : table.types) {
        if (*known.base != *type.base) continue;
        const bool same_name = known.name == type.name, same_type = *known.type == *type.type;
        if (same_name && same_type) return;
        if (same_name)
            throw Error(ErrorCode::usage,
                        "register_type: the name '" + type.name + "' is taken by " + type_name(*known.type));
        if (same_type)
            throw Error(ErrorCode::usage,
                        "register_type: " + type_name(*type.type) + " is registered as '" + known.name + "' already");
    }
    table.types.push_back(std::move(type));
}

const PolymorphicType& polymorphic_by_type(const std::type_info& base, const std::type_info& type) {
    Registry& table = registry();
    const std::lock_guard lock(table.lock);
    for (const PolymorphicType& known : table.types)
        if (*known.base == base && *known.type == type) return known;
    throw Error(ErrorCode::type, type_name(type) + " is not registered below " + type_name(base) +
                                     ": call jl::register_type<" + type_name(type) + ", " + type_name(base) +
                                     ">(\"a.Name\") first");
}

namespace {

// Where nothing but the class tells it: the object was written by Python, or as slots, values or arguments.
const PolymorphicType* find_by_class(const Record& in, const std::type_info& base) {
    Registry& table = registry();
    const std::lock_guard lock(table.lock);
    const PolymorphicType* found = nullptr;
    for (const PolymorphicType& known : table.types) {
        if (*known.base != base || known.python_class.empty() || !is_of_class(in, known.python_class)) continue;
        if (found)
            in.fail(ErrorCode::type, "the class " + in.class_name() + " may be " + type_name(*found->type) + " or " +
                                         type_name(*known.type));
        found = &known;
    }
    return found;
}

}  // namespace

const PolymorphicType* find_polymorphic(const Record& in, const std::type_info& base) {
    if (!in.is_mapping()) in.fail_kind("an object");
    const auto name = in.field(type_attribute);
    if (!name) return find_by_class(in, base);
    Registry& table = registry();
    const std::lock_guard lock(table.lock);
    for (const PolymorphicType& known : table.types)
        if (*known.base == base && known.name == name->text()) return &known;
    name->fail(ErrorCode::type,
               "the type '" + std::string(name->text()) + "' is not registered below " + type_name(base));
}

const PolymorphicType& polymorphic_by_record(const Record& in, const std::type_info& base) {
    if (const PolymorphicType* known = find_polymorphic(in, base)) return *known;
    in.fail(ErrorCode::missing,
            "the object has no __jl_type__ that says which class below " + type_name(base) + " it is" +
                (in.class_name().empty() ? "" : ", and no class there is " + in.class_name() + " in Python"));
}

}  // namespace jl::detail
