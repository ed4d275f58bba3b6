#include "jlunpack/table.hpp"

#include <jl/error.hpp>

namespace jl::unpack {

std::optional<DataFrame> table_of(const Value& value) {
    if (value.kind() != Kind::object) return std::nullopt;
    const std::string name = value.class_name();
    if (!name.starts_with("pandas.") || !(name.ends_with(".DataFrame") || name.ends_with(".Series")))
        return std::nullopt;
    try {
        return DataFrame(value);
    } catch (const Error&) {
        return std::nullopt;
    }
}

}  // namespace jl::unpack
