// The name that Python 3 knows a class or function by.
//
//     python3_name({"__builtin__", "xrange"})  ==  {"builtins", "range"}
//
// Protocols 0 to 2 spell the names of Python 2, also when Python 3 writes them, so a reader of those protocols
// translates. Known are the modules and names whose objects are data; others stay as they are. Thread-safe.
#pragma once

#include <string_view>

namespace jl {

struct PythonName {
    std::string_view module;
    std::string_view name;
    friend bool operator==(const PythonName&, const PythonName&) = default;
};

PythonName python3_name(const PythonName& name) noexcept;

}  // namespace jl
