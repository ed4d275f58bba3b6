#include <string>

#include <jl/detail/class_path.hpp>
#include <jl/error.hpp>

#include "pickle/machine.hpp"

namespace jl::detail {

ClassPath class_path_of(std::string_view path) {
    const ClassPath parts = split_class_path(path);
    if (parts.name.empty() || !is_python_utf8(path))
        throw Error(ErrorCode::usage, "'" + std::string(path.substr(0, 200)) +
                                          "' is not a class path like 'module.Name' or 'module:Outer.Inner'");
    return parts;
}

}  // namespace jl::detail
