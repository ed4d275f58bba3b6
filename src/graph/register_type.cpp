#include <cstdlib>
#include <cxxabi.h>
#include <deque>
#include <memory>
#include <mutex>

#include <jl/register_type.hpp>

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

std::string readable(const std::type_info& type) {
    int status = 0;
    const std::unique_ptr<char, void (*)(void*)> name(abi::__cxa_demangle(type.name(), nullptr, nullptr, &status),
                                                      std::free);
    return status == 0 && name ? name.get() : type.name();
}

}  // namespace

void register_polymorphic(PolymorphicType type) {
    Registry& table = registry();
    const std::lock_guard lock(table.lock);
    if (type.name.empty())
        throw Error(ErrorCode::usage, "register_type: the name of " + readable(*type.type) + " is empty");
    for (const PolymorphicType& known : table.types) {
        if (*known.base != *type.base) continue;
        const bool same_name = known.name == type.name, same_type = *known.type == *type.type;
        if (same_name && same_type) return;
        if (same_name)
            throw Error(ErrorCode::usage,
                        "register_type: the name '" + type.name + "' is taken by " + readable(*known.type));
        if (same_type)
            throw Error(ErrorCode::usage,
                        "register_type: " + readable(*type.type) + " is registered as '" + known.name + "' already");
    }
    table.types.push_back(std::move(type));
}

const PolymorphicType& polymorphic_by_type(const std::type_info& base, const std::type_info& type) {
    Registry& table = registry();
    const std::lock_guard lock(table.lock);
    for (const PolymorphicType& known : table.types)
        if (*known.base == base && *known.type == type) return known;
    throw Error(ErrorCode::type, readable(type) + " is not registered below " + readable(base) +
                                     ": call jl::register_type<" + readable(type) + ", " + readable(base) +
                                     ">(\"a.Name\") first");
}

const PolymorphicType* find_polymorphic(const Record& in, const std::type_info& base) {
    if (!in.is_mapping()) in.fail_kind("an object");
    const auto name = in.field("__jl_type__");
    if (!name) return nullptr;
    Registry& table = registry();
    const std::lock_guard lock(table.lock);
    for (const PolymorphicType& known : table.types)
        if (*known.base == base && known.name == name->text()) return &known;
    name->fail(ErrorCode::type,
               "the type '" + std::string(name->text()) + "' is not registered below " + readable(base));
}

const PolymorphicType& polymorphic_by_record(const Record& in, const std::type_info& base) {
    if (const PolymorphicType* known = find_polymorphic(in, base)) return *known;
    in.fail(ErrorCode::missing,
            "the object has no __jl_type__ that says which class below " + readable(base) + " it is");
}

}  // namespace jl::detail
