#include <jl/detail/structured_items.hpp>

namespace jl::detail {

namespace {

void refuse_unknown(const Record& in, const DType& there, const DType& wanted, std::span<const Alias> aliases) {
    for (const DTypeField& field : there.fields()) {
        const auto is_older_name = [&](const Alias& alias) { return alias.older_name == field.name; };
        if (!wanted.field(field.name) && std::ranges::none_of(aliases, is_older_name))
            in.fail(ErrorCode::unknown_field, "the field '" + field.name + "' is unknown to the type that is loaded");
    }
}

}  // namespace

StructuredMatch match_structure(const Record& in, const DType& wanted, std::span<const Alias> aliases, bool defaults) {
    const DType& there = in.array().dtype();
    if (there.is_structure() && in.loading().refuse_unknown_fields()) refuse_unknown(in, there, wanted, aliases);
    const auto is_there = [&](const DTypeField& field) { return there.field(field.name) != nullptr; };
    if (!there.is_structure() || std::ranges::all_of(wanted.fields(), is_there)) return {wanted, {}};
    StructuredMatch match;
    std::vector<DTypeField> found;
    for (DTypeField field : wanted.fields()) {
        const auto older = std::ranges::find_if(aliases, [&](const Alias& alias) {
            return !is_there(field) && alias.field == field.name && there.field(alias.older_name);
        });
        if (older == aliases.end() && !is_there(field)) {
            if (!defaults) return {wanted, {}};  // the copy names the field that is missing
            match.missing.push_back(std::move(field));
            continue;
        }
        if (older != aliases.end()) field.name = older->older_name;
        found.push_back(std::move(field));
    }
    match.dtype = DType::structure(std::move(found), wanted.itemsize(), false);
    return match;
}

}  // namespace jl::detail
